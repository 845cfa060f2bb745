"""Says which whole periods have ended: figures are published of these only."""

import datetime as dt
from itertools import pairwise

from msgspec import Struct


class Period(Struct, frozen=True):
    """The first and the last day of what is counted, both within."""

    first: dt.date
    last: dt.date


def ended_periods(today: dt.date, months: int, many: int) -> list[Period]:
    """Returns whole periods of so many months that have ended, the latest first; a year is one of the calendar."""
    month = today.year * 12 + today.month - 1
    begin = month - month % months
    firsts = [_first_day(begin - months * number) for number in range(many + 1)]
    return [Period(first, after - dt.timedelta(days=1)) for after, first in pairwise(firsts)]


def _first_day(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)
