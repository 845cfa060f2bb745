"""Ages in completed years, and the same day in other years."""

import datetime as dt


def completed_years(born: dt.date, on: dt.date, *, leap_day_birthday: str = "03-01") -> int:
    """Returns an age in completed years on a date. A 29 February has it on `leap_day_birthday` in other years."""
    month, day = born.month, born.day
    if (month, day) == (2, 29) and leap_day_birthday == "02-28" and not _is_leap(on.year):
        day = 28
    return on.year - born.year - ((on.month, on.day) < (month, day))


def same_day(day: dt.date, year: int, *, leap_day: str) -> dt.date:
    """Returns the same day in a year; for a 29 February, in a year without one, `leap_day` such as `03-01`."""
    if (day.month, day.day) == (2, 29) and not _is_leap(year):
        return dt.date.fromisoformat(f"{year:04}-{leap_day}")
    return day.replace(year=year)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
