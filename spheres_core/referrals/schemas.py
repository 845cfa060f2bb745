"""Structs that are posted to this room, stored by it and answered by it."""

import datetime as dt
from typing import Annotated, Any, Final, Literal, TypedDict, get_args
from uuid import UUID

from msgspec import Meta, Struct, field

StateCode = Literal[
    "received",
    "in_review",
    "info_requested",
    "contact_planned",
    "in_contact",
    "not_yet",
    "waitlisted",
    "unreachable",
    "agreed",
    "converted",
    "redirected",
    "youth_declined",
    "withdrawn",
    "closed_no_contact",
    "duplicate",
    "entered_in_error",
]
"""The states of a referral, in the order of `states.STATES`."""
ReceiptStateCode = Literal["received", "being_looked_at", "closed"]
LONGEST_QUESTION: Final = 2000
LONGEST_ANSWER: Final = 4000
"""Characters of a question to the referrer, and of the answer."""
Outcome = Literal["fits", "a_person_decides", "does_not_fit"]


class ReferralPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A referral as it is sent."""

    answers: dict[str, Any]
    """By question name; groups nested, repeats as lists of objects, multiple choices as lists."""
    form: Annotated[str, Meta(max_length=100)] = "referral"
    language: Annotated[str, Meta(max_length=35)] | None = None
    """The language the form was answered in: `fr` or `fr-CA`. The reader's when left out."""
    version: Annotated[str, Meta(max_length=64)] | None = None
    """The form version that was answered; refused when it is no longer the current one."""


class ReceiptPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A receipt, as it was given or read aloud."""

    receipt: Annotated[str, Meta(max_length=100)]


class AnswerPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """The answer of a referrer to a question of the team."""

    receipt: Annotated[str, Meta(max_length=100)]
    question: UUID
    answer: Annotated[str, Meta(max_length=LONGEST_ANSWER)]


class QuestionPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A question to the referrer."""

    question: Annotated[str, Meta(max_length=LONGEST_QUESTION)]


class AssigneePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Who takes care of a referral from now on."""

    assignee: UUID | None
    """A member of staff; null: nobody for now."""


class TransitionPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """The next step of a referral."""

    to: Annotated[str, Meta(max_length=40, extra_json_schema={"extra": {"enum": list(get_args(StateCode))}})]
    """One of the referral's `steps`. Any other is refused with those that are possible."""
    reason: Annotated[str, Meta(max_length=2000)] = ""
    duplicate_of: UUID | None = None
    """With `duplicate`: which of its likely duplicates is about the same person. No reason is needed then."""


class SearchPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A search. It is posted, so that no name stands in an address or a log."""

    text: Annotated[str, Meta(min_length=1, max_length=200)]
    """A reference, or an exact name, telephone number or e-mail address."""
    state: Annotated[str, Meta(max_length=40)] = ""
    """Only referrals in this state; every state when empty."""
    cursor: Annotated[str, Meta(max_length=200)] = ""


class AgeGuidance(Struct, frozen=True):
    """Advice for whoever refers somebody of an age outside the region's, given at once. It refuses nothing."""

    code: Literal["age_below", "age_above"]
    text: str
    """In the language of the answers."""
    age: int
    """The age in years, or the least of its range."""


class Received(Struct, frozen=True):
    """The answer to a referral. The receipt is said once and kept nowhere."""

    receipt: str
    state: Literal["received"]
    ignored: tuple[str, ...] = ()
    """Answers that were not kept, because their question did not apply."""
    guidance: AgeGuidance | None = None
    """Whom to call or which services help, when the age lies outside the region's."""


class ReceiptQuestion(Struct, frozen=True):
    """A question of the team to the referrer."""

    id: UUID
    asked_at: dt.datetime
    question: str


class ReceiptState(Struct, frozen=True, omit_defaults=True):
    """The state that a receipt tells; never whether she takes part."""

    state: ReceiptStateCode
    self_referral: bool = False
    """Whether the young person asked for herself: whoever has the receipt sent it, and is spoken to so."""
    questions: list[ReceiptQuestion] = []
    """Questions that the team waits to have answered."""


class Followed(Struct, frozen=True):
    """A referral as its receipt finds it."""

    id: UUID
    form: str
    state: StateCode
    ended_at: dt.datetime | None
    first_contact_at: dt.datetime | None
    withdrawal_asked_at: dt.datetime | None


class StoredOpinion(TypedDict):
    """An opinion as its column holds it: the reason is a message or words in several languages."""

    by: str
    outcome: Outcome
    code: str
    reason: dict[str, Any]


class OpinionRead(Struct, frozen=True):
    """An opinion on eligibility, with its reason in the reader's language. A person decides."""

    by: str
    """The plugin or the room of the core whose rule it is."""
    outcome: Outcome
    code: str
    reason: str


class ReferralCodes(Struct, frozen=True):
    """The columns of a referral that each way of reading it shows."""

    id: UUID
    state: StateCode
    received_at: dt.datetime
    form: str
    """The key of the form that was answered."""
    language: str
    """The tag of the language that it was answered in."""
    age: int | None
    """Completed years on the referral date."""
    age_least: int | None
    age_most: int | None
    """With `age_least` the range, both ends included, when no age is known."""
    knows: str | None
    """Whether she knows of the referral: yes, no, unsure."""
    agrees_to_contact: str | None
    """yes, no, not_yet, unknown."""
    preferred_language: str | None
    community: str | None
    needs: list[str]
    withdrawal_asked_at: dt.datetime | None
    assignee_id: UUID | None
    """The member of staff who takes care of it."""
    answer_arrived: bool
    """Whether the referrer has answered a question and nobody has taken a step since."""


