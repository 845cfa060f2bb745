"""Opening hours: a small part of RFC 5545, evaluated in the service's own time zone.

Only what a service's hours need: every day, or some days of the week. More would invite rules
nobody can read.
"""

import datetime as dt
import re
from collections.abc import Sequence
from zoneinfo import available_timezones

from spheres_core.facts import Message, msg
from spheres_core.partners.schemas import Hours

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RULE = re.compile(
    r"FREQ=DAILY|FREQ=WEEKLY;BYDAY=(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*"
)
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
_MINUTES_A_DAY = 24 * 60


def can_read(hours: Hours) -> bool:
    """Is this a rule and a span that `is_open` understands?"""
    return bool(
        _RULE.fullmatch(hours.rule)
        and _TIME.fullmatch(hours.opens)
        and _TIME.fullmatch(hours.closes)
    )


def is_zone(name: str) -> bool:
    """Is this the IANA name of a time zone, such as `America/Toronto`?"""
    return name in available_timezones()


def is_open(hours: Sequence[Hours], local: dt.datetime) -> bool | None:
    """Is it open at this local time? None when no hours are stated."""
    if not hours:
        return None
    return any(_open(each, local) for each in hours)


def round_the_clock(hours: Sequence[Hours]) -> bool:
    """Open at every hour of every day of the year."""
    return any(each.rule == "FREQ=DAILY" and _span(each) == (0, _MINUTES_A_DAY) for each in hours)


def in_words(hours: Sequence[Hours]) -> Message | None:
    """The hours in a short sentence, or None when they are not stated or differ by day."""
    if round_the_clock(hours):
        return msg("Day and night, every day of the year")
    if len(hours) == 1 and hours[0].rule == "FREQ=DAILY":
        return msg("Every day, {opens} to {closes}", opens=hours[0].opens, closes=hours[0].closes)
    return None


def _open(hours: Hours, local: dt.datetime) -> bool:
    start, end = _span(hours)
    minute = local.hour * 60 + local.minute
    if start < end:
        return _falls_on(hours.rule, local.weekday()) and start <= minute < end
    evening = _falls_on(hours.rule, local.weekday()) and minute >= start
    after_midnight = _falls_on(hours.rule, (local.weekday() - 1) % 7) and minute < end
    return evening or after_midnight


def _falls_on(rule: str, weekday: int) -> bool:
    _, _, days = rule.partition("BYDAY=")
    return not days or DAYS[weekday] in days.split(",")


def _span(hours: Hours) -> tuple[int, int]:
    return _minutes(hours.opens), _minutes(hours.closes)


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)
