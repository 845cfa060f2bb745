"""Says which whole periods of the calendar have ended: figures are published of these only."""

import datetime as dt

from msgspec import Struct

A_DAY = dt.timedelta(days=1)


class Period(Struct, frozen=True):
    """The first and the last day of what is counted, both within."""

    first: dt.date
    last: dt.date


def period_around(day: dt.date, months: int, *, first_month: int = 1) -> Period:
    """Returns the period in which a day lies, of so many months. `first_month`: the one with which a year begins."""
    month = day.year * 12 + day.month - first_month
    begin = month - month % months + first_month - 1
    return Period(_first_day(begin), _first_day(begin + months) - A_DAY)


def ended_periods(today: dt.date, months: int, many: int) -> list[Period]:
    """Returns whole periods of so many months that have ended, the latest first; a year is one of the calendar."""
    found, period = [], period_around(today, months)
    for _ in range(many):
        period = period_around(period.first - A_DAY, months)
        found.append(period)
    return found


def _first_day(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)
