"""Entries as they are read."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct


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
    standings: list[UUID] | None
    """Standings that let a participant's information be shown."""
    entries: list[UUID | None] | None
    """Lines of consents that did."""


class Parked(Struct, frozen=True):
    """A delivery that was given up on. No words of a case."""

    entry_id: UUID
    recipient: str
    attempts: int
    parked_at: dt.datetime
    error: str | None
    """The kind of error and its place in the code."""
    verb: str
    """Of the entry that it is owed for."""
    at: dt.datetime
    """When that happened."""


class ParkedDeliveries(Struct, frozen=True):
    """The deliveries that were given up on, the latest first."""

    deliveries: list[Parked]


class TakenUp(Struct, frozen=True):
    """How many deliveries will be tried again."""

    taken_up: int


class TryAgainPosted(Struct, frozen=True):
    """Which delivery to take up again."""

    entry: UUID
    recipient: Annotated[str, Meta(max_length=200)]
