"""Structs of the support that close ones receive, its states, and the lengths of its fields.

No field of these structs says of which young person somebody is a parent or a friend.
"""

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.facts import Message, msg

EntourageState = Literal["received", "accompanied", "closed"]
RECEIVED: Final = "received"
ACCOMPANIED: Final = "accompanied"
CLOSED: Final = "closed"
STATES: Final[dict[str, Message]] = {
    RECEIVED: msg("Waits for somebody"),
    ACCOMPANIED: msg("Somebody is there for them"),
    CLOSED: msg("Has ended"),
}
ReachWay = Literal["call", "text", "email", "only_here"]
WAYS: Final[dict[str, Message]] = {
    "call": msg("By a call"),
    "text": msg("By text message"),
    "email": msg("By e-mail"),
    "only_here": msg("In no way: I come back here with my code"),
}
OfferKind = Literal["group", "call", "tool", "workshop"]
OFFER_KINDS: Final[dict[str, Message]] = {
    "group": msg("A group with others"),
    "call": msg("A talk by telephone"),
    "tool": msg("Something to read or to use"),
    "workshop": msg("A workshop"),
}
OfferState = Literal["offered", "accepted", "declined"]
OFFER_STATES: Final[dict[str, Message]] = {
    "offered": msg("Offered"),
    "accepted": msg("Wanted"),
    "declined": msg("Not wanted"),
}
ContactKind = Literal["call", "meeting", "message", "other"]
CONTACT_KINDS: Final[dict[str, Message]] = {
    "call": msg("Call"),
    "meeting": msg("Meeting"),
    "message": msg("Message"),
    "other": msg("Something else"),
}
LONGEST_LINE: Final = 200
LONGEST_WORDS: Final = 4_000
Line = Annotated[str, Meta(max_length=LONGEST_LINE)]
Words = Annotated[str, Meta(max_length=LONGEST_WORDS)]
EntourageCode = Annotated[str, Meta(max_length=100)]


class SafeReach(Struct, frozen=True, forbid_unknown_fields=True):
    """How and when somebody may be reached without anybody around them learning why."""

    way: ReachWay
    contact: Line = ""
    """The number or the address; empty only where the way is `only_here`."""
    when: Line = ""
    """When it is safe, and when it is not."""
    message: bool = False
    """Whether a message may be left. It never says the programme's name, nor what it is about."""


class EntouragePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A close person asks for support, or is noted by who accompanies them; nothing of whom they are close to."""

    ask: Words
    """Their own words for what they ask."""
    reach: SafeReach
    called: Line = ""
    """How they wish to be called; any name will do."""
    language: Annotated[str, Meta(max_length=35)] | None = None
    """The language in which they wish to be spoken to; the reader's when left out."""
    confirmed: bool = False
    """True: the places that were found identify no young person, and it is kept as it is."""


class EntourageReceived(Struct, frozen=True):
    """The code of a new record. It is shown once to whoever asked."""

    code: str


class EntourageCodePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A close person's own code."""

    code: EntourageCode


class ReachPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Another way in which somebody may be reached from now on."""

    code: EntourageCode
    reach: SafeReach


class OfferAnswered(Struct, frozen=True, forbid_unknown_fields=True):
    """The answer of a close person to an offer."""

    code: EntourageCode
    offer: UUID
    answer: Literal["accepted", "declined"]


class EntourageOffer(Struct, frozen=True):
    """Something that was offered."""

    id: UUID
    kind: OfferKind
    words: str
    day: dt.date | None
    state: OfferState


class OwnEntourage(Struct, frozen=True):
    """A record as its close person reads it with their code: own words, ways to be reached, and what was offered."""

    state: EntourageState
    language: str
    called: str
    ask: str
    reach: SafeReach
    offers: list[EntourageOffer]
    supported_on: list[dt.date]
    """Days on which somebody was there for them; what was noted is given by hand, on request."""


class EntourageLine(Struct, frozen=True):
    """A record in the list: codes only."""

    id: UUID
    state: EntourageState
    language: str
    opened_at: dt.datetime
    moved_at: dt.datetime
    assignee_id: UUID | None
    code: str
    version: int


class EntourageNote(Struct, frozen=True):
    """One time that somebody was there for a close person."""

    id: UUID
    day: dt.date
    kind: ContactKind
    words: str
    author_id: UUID | None


class EntourageRecord(Struct, frozen=True):
    """The whole record of one close person."""

    line: EntourageLine
    called: str
    ask: str
    reach: SafeReach
    notes: list[EntourageNote]
    offers: list[EntourageOffer]
    closed_on: dt.date | None = None
    erased_on: dt.date | None = None
    """The day from which nothing of it is there any more; None while it is open."""
    steps: tuple[str, ...] = ()
    """Acts that are open now: take, change, note, offer, close."""


class EntourageChanged(Struct, frozen=True, forbid_unknown_fields=True):
    """A record as it is from now on."""

    version: int
    """The version that was seen; when there is a newer one, it is refused with 409 and both sides."""
    ask: Words
    reach: SafeReach
    called: Line = ""
    confirmed: bool = False


class SupportNotePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that was done for somebody on a day."""

    day: dt.date
    kind: ContactKind
    words: Words
    confirmed: bool = False


class OfferPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is offered to somebody."""

    kind: OfferKind
    words: Words
    day: dt.date | None = None
    confirmed: bool = False


class OfferDecided(Struct, frozen=True, forbid_unknown_fields=True):
    """The answer of a close person to an offer, as who accompanies them notes it."""

    answer: Literal["accepted", "declined"]
