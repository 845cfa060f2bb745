"""Structs of advice requests, their states, and the lengths of their fields."""

import datetime as dt
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct, field

from spheres_core.facts import Message, msg
from spheres_core.forms.schemas import Form
from spheres_core.support.schemas.library import MOST_CODES, Code, ToolListed

Kind = Literal[
    "name",
    "birth_date",
    "telephone",
    "email",
    "file_number",
    "health_number",
    "social_insurance_number",
    "address",
    "postal_code",
    "handle",
]
AdviceState = Literal["received", "assigned", "answered", "referral_drafted", "closed"]
AnswerKind = Literal["answer", "call", "tool"]
RECEIVED: Final = "received"
ASSIGNED: Final = "assigned"
ANSWERED: Final = "answered"
REFERRAL_DRAFTED: Final = "referral_drafted"
CLOSED: Final = "closed"
STATES: Final[dict[str, Message]] = {
    RECEIVED: msg("Waits for somebody"),
    ASSIGNED: msg("Somebody takes care of it"),
    ANSWERED: msg("An answer is ready"),
    REFERRAL_DRAFTED: msg("A referral was begun from it"),
    CLOSED: msg("Closed, words deleted"),
}
OPEN: Final = (RECEIVED, ASSIGNED)
"""States in which somebody waits for an answer."""
LONGEST_REPLY: Final = 10_000
MOST_EQUIPPED: Final = 10
ANSWER_KINDS: Final[dict[str, Message]] = {
    "answer": msg("In writing"),
    "call": msg("By a call"),
    "tool": msg("With a tool"),
}
"""Ways in which the desk answers."""
KINDS: Final[dict[Kind, Message]] = {
    "name": msg("a name"),
    "birth_date": msg("a date of birth"),
    "telephone": msg("a telephone number"),
    "email": msg("an e-mail address"),
    "file_number": msg("a file number"),
    "health_number": msg("a health insurance number"),
    "social_insurance_number": msg("a social insurance number"),
    "address": msg("an address"),
    "postal_code": msg("a postal code"),
    "handle": msg("a name on a social network"),
}
"""The kinds of identifiers, as the page calls them."""
Equipped = Annotated[int, Meta(ge=0, le=MOST_EQUIPPED)]
ReceiptText = Annotated[str, Meta(max_length=100)]


class AdvicePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A request for advice as it is sent. It says nothing of whom it is about."""

    answers: dict[str, Any]
    """By question name, as for a referral. The form is `advice`."""
    language: Annotated[str, Meta(max_length=35)] | None = None
    """The language it was answered in, in which the answer comes: `fr` or `fr-CA`. The reader's when left out."""
    version: Annotated[str, Meta(max_length=64)] | None = None
    """The form version that was answered; refused when it is no longer the current one."""
    confirmed: bool = False
    """True: the places that were found identify no young person, and it is sent as it is."""


class AdviceReceived(Struct, frozen=True):
    """The answer to a request for advice."""

    receipt: str
    """The tracking code; it is shown once and kept nowhere."""


class FoundPlace(Struct, frozen=True):
    """A place in an answer at which somebody could be recognized."""

    question: str
    start: int
    end: int
    kind: Kind


class AdviceReceiptPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A tracking code, as it was given or read aloud."""

    receipt: ReceiptText


class EquippedPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """How equipped a professional feels after the answer."""

    receipt: ReceiptText
    equipped: Equipped


class AdviceRead(Struct, frozen=True):
    """The state of a request as whoever asked reads it."""

    state: AdviceState
    answered_how: AnswerKind | None
    reply: str
    """Empty until there is one, and again once the request is closed."""
    equipped_before: int | None
    equipped_after: int | None
    language: str = ""
    """The tag of the language in which it was asked and is answered."""
    tools: list[ToolListed] = []
    """Tools of the library that go with the answer."""


class ReferralDrafted(Struct, frozen=True):
    """Answers that a referral form may begin with, so that nothing is typed twice."""

    answers: dict[str, Any]
    """By question name of the region's referral form."""


class AdviceLine(Struct, frozen=True):
    """A request in the desk's list: codes only."""

    id: UUID
    state: AdviceState
    language: str
    received_at: dt.datetime
    moved_at: dt.datetime
    assignee_id: UUID | None
    answered_how: AnswerKind | None
    equipped_before: int | None
    equipped_after: int | None
    version: int


class AdviceWords(Struct, frozen=True):
    """Words as they are sealed: the form that asked, so that it can be read whatever becomes of that form."""

    form: Form
    values: dict[str, Any]


class ReadableAnswer(Struct, frozen=True):
    """One question with what was answered, in the reader's language."""

    question: str
    answer: str
    language: str = ""
    """The tag of the language it was typed in; empty for a choice, which is in the reader's language."""
    question_language: str = ""
    """The tag of the language that the question is in."""


class AdviceOpened(Struct, frozen=True):
    """One request, for who may answer it."""

    line: AdviceLine
    answers: list[ReadableAnswer] = field(default_factory=list)
    """Empty once it is closed."""
    reply: str = ""
    steps: tuple[str, ...] = ()
    """Acts that are open now: take, answer, close."""
    tools: list[ToolListed] = []
    """Tools of the library that go with the answer."""


class VersionPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """The version that an act was decided on; refused when it has changed meanwhile."""

    version: int


class ReplyPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer to a request."""

    version: int
    how: AnswerKind
    reply: Annotated[str, Meta(max_length=LONGEST_REPLY)]
    tools: Annotated[list[Code], Meta(max_length=MOST_CODES)] = []
    """Codes of tools of the library, which who asked finds beside the answer."""
