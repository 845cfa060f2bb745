"""Structs of dates that make need rise."""

import datetime as dt
from typing import Literal
from uuid import UUID

from msgspec import Struct

from spheres_core.followups.schemas.words import Words

DateKind = Literal["rent", "leaving_placement", "court", "anniversary"]
Repeats = Literal["never", "monthly", "yearly"]


class VulnerableDatePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A date that makes need rise, so that help can be offered early."""

    kind: DateKind
    on: dt.date
    """The first or only day."""
    repeats: Repeats = "never"
    note: Words = ""


class VulnerableDate(Struct, frozen=True):
    """A date that makes need rise."""

    id: UUID
    kind: DateKind
    on: dt.date
    repeats: Repeats
    note: str
    next_on: dt.date | None
    """Null when it has passed."""
    help_offered_for: dt.date | None
    """The day for which help was offered last."""
    by: UUID | None
    written_at: dt.datetime


class VulnerableDates(Struct, frozen=True):
    """Dates that make need rise, the next one first."""

    dates: list[VulnerableDate]


class DateAhead(Struct, frozen=True):
    """A date of somebody whom the reader follows that is near, and for which no help was offered yet."""

    id: UUID
    participant: str
    """Her code."""
    kind: DateKind
    on: dt.date


class VulnerableDateFound(Struct, frozen=True):
    """A date's row."""

    id: UUID
    participant_id: UUID
    kind: DateKind
    first_on: dt.date
    repeats: Repeats
    note: bytes | None
    help_offered_for: dt.date | None
    author: UUID | None
    written_at: dt.datetime
