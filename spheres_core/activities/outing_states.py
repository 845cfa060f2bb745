"""Decides what may become of an outing, and in which season its day is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from spheres_core.activities.schemas.outings import OutingState, SeasonName

NEXT: Final[Mapping[OutingState, tuple[OutingState, ...]]] = {
    "planned": ("held", "called_off"),
    "held": (),
    "called_off": (),
}
"""By state, the states that may follow."""
_SEASONS: Final[tuple[SeasonName, ...]] = ("winter", "spring", "summer", "autumn")


def season_of(day: dt.date) -> tuple[int, SeasonName]:
    """Returns the season of a day, with the year in which it begins: a winter begins in December."""
    name = _SEASONS[day.month % 12 // 3]
    return (day.year - 1 if day.month < 3 else day.year), name


def season_days(year: int, name: SeasonName) -> tuple[dt.date, dt.date]:
    """Returns the first day of a season and the first day after it."""
    at = _SEASONS.index(name)
    first = dt.date(year, 12, 1) if at == 0 else dt.date(year, at * 3, 1)
    return first, dt.date(year + 1, 3, 1) if at == 0 else dt.date(year, at * 3 + 3, 1)
