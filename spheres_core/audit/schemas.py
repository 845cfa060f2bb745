"""Entries as they are read."""

import datetime as dt
from typing import Any
from uuid import UUID

from msgspec import Struct


class Entry(Struct, frozen=True):
    """One line of the trail."""

    id: UUID
    at: dt.datetime
    verb: str
    actor_kind: str
    actor_id: UUID | None
    subject_kind: str | None
    subject_id: UUID | None
    shown: list[UUID] | None
    details: dict[str, Any] | None


class Parked(Struct, frozen=True):
    """A delivery that was given up on."""

    entry_id: UUID
    recipient: str
    attempts: int
    parked_at: dt.datetime
    error: str | None
