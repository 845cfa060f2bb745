"""Structs of needs and strengths."""

import datetime as dt
from typing import Literal
from uuid import UUID

from msgspec import Struct

from spheres_core.participants.schemas.extra_answers import Extra, ExtraGiven
from spheres_core.plans.schemas.words import Code, SeenBy, SomeWords, Words

Urgency = Literal["urgent", "soon", "in_time"]
NeedState = Literal["open", "met", "set_aside"]


class NeedPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that she lacks."""

    need: Code
    """A code of the region's needs."""
    identified_by: SeenBy
    urgency: Urgency = "in_time"
    what: Words = ""
    """Says what it is about."""
    met_by: Words = ""
    """Says what meets it today."""
    could_be_met_by: Words = ""
    """Says what could meet it differently."""
    her_words: Words = ""
    """Her words, verbatim, apart from the worker's."""
    strength: Words = ""
    """A strength of hers, recorded with it. Needed where none was recorded before."""
    confirmed: bool = False
    """Whether what a check of the region says against it was seen: it is then written as it is."""
    extra: Extra = {}
    """Answers to extra questions that packs, plugins or the region ask on a need, by form."""


class NeedChanged(Struct, frozen=True, forbid_unknown_fields=True):
    """A need as it is from now on; what was written before stays."""

    version: int
    """The version that was seen; when there is a newer one, it is refused with 409 and both sides."""
    state: NeedState
    identified_by: SeenBy
    urgency: Urgency
    what: Words = ""
    met_by: Words = ""
    could_be_met_by: Words = ""
    her_words: Words = ""
    confirmed: bool = False
    """Whether what a check of the region says against it was seen: it is then written as it is."""
    extra: Extra = {}
    """Answers to extra questions that packs, plugins or the region ask on a need, by form."""


class Need(Struct, frozen=True):
    """Something that she lacks, with what the reader may read."""

    id: UUID
    version: int
    need: str
    """A code of the region's needs."""
    state: NeedState
    identified_by: SeenBy
    urgency: Urgency
    what: str
    met_by: str
    could_be_met_by: str
    her_words: str | None
    """Null when the reader may not read her own words."""
    on: dt.date
    """The day on which it was identified."""
    author: UUID | None
    """The member of staff who wrote this version."""
    written_at: dt.datetime
    extra: dict[str, ExtraGiven] = {}
    """Answers to extra questions, by form."""


class NeedFound(Struct, frozen=True):
    """A need's row."""

    id: UUID
    participant_id: UUID
    need: str
    state: NeedState
    identified_by: SeenBy
    urgency: Urgency
    version: int
    author: UUID | None
    written_at: dt.datetime
    dated_on: dt.date


class StrengthPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that she can build on."""

    what: SomeWords
    identified_by: SeenBy


class StrengthChanged(Struct, frozen=True, forbid_unknown_fields=True):
    """A strength as it is said from now on; what was written before stays."""

    version: int
    """The version that was seen; when there is a newer one, it is refused with 409 and both sides."""
    what: SomeWords
    identified_by: SeenBy


class Strength(Struct, frozen=True):
    """Something that she can build on."""

    id: UUID
    version: int
    what: str
    identified_by: SeenBy
    on: dt.date
    author: UUID | None
    written_at: dt.datetime


class StrengthFound(Struct, frozen=True):
    """A strength's row."""

    id: UUID
    participant_id: UUID
    identified_by: SeenBy
    version: int
    author: UUID | None
    written_at: dt.datetime
    dated_on: dt.date


class UrgentNeed(Struct, frozen=True):
    """An urgent need that nothing meets yet, of somebody whom the reader follows."""

    id: UUID
    participant: str
    """Her code."""
    need: str
    """A code of the region's needs."""
    since: dt.date
    looked_at: dt.datetime
    """When somebody last wrote about it."""
    late: bool
    """Whether that was longer ago than the region's number of days."""


class UrgentNeeds(Struct, frozen=True):
    """Urgent needs that are open, the one that was looked at longest ago first."""

    needs: list[UrgentNeed]
