"""Periods of reports about persons: whole ones of the calendar that have ended, no two of which overlap.

Hiding small groups does not protect against differencing: who may choose any two days takes "1 to 29 June" from "1 to
30 June" and knows what was noted of the one person of 30 June. Statistical offices meet this by one standard
classification for everybody (*Handbook on Statistical Disclosure Control*, sections 5.2 and 5.3,
https://sdctools.github.io/HandbookSDC/05-frequency-tables.html). Here it is one division of time for each region.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from spheres_core.foundation.content import ended_periods as calendar
from spheres_core.site.settings import CalendarUnit

_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12, "fiscal_year": 12}
_FIRST_MONTH: Final = {"month": 1, "quarter": 1, "year": 1, "fiscal_year": 4}
_EARLIEST: Final = dt.date(1900, 1, 1)


class Period(Struct, frozen=True):
    """The first and the last day of a report, both within; None where it has no end."""

    since: dt.date | None = None
    until: dt.date | None = None


def period_around(day: dt.date, unit: CalendarUnit) -> Period:
    """Returns the period of the calendar in which a day lies."""
    found = calendar.period_around(day, _MONTHS[unit], first_month=_FIRST_MONTH[unit])
    return Period(found.first, found.last)


def ended_periods(today: dt.date, unit: CalendarUnit) -> Iterator[Period]:
    """Yields the periods that have ended, the latest first."""
    period = period_around(today, unit)
    while period.since is not None and period.since > _EARLIEST:
        period = period_around(period.since - dt.timedelta(days=1), unit)
        yield period


def latest_period(today: dt.date, unit: CalendarUnit) -> Period:
    """Returns the latest period that has ended."""
    return next(ended_periods(today, unit))


def whole_period(asked: Period, today: dt.date, unit: CalendarUnit) -> Period | None:
    """Returns the period asked for by its first day, or by both; None for one that is not whole or has not ended."""
    if asked.since is None or not _EARLIEST <= asked.since < today:
        return None
    found = period_around(asked.since, unit)
    ended = found.until is not None and found.until < today
    return found if ended and asked in (found, Period(found.since)) else None
