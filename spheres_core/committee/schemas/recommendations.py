"""Structs of what meetings recommend."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.committee.schemas.agenda import SomeWords, Words

RecommendationState = Literal["open", "done", "not_done", "dropped"]


class RecommendationPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A recommendation about one item."""

    item: int
    """The item's number."""
    what: SomeWords
    owner: UUID
    """The member of staff who takes care of it."""
    due_on: dt.date
    contributed: Annotated[list[UUID], Meta(max_length=100)] = []
    """Members who took part in it; each was there."""
    dissented: Annotated[list[UUID], Meta(max_length=100)] = []
    dissent: Words = ""
    """Objections, as somebody there sees them."""


class ResultPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """The outcome of a recommendation."""

    state: Literal["done", "not_done", "dropped"]
    version: int
    result: Words = ""


class ToldPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """That she was told what was recommended."""

    version: int
    on: dt.date
    told: SomeWords
    """How it was said to her, in her words."""
    her_words: Words = ""
    """Her answer to it."""


class RecommendationFound(Struct, frozen=True):
    """A recommendation's row."""

    id: UUID
    participant_id: UUID
    item_id: UUID
    staff_id: UUID
    organization: str
    due_on: dt.date
    state: RecommendationState
    told_on: dt.date | None
    version: int
    dated_on: dt.date


class MemberThen(Struct, frozen=True):
    """How one member stood to a recommendation when it was made."""

    staff: UUID
    organization: str
    present: bool
    entitled: bool
    recused: bool
    contributed: bool
    dissented: bool
    entries: list[UUID]
    """Lines of consents that her brief rested on."""


class Recommendation(Struct, frozen=True):
    """A recommendation of a meeting."""

    id: UUID
    version: int
    item: int
    participant: str | None
    """Her code, where the reader's organization may know it."""
    what: str
    dissent: str
    owner: UUID
    owner_name: str
    organization: str
    due_on: dt.date
    state: RecommendationState
    overdue: bool
    result: str
    on: dt.date


class HerRecommendation(Struct, frozen=True):
    """A recommendation of a meeting, as her team sees it in her file."""

    id: UUID
    version: int
    meeting: UUID
    item: int
    what: str
    dissent: str
    owner: UUID
    owner_name: str
    organization: str
    due_on: dt.date
    state: RecommendationState
    overdue: bool
    result: str
    on: dt.date
    told_on: dt.date | None
    told: str
    her_words: str | None
    """Her answer to it; null for whoever may not read her own words."""
    members: list[MemberThen]
    """How each member stood to it when it was made."""


class Recommendations(Struct, frozen=True):
    """Recommendations of a meeting, as far as the reader may discuss them."""

    items: list[Recommendation]
