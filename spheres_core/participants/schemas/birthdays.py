"""Structs of what is prepared before a birthday and decided on it."""

import datetime as dt
from uuid import UUID

from msgspec import Struct


class StoredBirthdayTask(Struct, frozen=True):
    """Something to do about a birthday as it is kept."""

    id: UUID
    age: int
    step: str
    dated_on: dt.date
    done_at: dt.datetime | None
    done_by: UUID | None


class BirthdayTask(Struct, frozen=True):
    """Something to look at with her because of a birthday. It changes nothing by itself."""

    id: UUID
    age: int
    """14, 18 or 25."""
    step: str
    """prepare: months ahead; decide: since the day."""
    raised_on: dt.date
    checks: list[str]
    """Sentences in the reader's language."""
    done_at: dt.datetime | None
    done_by: UUID | None


class BirthdayTasks(Struct, frozen=True):
    """Tasks about birthdays, the latest first."""

    tasks: list[BirthdayTask]
