"""Opening hours: days by a rule of RFC 5545, local clock times, in the service's own time zone."""

import datetime as dt
import re
from collections.abc import Sequence

from spheres_core.facts import Message, msg
from spheres_core.partners.recurrence import DAYS, falls_on, is_every_day, problem_with
from spheres_core.partners.schemas.directory import Hours

__all__ = ["DAYS", "can_read", "is_open", "open_until", "opens_next", "round_the_clock", "why_unreadable"]

_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
_MINUTES_A_DAY = 24 * 60
_LOOKED_AHEAD = 7
"""Days in which somebody wants to know when it opens or closes."""


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


def open_until(hours: Sequence[Hours], local: dt.datetime) -> dt.datetime | None:
    """Returns when it closes that is open at this local time; None when it is closed, or open for a week on end."""
    moment = local.replace(tzinfo=None)
    until: dt.datetime | None = None
    for start, end in _spans_around(hours, moment, days=_LOOKED_AHEAD):
        if start <= (until or moment) < end:
            until = end
    return until if until is None or until < moment + dt.timedelta(days=_LOOKED_AHEAD) else None


def opens_next(hours: Sequence[Hours], local: dt.datetime) -> dt.datetime | None:
    """Returns when it opens next that is closed at this local time; None when it is open, or opens in no week."""
    moment = local.replace(tzinfo=None)
    spans = _spans_around(hours, moment, days=_LOOKED_AHEAD)
    if any(start <= moment < end for start, end in spans):
        return None
    return next((start for start, _ in spans if start > moment), None)


def _spans_around(hours: Sequence[Hours], moment: dt.datetime, *, days: int) -> list[tuple[dt.datetime, dt.datetime]]:
    """Returns each span from the day before on, by when it begins."""
    closed = {day for each in hours for day in each.without}
    found = []
    for day in (moment.date() + dt.timedelta(days=step) for step in range(-1, days + 1)):
        midnight = dt.datetime.combine(day, dt.time())
        for each in hours:
            if _begins(each, day, closed):
                start, end = _span(each)
                end += 0 if start < end else _MINUTES_A_DAY
                found.append((midnight + dt.timedelta(minutes=start), midnight + dt.timedelta(minutes=end)))
    return sorted(found)


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
