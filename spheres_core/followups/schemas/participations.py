"""Structs of taking part: what is posted, what is answered, and rows between queries and operations."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.consents.api_schemas import AgreedTooPosted
from spheres_core.followups.schemas.words import Words

StateCode = Literal["proposed", "active", "paused", "transferring", "closing", "closed", "not_started"]
ReasonCode = Literal[
    "her_wish",
    "quiet",
    "goals_reached_for_now",
    "moved",
    "transferred",
    "age_limit_after_transition",
    "no_contact_after_attempts",
    "death",
    "entered_in_error",
]


class Agreement(Struct, frozen=True, forbid_unknown_fields=True):
    """Her own agreement to take part. Nobody else's stands for it."""

    on: dt.date
    """The day on which she gave it: today or before."""
    how: Literal["spoken", "written"]
    words: Words = ""
    """Her answer, in her own words."""
    also: AgreedTooPosted | None = None
    """That a parent or tutor agreed as well, where the region's legal profile asks for both at her age."""


class ParticipationPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Makes a participation of a referral that she agreed to."""

    agreement: Agreement | None = None
    """Needed; without it nothing is begun."""
    pivot: UUID | None = None
    """The member of staff who follows her from now on; without one it stays proposed until somebody does."""
    participant: Annotated[str, Meta(max_length=40)] = ""
    """Her code, when she was here before and has come back."""


class ParticipationBegun(Struct, frozen=True):
    """A participation that was begun."""

    participant: str
    """Her code."""
    participation: UUID
    state: StateCode


class StepPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """The next step of a participation."""

    to: StateCode
    version: int
    """The version that was seen; another one is refused with 409."""
    reason: ReasonCode | None = None
    """Needed to pause and to end it."""
    conversation_on: dt.date | None = None
    """The day on which a closing conversation was offered to her: needed to close it."""
    note: Words = ""
    confirmed: bool = False
    """Whether what a check of the region says against it was seen: it is then written as it is."""


class Participation(Struct, frozen=True):
    """One episode in which she takes part."""

    id: UUID
    state: StateCode
    version: int
    begun_on: dt.date
    changed_at: dt.datetime
    previous: UUID | None
    """The episode before, when she has come back."""
    steps: tuple[StateCode, ...]
    """Where it may go from here."""


class Participations(Struct, frozen=True):
    """Her episodes, the newest first."""

    participations: list[Participation]


class ParticipationFound(Struct, frozen=True):
    """A participation's row, for operations."""

    id: UUID
    participant_id: UUID
    previous_id: UUID | None
    consent_id: UUID
    state: StateCode
    version: int
    dated_on: dt.date
    changed_at: dt.datetime
