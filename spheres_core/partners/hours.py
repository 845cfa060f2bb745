"""Opening hours: days by a rule of RFC 5545, local clock times, in the service's own time zone."""

import datetime as dt
import re
from collections.abc import Sequence

from spheres_core.facts import Message, msg
from spheres_core.partners.recurrence import DAYS, falls_on, is_every_day, problem_with
from spheres_core.partners.schemas.directory import Hours

__all__ = ["DAYS", "can_read", "is_open", "round_the_clock", "why_unreadable"]

_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
_MINUTES_A_DAY = 24 * 60


def can_read(hours: Hours) -> bool:
    """Returns whether these are a rule and a span that `is_open` understands."""
    return why_unreadable(hours) is None


def why_unreadable(hours: Hours) -> Message | None:
    """Returns why nobody could say when it is open, or None."""
    for clock in (hours.opens, hours.closes):
        if not _TIME.fullmatch(clock):
            return msg("{value} is not a time such as 08:30.", value=clock)
    return problem_with(hours)


def is_open(hours: Sequence[Hours], local: dt.datetime) -> bool | None:
    """Returns whether it is open at this local time; None when no hours are stated. A day that any of them names in
    `without` is closed for all of them: a holiday is written once."""
    if not hours:
        return None
    closed = {day for each in hours for day in each.without}
    return any(_open(each, local, closed) for each in hours)


def round_the_clock(hours: Sequence[Hours]) -> bool:
    """Returns whether it is open at every hour of every day of the year."""
    return any(is_every_day(each) and _span(each) == (0, _MINUTES_A_DAY) for each in hours) and not any(
        each.without for each in hours
    )


def _open(hours: Hours, local: dt.datetime, closed: set[dt.date]) -> bool:
    start, end = _span(hours)
    minute = local.hour * 60 + local.minute
    today, before = local.date(), local.date() - dt.timedelta(days=1)
    if start < end:
        return start <= minute < end and _begins(hours, today, closed)
    return (minute >= start and _begins(hours, today, closed)) or (minute < end and _begins(hours, before, closed))


def _begins(hours: Hours, day: dt.date, closed: set[dt.date]) -> bool:
    return (day not in closed or day in hours.also) and falls_on(hours, day)


def _span(hours: Hours) -> tuple[int, int]:
    return _minutes(hours.opens), _minutes(hours.closes)


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)
