"""Spans of clock times as people write them: `9:00-17:00`, `8 h 30 à 16 h 30`, `9 am to 5 pm`, `midi à minuit`."""

from __future__ import annotations

import re
from typing import Final

_CLOCK: Final = re.compile(
    r"(?P<hour>\d{1,2})(?P<mark>\s*(?::|h|heures?)\s*(?P<minute>\d{2})?)?(?:\s*(?P<half>[ap])\.?\s?m\b\.?)?"
)
_NAMED: Final = {"midi": "12:00", "noon": "12:00", "minuit": "24:00", "midnight": "24:00"}
_LONGEST_NIGHT: Final = 16 * 60
"""Minutes. A longer span over midnight was meant to end in the afternoon: `9-5`."""
_EARLIEST: Final = 6
"""The hour before which a bare number was meant in the afternoon: `1-5`."""
_NOON: Final = 12 * 60
_DAY: Final = 24 * 60
Clock = tuple[int, int, str]
"""Hour, minute, and `a` or `p` where the half of the day is said."""


class ClockUnclear(ValueError):
    """A span is no span of times. `meant`: what it says if it is read as an afternoon; `same`: it closes when it
    opens."""

    def __init__(self, *, meant: str = "", same: bool = False) -> None:
        self.meant = meant
        self.same = same
        super().__init__(meant)


def read_span(opens: str, closes: str) -> tuple[str, str]:
    """Returns two times as `HH:MM`, the second up to `24:00`. Raises `ClockUnclear`."""
    first, last = _clock(opens), _clock(closes)
    if first is None or last is None:
        raise ClockUnclear
    start, end = _minutes(first, None, last), _minutes(last, first, None)
    start = 0 if start == _DAY else start
    if start == end:
        raise ClockUnclear(same=True)
    bare = not any(mark in opens + closes for mark in (":", "h", "m", "i", "o"))
    if bare and start < end and start < _EARLIEST * 60 and end <= _NOON:
        raise ClockUnclear(meant=f"{_plain(start + _NOON)}-{_plain(min(end + _NOON, _DAY))}")
    if end < start <= _NOON and _DAY - start + end >= _LONGEST_NIGHT:
        raise ClockUnclear(meant=f"{_plain(start)}-{_plain(end + _NOON)}")
    return _text(start), _text(end)


def write_clock(clock: str, language: str) -> str:
    """Returns a time as a cell has it: `8 h 30` in French, `08:30` in English."""
    hour, _, minute = clock.partition(":")
    if language != "fr":
        return clock
    return f"{int(hour)} h" if minute == "00" else f"{int(hour)} h {minute}"


def _clock(written: str) -> Clock | None:
    """Returns a time; None when there is no such time."""
    named = _NAMED.get(written.strip())
    found = _CLOCK.fullmatch(named or written.strip())
    if found is None:
        return None
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"] or ""
    if minute > 59 or hour > 24 or (hour == 24 and minute) or (half and not 1 <= hour <= 12):
        return None
    return hour, minute, half


def _minutes(clock: Clock, before: Clock | None, after: Clock | None) -> int:
    """Returns minutes since midnight. A time without `am` or `pm` beside one that has it is of the same half when it
    comes first in it."""
    hour, minute, half = clock
    if not half and after is not None and after[2] and 1 <= hour <= 12:
        half = after[2] if hour % 12 < after[0] % 12 or after[2] == "a" else "a"
    if not half and before is not None and before[2] and 1 <= hour <= 12:
        half = "p"
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + minute


def _plain(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _text(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
