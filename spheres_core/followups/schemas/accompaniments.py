"""Structs of accompaniments: what she goes to with somebody beside her. They hold no file and no fact of a case."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.followups.schemas.words import Words

AccompanimentState = Literal["planned", "held", "not_held"]
Wish = Literal["beside_her", "nearby", "alone", "not_now"]
Company = Literal["pivot", "backup", "colleague", "partner", "somebody_close"]
Side = Literal["herself", "other_side"]
"""Who says yes, of kinds that need it."""
AccompanimentPart = Literal["what", "first_name", "wish_words", "how_it_went"]
LONGEST_NAME = 120
"""Characters of what an accompaniment is called: enough to find it again, too few for an account of a case."""

LONGEST_FIRST_NAME = 40
"""Characters of a peer's first name: no surname beside it."""


class AccompanimentPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that she goes to. Nobody is blamed when it did not come about."""

    kind: Annotated[str, Meta(pattern="^[a-z0-9_:-]{1,60}$")]
    """A code of `GET /accompaniment-kinds`. It decides whether this is a legal step."""
    at: dt.datetime
    """When it is planned, or was; with its offset from UTC."""
    state: AccompanimentState = "planned"
    what: Annotated[str, Meta(max_length=LONGEST_NAME)] = ""
    """A few words to find it again, such as the name of a paper. No facts of a case."""
    wish: Wish | None = None
    """How she wishes to be accompanied; `not_now` when she does not wish this step, which is respected."""
    wish_words: Words = ""
    """Her wish in her own words."""
    who_goes: Annotated[list[Company], Meta(max_length=5)] = []
    """Parts, no persons. Empty: she goes alone."""
    how_it_went: Words = ""
    """How it went, in her own words. Not while it is only planned."""
    agreed: Annotated[list[Side], Meta(max_length=2)] = []
    """Who has said yes, of kinds that need it: a meeting with a peer needs both sides before a place or a first name is
    written down, the police her own asking."""
    first_name: Annotated[str, Meta(max_length=LONGEST_FIRST_NAME)] = ""
    """The first name of the peer whom she meets, once both sides have said yes. No surname."""


class AccompanimentCorrected(AccompanimentPosted, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An accompaniment as it is from now on."""

    version: int
    """The version that was seen; when there is a newer one, it is refused with 409 and both sides."""


class Accompaniment(Struct, frozen=True):
    """An accompaniment, with what the reader may read."""

    id: UUID
    version: int
    information: str
    """Its class of information: `encounters`, or `legal`."""
    kind: str
    state: AccompanimentState
    at: dt.datetime
    what: str
    wish: Wish | None
    wish_words: str | None
    """Null when the reader may not read her own words; so is `how_it_went`."""
    who_goes: list[Company]
    how_it_went: str | None
    author: UUID | None
    written_at: dt.datetime
    agreed: list[Side] = []
    first_name: str = ""
    """Of the peer whom she meets; empty while not both sides have said yes."""


class AccompanimentFound(Struct, frozen=True):
    """An accompaniment's row."""

    id: UUID
    participant_id: UUID
    information: str
    kind: str
    state: AccompanimentState
    at: dt.datetime
    wish: Wish | None
    who_goes: list[Company]
    version: int
    author: UUID | None
    written_at: dt.datetime
    dated_on: dt.date
    agreed: list[Side]


class PlannedAccompaniment(Struct, frozen=True):
    """An accompaniment that is planned with somebody whom the reader follows."""

    id: UUID
    participant: str
    """Her code."""
    at: dt.datetime
    kind: str
    late: bool
    """Whether its moment has passed and nobody noted what became of it."""


class KindNamed(Struct, frozen=True):
    """A kind of accompaniment and how it is called here."""

    code: str
    label: str
    language: str
    """The tag of the language that the label is in."""
    information: str
    """The class of information that accompaniments of this kind are of."""


class AccompanimentKinds(Struct, frozen=True):
    """The kinds of accompaniments that may be chosen here."""

    kinds: list[KindNamed]
