"""Structs of files that are offered from one worker to another."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.followups.schemas.assignments import Part
from spheres_core.followups.schemas.encounters import EncounterKind
from spheres_core.followups.schemas.participations import StateCode
from spheres_core.followups.schemas.vulnerable_dates import DateKind
from spheres_core.followups.schemas.words import Words

HandOverState = Literal["offered", "accepted", "declined", "withdrawn"]
HerAnswer = Literal["agrees", "refuses", "not_reached"]


class HandOverPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Files that are offered to another worker."""

    to: UUID
    """The member of staff who may accept them."""
    participants: Annotated[list[str], Meta(max_length=500)] = []
    """Codes. Empty: every file that the caller has in this part."""
    part: Part = "pivot"
    word: Words = ""
    """Words for the next worker, the same for all of them."""
    her_answer: HerAnswer | None = None
    """Her answer when she was told. It can be noted later, but before the file is accepted."""


class HerAnswerPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Her answer to the next worker."""

    her_answer: HerAnswer


class Promise(Struct, frozen=True):
    """An encounter that was promised to her."""

    at: dt.datetime
    kind: EncounterKind


class NextDate(Struct, frozen=True):
    """A date that makes her need rise, the next time that it comes."""

    on: dt.date
    kind: DateKind


class PromisedAccompaniment(Struct, frozen=True):
    """An accompaniment that was promised to her."""

    at: dt.datetime
    kind: str
    information: str
    """Its class of information."""


class Carried(Struct, frozen=True):
    """Lists what goes along with a file: codes and days, no words."""

    promised: list[Promise] = []
    """The earliest first; one that is past was not noted yet."""
    dates: list[NextDate] = []
    drafts: int = 0
    """How many forms the worker began about her and did not send."""
    accompaniments: list[PromisedAccompaniment] = []
    """The earliest first."""


class FileToHandOver(Struct, frozen=True):
    """One of the caller's files, as it would be handed over."""

    participant: str
    """Her code."""
    state: StateCode
    carried: Carried
    offered_to: UUID | None
    """The member of staff to whom it is offered already."""


class HandOverPreview(Struct, frozen=True):
    """The caller's whole caseload in one part, with what would go along."""

    part: Part
    files: list[FileToHandOver]


class HandOver(Struct, frozen=True):
    """A file that is offered to another worker."""

    id: UUID
    participant: str
    """Her code."""
    part: Part
    from_staff: UUID | None
    to_staff: UUID
    state: HandOverState
    word: str
    her_answer: HerAnswer | None
    offered_at: dt.datetime
    carried: Carried
    """Says what was promised to her when it was offered, as far as she still lets the team read it."""


class HandOvers(Struct, frozen=True):
    """Files that are offered, the newest first."""

    hand_overs: list[HandOver]


class HandOverFound(Struct, frozen=True):
    """A hand-over's row, for operations."""

    id: UUID
    participant_id: UUID
    participation_id: UUID
    part: Part
    from_staff: UUID | None
    to_staff: UUID
    state: HandOverState
    word: bytes | None
    carried: bytes | None
    her_answer: HerAnswer | None
    offered_at: dt.datetime
    offered_by: UUID | None
