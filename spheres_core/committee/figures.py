"""Decides which numbers of a committee's figures are published, and of which periods.

Each figure has one division, and no sum of it is published: what is hidden is none or fewer than the smallest, whatever
else is known. Complementary suppression below sums that are shown holds against subtraction only: who also knows by
which rule numbers are hidden works out small ones, since which of the others are hidden depends on them.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from itertools import pairwise

from msgspec import Struct

Cell = tuple[str, ...]
"""Codes by which is counted."""


class Period(Struct, frozen=True):
    """The first and the last day of what is counted, both within."""

    first: dt.date
    last: dt.date


def publishable(found: Mapping[Cell, Collection[object]], smallest: int) -> dict[Cell, int]:
    """Returns the numbers that may be shown: of how many persons, where these are as many as the smallest number."""
    counts = {cell: len(set(persons)) for cell, persons in sorted(found.items())}
    return {cell: count for cell, count in counts.items() if count >= smallest}


def ended_periods(today: dt.date, months: int, many: int) -> list[Period]:
    """Returns whole periods of so many months that have ended, the latest first; a year is one of the calendar."""
    month = today.year * 12 + today.month - 1
    begin = month - month % months
    firsts = [_first_day(begin - months * number) for number in range(many + 1)]
    return [Period(first, after - dt.timedelta(days=1)) for after, first in pairwise(firsts)]


def _first_day(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)
