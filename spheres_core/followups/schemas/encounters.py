"""Structs of encounters and of the words about them."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.followups.schemas.words import LONGEST_WORDS, Words
from spheres_core.participants.schemas.extra_answers import Extra, ExtraGiven

EncounterState = Literal["planned", "held", "missed", "cancelled"]
EncounterKind = Literal["in_person", "phone", "video", "messages", "accompaniment", "group"]
Place = Literal["office", "her_place", "community", "school", "health", "court", "outside", "online", "elsewhere"]
Code = Annotated[str, Meta(pattern="^[a-z0-9_:-]{1,60}$")]
TextPart = Literal["note", "her_words", "addendum", "her_addendum"]


class EncounterPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """An encounter that is planned, took place, or did not. Nobody is blamed for one that was missed."""

    state: EncounterState
    kind: EncounterKind
    at: dt.datetime
    """When it is planned, or took place; with its offset from UTC."""
    place: Place | None = None
    themes: Annotated[list[Code], Meta(max_length=20)] = []
    """Themes: codes of `session_themes` in the region's catalogue."""
    principles: Annotated[list[Code], Meta(max_length=20)] = []
    """The principles that were used: codes of `principles` in the region's catalogue."""
    note: Words = ""
    """The worker's words."""
    her_words: Words = ""
    """Her words, verbatim, apart from the worker's."""
    confirmed: bool = False
    """Whether what a check of the region says against it was seen: it is then written as it is."""
    extra: Extra = {}
    """Answers to extra questions that packs, plugins or the region ask on an encounter, by form."""


class EncounterCorrected(EncounterPosted, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An encounter as it is from now on."""

    version: int
    """The version that was seen; when there is a newer one, it is refused with 409 and both sides."""


class AddendumPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is added later. What was written stays as it is."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_WORDS)]
    hers: bool = False
    """Whether these are her words."""


class Addendum(Struct, frozen=True):
    """Something that was added later."""

    text: str
    hers: bool
    at: dt.datetime
    by: UUID | None


class Encounter(Struct, frozen=True):
    """An encounter, with what the reader may read."""

    id: UUID
    version: int
    state: EncounterState
    kind: EncounterKind
    at: dt.datetime
    place: Place | None
    themes: list[str]
    principles: list[str]
    note: str
    her_words: str | None
    """Null when the reader may not read her own words."""
    addenda: list[Addendum]
    author: UUID | None
    written_at: dt.datetime
    extra: dict[str, ExtraGiven] = {}
    """Answers to extra questions, by form."""


class EncounterVersion(Struct, frozen=True):
    """One version of an encounter's words, with what the reader may read."""

    version: int
    note: str
    her_words: str | None
    by: UUID | None
    at: dt.datetime
    extra: dict[str, ExtraGiven] = {}
    """Answers to extra questions as they stood then."""


class EncounterHistory(Struct, frozen=True):
    """The versions of an encounter, the newest first."""

    versions: list[EncounterVersion]


class EncounterFound(Struct, frozen=True):
    """An encounter's row."""

    id: UUID
    participant_id: UUID
    state: EncounterState
    kind: EncounterKind
    at: dt.datetime
    place: Place | None
    themes: list[str]
    principles: list[str]
    version: int
    author: UUID | None
    written_at: dt.datetime
    dated_on: dt.date
