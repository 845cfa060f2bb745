"""Structs of goals and their stages of change."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.participants.schemas.extra_answers import Extra, ExtraGiven
from spheres_core.plans.schemas.words import Code, SeenBy, SomeWords, Words

GoalState = Literal["proposed", "active", "set_aside", "reached", "partly", "dropped"]
ProposedBy = Literal["herself", "worker"]
ChangeStage = Literal["precontemplation", "contemplation", "preparation", "action", "maintenance", "termination"]
Ruler = Annotated[int, Meta(ge=0, le=10)]
"""From 0, not at all, to 10."""


class GoalPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that she wants, in words. None is proposed by the software."""

    words: SomeWords
    proposed_by: ProposedBy
    """Whose words these are. What a worker proposes is under way only when she wants it."""
    template: Code | None = None
    """A code of the region's goals to begin from, where it began from one. It stands beside the words, never for
    them."""
    needs: Annotated[list[Code], Meta(max_length=20)] = []
    """Codes of needs that it may meet."""
    extra: Extra = {}
    """Answers to extra questions that packs, plugins or the region ask on a goal, by form."""


class GoalChanged(Struct, frozen=True, forbid_unknown_fields=True):
    """A goal as it is from now on; what was written before stays."""

    version: int
    """The version that was seen; when there is a newer one, it is refused with 409 and both sides."""
    state: GoalState
    words: SomeWords
    hers: bool
    """Whether these are her words."""
    she_wants_it: bool = False
    """That she has said so: needed for a goal that a worker proposed to be under way."""
    needs: Annotated[list[Code], Meta(max_length=20)] = []
    extra: Extra = {}
    """Answers to extra questions that packs, plugins or the region ask on a goal, by form."""


class StagePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Where she stands with a goal on a day. At least one of the four is said; going back is a step like any other."""

    placed_by: SeenBy
    on: dt.date | None = None
    """Today, when left out."""
    stage: ChangeStage | None = None
    importance: Ruler | None = None
    """How much it matters to her."""
    confidence: Ruler | None = None
    """How sure she is that she can."""
    progress: Ruler | None = None
    """How far she has come."""
    note: Words = ""
    her_words: Words = ""


class Stage(Struct, frozen=True):
    """Where she stood with a goal on a day."""

    id: UUID
    on: dt.date
    placed_by: SeenBy
    stage: ChangeStage | None
    importance: int | None
    confidence: int | None
    progress: int | None
    note: str
    her_words: str | None
    """Null when the reader may not read her own words."""
    author: UUID | None
    written_at: dt.datetime


class Goal(Struct, frozen=True):
    """Something that she wants."""

    id: UUID
    version: int
    state: GoalState
    words: str
    hers: bool
    """Whether these are her words."""
    proposed_by: ProposedBy
    wanted_on: dt.date | None
    """The day on which she said that she wants it; null while only a worker does."""
    template: str | None
    needs: list[str]
    on: dt.date
    author: UUID | None
    written_at: dt.datetime
    steps: tuple[GoalState, ...]
    """Where it may go from here."""
    stage: Stage | None
    """The last one; null when there is none, or none that the reader may read."""
    extra: dict[str, ExtraGiven] = {}
    """Answers to extra questions, by form."""


class GoalFound(Struct, frozen=True):
    """A goal's row."""

    id: UUID
    participant_id: UUID
    state: GoalState
    proposed_by: ProposedBy
    wanted_on: dt.date | None
    template: str | None
    needs: list[str]
    hers: bool
    version: int
    author: UUID | None
    written_at: dt.datetime
    dated_on: dt.date


class StageFound(Struct, frozen=True):
    """A row of a goal's stages."""

    id: UUID
    goal_id: UUID
    placed_by: SeenBy
    stage: ChangeStage | None
    importance: int | None
    confidence: int | None
    progress: int | None
    author: UUID | None
    written_at: dt.datetime
    dated_on: dt.date
