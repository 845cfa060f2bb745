"""Dates and times in rules: texts into moments and back, as days since 1970, each the same in `static/dates.js`."""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import lru_cache
from typing import Final, NamedTuple

DAY: Final = 86_400_000
"""Milliseconds."""
EARLIEST: Final = -62_135_596_800_000
"""Milliseconds from 1970 back to the year 1."""
LATEST: Final = 253_402_300_800_000
"""Milliseconds from 1970 to the year 10000."""
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS: Final = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")

_WRITTEN: Final = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_TIME: Final = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?")
_TIME_OF_DAY: Final = re.compile(r"([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)(Z|[+-][0-9]{2}:[0-9]{2})?")
SHORTEST_TIME: Final = 8
"""Characters of the shortest text that is read as a date."""
_LONGEST_WRITTEN: Final = 48


class Moment(NamedTuple):
    """A date or a date and time, in a zone."""

    time: float
    """Milliseconds since 1970 in UTC; not a number when there is no such moment."""
    offset: int = 0
    """Minutes that its zone is ahead of UTC."""
    in_days: bool = False
    """It is written as whole days since 1970: what `number()` makes of a date."""
    blank: bool = False
    """It was made of nothing."""


class Clock(NamedTuple):
    """When and where rules are evaluated."""

    today: str
    """ISO date."""
    now: float
    """Milliseconds since 1970 in UTC."""
    offset: int
    """Minutes that the zone is ahead of UTC at this moment; all dates without a zone are read with it."""
    seed: str = ""
    """The seed that `random()` draws from, with the place of the rule."""


def clock_of_day(today: str) -> Clock:
    """Returns the clock of a day that begins now, in UTC."""
    time = time_of(today, 0)
    return Clock(today, 0.0 if time is None else time, 0, today)


def at_midnight(clock: Clock) -> Clock:
    """Returns the clock at the beginning of its day."""
    ahead = clock.offset * 60_000.0
    return clock._replace(now=math.floor((clock.now + ahead) / 86_400_000.0) * 86_400_000.0 - ahead)


