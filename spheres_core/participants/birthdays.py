"""The birthdays from which something is different, and when each step about them is due. They change no status."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.ages import completed_years

Step = Literal["prepare", "decide"]
"""Months ahead, and on the day."""
CATCH_UP: Final = dt.timedelta(days=31)
"""For how long after a birthday its step is still raised, when nothing ran on the day."""
_CONSENTS: Final = msg("Who consents: what others consented to for her is asked of her again.")
_PARENTS: Final = msg("What parents may know: she decides it.")
_PARTNERS: Final = msg("Partners and services: which go on at her age, and which begin.")
CHECKS: Final[Mapping[int, tuple[Message, ...]]] = {
    14: (_CONSENTS, _PARENTS),
    18: (_CONSENTS, _PARENTS, msg("Youth protection: what ends, and what takes its place."), _PARTNERS),
    25: (_PARTNERS, msg("The time after the program, planned with her. Nothing ends by itself.")),
}
"""By age, what is looked at with her."""


class DueStep(Struct, frozen=True):
    """A step that is due about one birthday."""

    age: int
    step: Step


def birthday_at(born: dt.date, age: int, *, leap_day_birthday: str) -> dt.date:
    """Returns the day on which somebody is so many completed years old. `leap_day_birthday`: 02-28 or 03-01."""
    year = born.year + age
    if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
        month, day = (int(part) for part in leap_day_birthday.split("-"))
        return dt.date(year, month, day)
    return dt.date(year, born.month, born.day)


def months_before(day: dt.date, months: int) -> dt.date:
    """Returns the same day so many months before; the last of its month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def due_steps(
    born: dt.date, today: dt.date, *, months_ahead: Mapping[int, int], leap_day_birthday: str
) -> Iterator[DueStep]:
    """Yields the steps that are due today. `months_ahead`: by age, how long before it is prepared."""
    for age in CHECKS:
        birthday = birthday_at(born, age, leap_day_birthday=leap_day_birthday)
        if months_before(birthday, months_ahead[age]) <= today < birthday:
            yield DueStep(age, "prepare")
        elif birthday <= today <= birthday + CATCH_UP:
            assert completed_years(born, today, leap_day_birthday=leap_day_birthday) == age
            yield DueStep(age, "decide")
