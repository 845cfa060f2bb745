"""Structs of agendas and briefs. None of them can hold who she is: at most her code, and a name that she chose for
meetings."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.committee.schemas.meetings import Meeting
from spheres_core.foundation.plugins.bodies import BriefLine

Asked = Literal["said", "nothing_to_say", "not_reached"]
ItemState = Literal["on", "taken_off"]
TextPart = Literal["question", "wants_said", "what", "dissent", "result", "told", "her_words"]
Words = Annotated[str, Meta(max_length=4000)]
SomeWords = Annotated[str, Meta(min_length=1, max_length=4000, pattern=r"\S")]


class ItemPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """That a participant comes on the agenda of a meeting, with what the team asks and what she wants said."""

    participant: Annotated[str, Meta(max_length=40)]
    """Her code."""
    question: SomeWords
    """The question of the team to the committee."""
    asked: Asked
    """Whether she was asked what she wants said: she said it, has nothing to say, or was not reached yet."""
    wants_said: Words = ""
    """Her words for the committee. They stand on the first line of each brief that may hold them."""
    told_on: dt.date | None = None
    """The day on which she was told what will be shared with whom; needed unless she was not reached."""
    shares: Annotated[list[str], Meta(max_length=20)] = []
    """Classes of information that briefs may draw on besides, each as far as a consent reaches."""
    police: Annotated[list[str], Meta(max_length=10)] = []
    """Organizations of the police for which she said yes, for this meeting. Each needs a line of a consent that ends
    with it."""


class ItemChanged(Struct, frozen=True, forbid_unknown_fields=True):
    """An item written anew."""

    version: int
    question: SomeWords
    asked: Asked
    wants_said: Words = ""
    told_on: dt.date | None = None
    shares: Annotated[list[str], Meta(max_length=20)] = []
    police: Annotated[list[str], Meta(max_length=10)] = []


class ItemFound(Struct, frozen=True):
    """An item's row."""

    id: UUID
    participant_id: UUID
    meeting_id: UUID
    number: int
    state: ItemState
    carried: bool
    asked: Asked
    told_on: dt.date | None
    shares: list[str]
    named: list[str]
    version: int
    dated_on: dt.date


class Item(Struct, frozen=True):
    """An item of an agenda, as her team sees it in her file."""

    id: UUID
    version: int
    meeting: UUID
    at: dt.datetime
    number: int
    state: ItemState
    carried: bool
    question: str
    asked: Asked
    wants_said: str | None
    """Null for whoever may not read her own words."""
    told_on: dt.date | None
    shares: list[str]
    police: list[str]
    on: dt.date


class Shared(Struct, frozen=True):
    """Classes of information that would be shared with one organization of a meeting."""

    organization: str
    """Empty for the program's team."""
    classes: list[str]
    """Classes that a consent lets it discuss; none: for its members the item is not there."""


class Preview(Struct, frozen=True):
    """Organizations of a meeting with what would be shared with each, so that she can be told before."""

    organizations: list[Shared]


class AgendaItem(Struct, frozen=True):
    """One item, by its number."""

    number: int
    participant: str | None
    """Her code, where she lets the reader's organization know that she takes part; null otherwise."""
    carried: bool
    overdue: int
    """Recommendations of earlier meetings whose day has passed."""


class Agenda(Struct, frozen=True):
    """A meeting and those items that the caller may discuss; overdue ones first."""

    meeting: Meeting
    items: list[AgendaItem]


class BriefPart(Struct, frozen=True):
    """Facts of one kind."""

    name: str
    title: str
    lines: list[BriefLine]


class BriefItem(Struct, frozen=True):
    """One item, as far as the reader's organization may discuss it."""

    wants_said: str | None
    """Her words for the committee; null where she does not let them be discussed."""
    number: int
    participant: str | None
    question: str
    carried: bool
    parts: list[BriefPart]
    called: str | None = None
    """How she may be called in this meeting; null where she opened no name to the reader's organization, and always
    for the program's team."""


class Brief(Struct, frozen=True):
    """Everything that one member may discuss in a meeting."""

    meeting: Meeting
    items: list[BriefItem]


class RecusePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """That a member stays out of an item."""

    item: int
    """Its number."""
    staff: UUID | None = None
    """Another member than the caller, for whoever prepares meetings."""


class Recused(Struct, frozen=True):
    """A recusal that holds from now on."""

    item: int