class InboxFilters(Struct, frozen=True):
    """The referrals that a list shows, and in which order; empty for all."""

    state: str = ""
    """A state; `all` for every state; empty for those that are not settled."""
    language: str = ""
    need: str = ""
    assignee: str = ""
    """The id of a member of staff, `me` or `nobody`."""
    sort: str = ""
    """`newest` or `oldest` first."""


class Summary(Struct, frozen=True, array_like=True):
    """The words of a referral that a list shows, sealed together."""

    called: str = ""
    """The name that she wants to hear; empty when nobody said it."""
    referrer: str = ""
    organization: str = ""


class ListedReferral(ReferralCodes, frozen=True):
    """A referral of a list as it is stored. Its fields stand in the order of `ReferralLine`'s."""

    safe_contact_known: bool
    likely_duplicate: bool
    received_on: dt.date
    opinions: str
    """The stored opinions as JSON text: most rows of a list have the same, which is read once."""
    summary: bytes | None


class ReferralLine(ReferralCodes, frozen=True):
    """A referral in a list: codes, and the few words by which colleagues know it."""

    safe_contact_known: bool
    likely_duplicate: bool
    """Whether another referral could be about the same person."""
    received_on: dt.date
    opinions: list[OpinionRead]
    reference: str
    """A short name to speak of it: `3F0-9A2`."""
    days_waiting: int | None
    """Days since it was received; null once it is settled."""
    called: str
    """The name that she wants to hear; empty when nobody said it."""
    referrer: str
    organization: str
    """The organization of who refers, as that person wrote it."""


class ReferralRow(ReferralCodes, frozen=True):
    """A referral as it is stored, with its answers still sealed."""

    safe_contact_known: bool
    opinions: list[StoredOpinion]
    received_on: dt.date
    form_version: str
    missing_opinions: list[str]
    answers: bytes
    first_contact_at: dt.datetime | None
    ended_at: dt.datetime | None


class StoredTransition(Struct, frozen=True):
    """A step as it is stored, with its reason still sealed."""

    id: UUID
    from_state: StateCode
    to_state: StateCode
    at: dt.datetime
    actor_kind: str
    actor_id: UUID | None
    reason: bytes | None
    duplicate_of: UUID | None


class Transition(Struct, frozen=True):
    """A step as it is read."""

    from_state: StateCode
    to_state: StateCode
    at: dt.datetime
    actor_kind: str
    actor_id: UUID | None
    reason: str | None
    duplicate_of: UUID | None
    """The other referral of the same person, when this step said so and that one is still there."""


class StoredQuestion(Struct, frozen=True):
    """A question to the referrer as it is stored, sealed."""

    id: UUID
    asked_at: dt.datetime
    asked_by: UUID | None
    question: bytes
    answered_at: dt.datetime | None
    answer: bytes | None


class Question(Struct, frozen=True):
    """A question to the referrer, with the answer if there is one."""

    id: UUID
    asked_at: dt.datetime
    asked_by: UUID | None
    question: str
    answered_at: dt.datetime | None
    answer: str | None


class SavedFilter(Struct, frozen=True):
    """Filters of the inbox that somebody keeps."""

    id: UUID
    name: str
    filters: InboxFilters


class LikelyDuplicate(Struct, frozen=True):
    """Another referral that could be about the same person, and what is alike. A person decides."""

    id: UUID
    state: StateCode
    received_on: dt.date
    alike: list[str]
    """The kinds of what is alike: phone, email, name_and_birth_date."""


class PartnerSuggestion(Struct, frozen=True):
    """A partner who could make the first contact, and why."""

    organization: str
    """The organization's key in the partner directory."""
    name: str
    reason: str


class ProposedContact(Struct, frozen=True):
    """A way to make the first contact, with whose proposal it is and why."""

    by: str
    code: str
    title: str
    reason: str


class AttachmentKept(Struct, frozen=True):
    """A file that waits for its referral."""

    handle: str
    """The answer to its question, once: the first referral that has it claims the file."""
    name: str
    media_type: str
    """The kind that it really is, and is kept as."""
    size: int
    """Bytes of what is kept."""
    expires_at: dt.datetime
    """When it goes unless a referral has claimed it."""


class AttachmentRead(Struct, frozen=True):
    """A file of a referral; its content is opened by its id."""

    id: UUID
    question: str
    """The path of the question that it answers."""
    name: str
    media_type: str
    size: int


class ReferralRead(ReferralCodes, frozen=True):
    """One referral, unsealed for somebody who may read it."""

    reference: str
    """A short name to speak of it: `3F0-9A2`."""
    form_version: str
    answers: dict[str, Any]
    opinions: list[OpinionRead]
    missing_opinions: list[str]
    """Plugins whose opinion is missing because they failed when it was received."""
    first_contact_at: dt.datetime | None
    steps: tuple[StateCode, ...]
    """The states that it may be taken to now."""
    history: list[Transition]
    questions: list[Question]
    """Questions to the referrer, with their answers."""
    attachments: list[AttachmentRead]
    likely_duplicates: list[LikelyDuplicate]
    suggested_partners: list[PartnerSuggestion] = field(default_factory=list)
    proposed_contacts: list[ProposedContact] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    """Plugins that were asked now, for a partner or a way to make contact, and could not answer."""


class ErasurePart(Struct, frozen=True):
    """The part of an erasure that one owner has done, or why it has not."""

    owner: str
    tries: int
    done_at: dt.datetime | None
    records: int | None
    error: str | None
