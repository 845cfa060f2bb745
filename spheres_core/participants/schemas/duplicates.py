"""Structs of participants who could be the same person, and of what was decided of it."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

Alike = Literal["name_and_birthday", "phone", "email"]
"""Where two participants are equal, by their blind indexes."""
Reason = Annotated[str, Meta(max_length=1000, description="Why, in at least 20 characters.")]


class AlikePair(Struct, frozen=True):
    """Two participants who are alike somewhere, the one recorded first before the other."""

    first: UUID
    second: UUID
    alike: tuple[Alike, ...]


class DuplicateProposal(Struct, frozen=True):
    """Two participants who could be the same person. A person decides it."""

    participant: str
    """The code of the one who was recorded first."""
    other: str
    alike: list[Alike]
    """Where they are equal: name_and_birthday, phone or email. Never what it says there."""


class StoredDecision(Struct, frozen=True):
    """A decision as it is kept."""

    id: UUID
    participant_id: UUID
    other_id: UUID
    same: bool
    reason: bytes
    decided_at: dt.datetime
    decided_by: UUID | None


class DuplicateDecision(Struct, frozen=True):
    """Whether two participants are the same person, as somebody decided."""

    id: UUID
    participant: str
    """The code under which her file goes on, where they are the same."""
    other: str
    same: bool
    reason: str
    decided_at: dt.datetime
    decided_by: UUID | None


class DuplicateList(Struct, frozen=True):
    """Who could be the same person among those whom the caller coordinates, and what was decided, the latest first."""

    proposals: list[DuplicateProposal]
    decisions: list[DuplicateDecision]


class DecisionPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Decides whether two participants are the same person. Nothing is moved; each file stays as it is."""

    participant: Annotated[str, Meta(max_length=40)]
    """The code under which her file goes on."""
    other: Annotated[str, Meta(max_length=40)]
    same: bool
    reason: Reason


class UndoPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Undoes a decision."""

    reason: Reason