def clock_at(moment: dt.datetime) -> Clock:
    """Returns the clock of a moment in its zone."""
    ahead = moment.utcoffset() or dt.timedelta()
    today = moment.date().isoformat()
    return Clock(today, float(int(moment.timestamp() * 1000)), int(ahead.total_seconds() // 60), today)


def time_of(text: str, offset: int) -> float | None:
    """Returns the milliseconds since 1970 of a written date or date and time, or None when it is none."""
    if not SHORTEST_TIME <= len(text) <= _LONGEST_WRITTEN or text[4] != "-":
        return None
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if not (1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
        return None
    ahead = offset if found[5] is None else _zone_offset(found[5])
    clock_time = 0 if found[4] is None else _time_of_day(found[4])
    if ahead is None or clock_time is None:
        return None
    return float(days_of(year, month, day) * DAY + clock_time - ahead * 60_000)


@lru_cache(maxsize=64)
def beginning_of(today: str, offset: int) -> Moment:
    """Returns the moment at which a day begins."""
    return Moment(time_of(today, offset) or 0.0, offset)


def moment_of_days(days: float, offset: int) -> Moment:
    """Returns the moment so many days after the beginning of 1970 in UTC."""
    time = days * DAY
    if not EARLIEST <= time < LATEST:
        return Moment(math.nan, offset)
    return Moment(float(math.trunc(time)), offset)


def moment_text(moment: Moment) -> str:
    """Returns a moment as it is written: the date alone at the beginning of a day."""
    if moment.blank:
        return ""
    if math.isnan(moment.time):
        return "Invalid Date"
    if moment.in_days:
        return str(math.floor(moment.time / DAY))
    day, time = divmod(int(moment.time) + moment.offset * 60_000, DAY)
    year, month, day_of_month = date_of(day)
    written = f"{year:04d}-{month:02d}-{day_of_month:02d}"
    if time == 0:
        return written
    seconds, milliseconds = divmod(time, 1000)
    hours, minutes = divmod(abs(moment.offset), 60)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{milliseconds:03d}"
    return f"{written}T{clock}{'-' if moment.offset < 0 else '+'}{hours:02d}:{minutes:02d}"


def formatted(moment: Moment, pattern: str) -> str:
    """Returns a moment in the words of a pattern such as `%d %b %Y`; nothing when there is none."""
    if math.isnan(moment.time):
        return ""
    day, time = divmod(int(moment.time) + moment.offset * 60_000, DAY)
    year, month, day_of_month = date_of(day)
    seconds, milliseconds = divmod(time, 1000)
    hour, minute = seconds // 3600, seconds // 60 % 60
    parts = {
        "%": "%",
        "Y": f"{year:04d}",
        "y": f"{year:04d}"[-2:],
        "m": f"{month:02d}",
        "n": str(month),
        "b": MONTHS[month - 1],
        "d": f"{day_of_month:02d}",
        "e": str(day_of_month),
        "H": f"{hour:02d}",
        "h": str(hour),
        "M": f"{minute:02d}",
        "S": f"{seconds % 60:02d}",
        "3": f"{milliseconds:03d}",
        "a": WEEKDAYS[(day + 4) % 7],
    }
    return re.sub(r"%([%YymnbdeHhMS3a])", lambda found: parts[found[1]], pattern)


FORMAT: Final = re.compile(r"(?:[^%]|%[%YymnbdeHhMS3a])*")
"""A pattern that `formatted` can follow."""


def days_apart(one: Moment, two: Moment) -> int:
    """Returns how many days of the calendar the second is after the first; less than zero when it is before."""
    return _day_of(two) - _day_of(one)


def months_apart(one: Moment, two: Moment) -> int:
    """Returns how many whole months the second is after the first; less than zero when it is before. A month from its
    31st day is whole on the last day of a shorter one."""
    earlier, later = sorted((_day_of(one), _day_of(two)))
    (year, month, day), (last_year, last_month, last_day) = date_of(earlier), date_of(later)
    months = (last_year - year) * 12 + last_month - month
    months -= last_day < min(day, days_in_month(last_year, last_month))
    return months if _day_of(one) == earlier else -months


def _day_of(moment: Moment) -> int:
    return (int(moment.time) + moment.offset * 60_000) // DAY


def part_of_day(text: str, offset: int) -> float:
    """Returns a written time as a part of its day, from 0 to 1, in the zone; not a number when it is none."""
    found = _TIME_OF_DAY.fullmatch(text)
    if found is None:
        return math.nan
    time = _time_of_day(found[1])
    ahead = offset if found[2] is None else _zone_offset(found[2])
    if time is None or ahead is None:
        return math.nan
    return (time + (offset - ahead) * 60_000) % DAY / DAY


def part_of_moment(moment: Moment) -> float:
    """Returns the part of its day at which a moment is."""
    if math.isnan(moment.time):
        return math.nan
    return (int(moment.time) + moment.offset * 60_000) % DAY / DAY


def _time_of_day(written: str) -> int | None:
    found = _TIME.fullmatch(written)
    assert found is not None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return ((hour * 60 + minute) * 60 + second) * 1000 + int((found[4] or "0").ljust(3, "0")[:3])


def _zone_offset(written: str) -> int | None:
    if written == "Z":
        return 0
    hours, minutes = int(written[1:3]), int(written[4:6])
    if hours > 23 or minutes > 59:
        return None
    return (hours * 60 + minutes) * (-1 if written[0] == "-" else 1)


def days_in_month(year: int, month: int) -> int:
    """Returns the last day of a month of the Gregorian calendar."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def days_of(year: int, month: int, day: int) -> int:
    """Returns the days from 1970-01-01 to a date. Years begin in March here, so that February is the last month."""
    if month <= 2:
        year -= 1
    era, of_era = divmod(year, 400)
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def date_of(days: int) -> tuple[int, int, int]:
    """Returns year, month and day of the date so many days after 1970-01-01."""
    era, of_era = divmod(days + 719_468, 146_097)
    year_of_era = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year_of_era + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1
