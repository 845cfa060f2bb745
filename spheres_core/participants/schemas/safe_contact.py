"""Structs of safe contact: how a participant can be reached by each channel, and what is decided from it."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.facts import Message, msg

Channel = Literal["phone", "text", "email", "social", "in_person"]
Weekday = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
Relation = Literal["parent", "partner", "sibling", "friend", "foster_home", "worker", "exploiter", "client", "other"]
Answers = Literal["only_her", "somebody_safe", "anybody"]
Outcome = Literal[
    "reached", "no_answer", "voicemail_left", "message_left", "somebody_else", "wrong_person", "sent", "bounced",
    "she_reached_us",
]  # fmt: skip
Reason = Literal[
    "no_record", "no_channel", "she_contacts_us", "unsafe", "never_confirmed", "stale", "outside_hours", "no_text",
    "unknown_text", "not_in_this_language", "first_text_unanswered", "no_voicemail",
]  # fmt: skip
Reply = Literal["none", "right", "wrong", "duress"]
"""Her answer to the first text: nothing, her code word, anything else, or the word for being watched."""
Clock = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
Sentence = Annotated[str, Meta(max_length=500)]
Word = Annotated[str, Meta(max_length=60)]

CHANNELS: Final[Mapping[Channel, Message]] = {
    "phone": msg("Telephone call"),
    "text": msg("Text message"),
    "email": msg("E-mail"),
    "social": msg("Social network"),
    "in_person": msg("In person"),
}
WRITTEN: Final[frozenset[Channel]] = frozenset({"text", "email", "social"})
"""Channels by which nothing but a proofread text is sent."""


class SafeHours(Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of some days of the week, in the region's time zone. What passes midnight is written as two."""

    days: Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)]
    opens: Clock
    closes: Clock


class ThirdParty(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody around her: the relation and what to do for her safety. Nothing else is kept of third parties."""

    relation: Relation
    instruction: Sentence


class ChannelContact(Struct, frozen=True, forbid_unknown_fields=True):
    """How she can be reached by one channel. What is not said is not allowed."""

    channel: Channel
    value: Annotated[str, Meta(max_length=300)] = ""
    """A number, an address, a handle or a place."""
    answers: Answers = "only_her"
    """Who may answer there."""
    message_with_others: bool = False
    """Whether a message may be left with whoever else may answer."""
    hours: Annotated[tuple[SafeHours, ...], Meta(max_length=20)] = ()
    """When it is safe; at no hour when none is given."""
    voicemail: bool = False
    """Whether a message may be left on voicemail."""
    code_word: Word = ""
    """Her answer when she is alone. Without one, nothing but a first text is sent."""
    duress_word: Word = ""
    """Her answer when somebody is watching."""
    she_contacts_us: bool = False
    """Nothing goes out by this channel: she comes back by herself."""
    next_moment: dt.datetime | None = None
    """When she said that she would."""
    confirmed_on: dt.date | None = None
    """The day on which she last said that this is safe."""
    unsafe_since: dt.date | None = None
    """Since a wrong person answered or a message came back; until she confirms it again."""


class SafeContact(Struct, frozen=True, forbid_unknown_fields=True):
    """How a participant can safely be reached. Sealed."""

    channels: Annotated[tuple[ChannelContact, ...], Meta(max_length=5)] = ()
    """At most one of each kind, the one she likes best first."""
    language: Annotated[str, Meta(max_length=35)] = ""
    """The tag of the language in which she is written to."""
    around_her: Annotated[tuple[ThirdParty, ...], Meta(max_length=20)] = ()


class StoredSafeContact(Struct, frozen=True):
    """A version of a safe contact as it is kept."""

    id: UUID
    version: int
    content: bytes
    recorded_at: dt.datetime
    recorded_by: UUID | None


class ContactAsked(Struct, frozen=True):
    """A contact that somebody is about to make."""

    channel: Channel
    at: dt.datetime
    """The moment, in the region's time zone."""
    text: str = ""
    """The proofread text that would be sent or, by telephone, left on voicemail; empty for none."""
    language: str = ""
    """The tag of the text's language."""
    reply: Reply = "none"
    """Her answer to the first text."""


class ContactAllowed(Struct, frozen=True):
    """It may be made; `outcomes` are those that can be noted of it."""

    outcomes: tuple[Outcome, ...]


class ContactRefused(Struct, frozen=True):
    """It may not be made now. That she reached us can be noted always."""

    reason: Reason
    outcomes: tuple[Outcome, ...] = ("she_reached_us",)


Texts = Mapping[str, Mapping[str, str]]
"""Proofread texts: by their code, then by language tag."""


class SafeContactPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A safe contact to write. `version` is that of the one that was read, 0 when there was none."""

    safe_contact: SafeContact
    version: int


class ConfirmationPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a channel is still safe, as she says or as it turned out. `version` is that of what was read."""

    channel: Channel
    safe: bool
    version: int


class TitledCode(Struct, frozen=True):
    """A code, and how it is called in the reader's language."""

    code: str
    title: str


class FirstTextAnswerPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Holds what was answered to a first text. It is compared with her words, and kept nowhere."""

    channel: Channel
    said: Sentence


class FirstTextAnswerRead(Struct, frozen=True):
    """Tells what follows from the answer to a first text, at this moment."""

    channel: Channel
    reply: Reply
    """right: her word; wrong: anything else; duress: her word for being watched, and the channel is closed now."""
    texts: list[TitledCode]
    """Those that may be sent now. After any other answer than her word it is the same one, or none."""
    language: str
    """The tag of the language of the texts."""


class ContactLine(Struct, frozen=True):
    """Stands inside the act of contacting her by one channel."""

    channel: str
    title: str
    value: str
    allowed: bool
    """Whether she may be contacted by it at this moment."""
    refusal: TitledCode | None
    """Why not."""
    line: str
    """All of it in one line: who answers, hours, voicemail, code word, and when she last confirmed it."""
    confirmed_on: dt.date | None
    code_word: str
    outcomes: list[TitledCode]
    """Those that can be noted of it; what she excluded is not there."""
    texts: list[TitledCode]
    """Texts that may be sent now."""


class SafeContactRead(Struct, frozen=True):
    """How she can safely be reached, and what that means at this moment."""

    participant: str
    """Her code."""
    version: int
    """Counts how often it was written; 0 when nothing is kept."""
    safe_contact: SafeContact
    lines: list[ContactLine]
    recorded_at: dt.datetime | None
    recorded_by: UUID | None
