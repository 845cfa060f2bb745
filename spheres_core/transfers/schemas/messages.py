"""Structs that cross from one region to another, and nothing else does."""

import datetime as dt
from typing import Literal
from uuid import UUID

from msgspec import Struct

from spheres_core.followups.schemas.participations import Agreement

EntryKind = Literal[
    "strength", "need", "goal", "goal_stage", "cycle_stage", "date", "encounter", "addendum", "her_words", "contact",
    "accompaniment", "legal_step", "emergency_plan",
]  # fmt: skip
RefusalReason = Literal["no_place_now", "outside_area", "ages", "language", "conflict_of_interest", "other"]


class CarriedEntry(Struct, frozen=True):
    """One thing that goes along: words as they were read in the region that it comes from."""

    information: str
    """A class of information."""
    kind: EntryKind
    on: dt.date
    """The day that it is about."""
    what: str
    """The kind of thing in a few words, in the language of whoever proposed the transfer."""
    words: str
    language: str
    """The tag of the language of `what`."""
    hers: bool = False
    """Whether these are her words."""
    by: str = ""
    """Who wrote it, where she agreed that names go along."""


class Offer(Struct, frozen=True):
    """A file as it is offered to another region."""

    id: UUID
    code: str
    """Her code in the region that offers it."""
    classes: list[str]
    onward: bool
    age: int
    """Her completed years on the day of her agreement."""
    language: str
    agreement: Agreement
    """Her own agreement to go on there, without her words about it."""
    ends_at: dt.datetime
    entries: list[CarriedEntry]


class Answer(Struct, frozen=True):
    """Holds what the other region answers."""

    id: UUID
    accepts: bool
    reason: RefusalReason | None = None
    code: str = ""
    """Her code there, when it accepts."""


class Outcome(Struct, frozen=True):
    """Says how it stands with an offer in the region that made it: the last word."""

    id: UUID
    goes_on: bool
    """Whether her file has closed there, so that it begins here; otherwise the offer is over."""
