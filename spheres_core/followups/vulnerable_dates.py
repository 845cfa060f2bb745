"""Decides when a date that makes need rise comes next, and from which day on help is offered."""

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.followups.schemas.vulnerable_dates import DateKind, Repeats

KINDS: Final[Mapping[DateKind, Message]] = {
    "rent": msg("Rent is due"),
    "leaving_placement": msg("She leaves a placement"),
    "court": msg("A day in court"),
    "anniversary": msg("An anniversary that weighs on her"),
}
REPEATS: Final[Mapping[Repeats, Message]] = {
    "never": msg("Once"),
    "monthly": msg("Every month"),
    "yearly": msg("Every year"),
}
DAYS_AHEAD: Final[Mapping[DateKind, int]] = {"rent": 7, "leaving_placement": 60, "court": 14, "anniversary": 7}
"""Days before each kind from which it stands in the day of whoever follows her."""


def next_day(first: dt.date, repeats: Repeats, today: dt.date) -> dt.date | None:
    """Returns the next day, today included; None when it has passed.

    A month that lacks the day has it on its last one, so that help never comes too late.
    """
    if first >= today:
        return first
    if repeats == "never":
        return None
    months = 1 if repeats == "monthly" else 12
    passed = (today.year - first.year) * 12 + today.month - first.month
    steps = passed // months
    day = _months_later(first, steps * months)
    return day if day >= today else _months_later(first, (steps + 1) * months)


def is_near(kind: DateKind, day: dt.date, today: dt.date) -> bool:
    """Returns whether help is offered for this day by now."""
    return today <= day <= today + dt.timedelta(days=DAYS_AHEAD[kind])


def _months_later(first: dt.date, months: int) -> dt.date:
    years, month = divmod(first.month - 1 + months, 12)
    year = first.year + years
    return dt.date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))
