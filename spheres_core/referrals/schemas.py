"""What crosses the borders of the room."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct, field


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


class MovePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """The next step of a referral."""

    to: Annotated[str, Meta(max_length=40)]
    reason: Annotated[str, Meta(max_length=2000)] = ""


class Received(Struct, frozen=True):
    """The answer to a referral. The receipt is said once and kept nowhere."""

    receipt: str
    state: str
    ignored: tuple[str, ...] = ()
    """Answers that were not kept, because their question did not apply."""


class ReceiptState(Struct, frozen=True):
    """received, being_looked_at or closed; never whether she takes part."""

    state: str


class Followed(Struct, frozen=True):
    """A referral as its receipt finds it."""

    id: UUID
    state: str
    ended_at: dt.datetime | None
    first_contact_at: dt.datetime | None
    withdrawal_asked_at: dt.datetime | None


class ReferralLine(Struct, frozen=True):
    """A referral in a list: codes only, nothing is opened."""

    id: UUID
    state: str
    received_at: dt.datetime
    form_key: str
    language: str
    age: int | None
    age_least: int | None
    age_most: int | None
    knows: str | None
    agrees_to_contact: str | None
    preferred_language: str | None
    community: str | None
    needs: list[str]
    safe_contact_known: bool
    opinions: list[dict[str, Any]]
    withdrawal_asked_at: dt.datetime | None


class ReferralRow(Struct, frozen=True):
    """A referral as it is stored, with its answers still sealed."""

    id: UUID
    state: str
    received_at: dt.datetime
    received_on: dt.date
    form_key: str
    form_version: str
    language: str
    age: int | None
    age_least: int | None
    age_most: int | None
    knows: str | None
    agrees_to_contact: str | None
    preferred_language: str | None
    community: str | None
    needs: list[str]
    safe_contact_known: bool
    opinions: list[dict[str, Any]]
    missing_opinions: list[str]
    answers: bytes
    first_contact_at: dt.datetime | None
    ended_at: dt.datetime | None
    withdrawal_asked_at: dt.datetime | None


class MoveRow(Struct, frozen=True):
    """A step as it is stored, with its reason still sealed."""

    id: UUID
    from_state: str
    to_state: str
    at: dt.datetime
    actor_kind: str
    actor_id: UUID | None
    reason: bytes | None


class Move(Struct, frozen=True):
    """A step as it is read."""

    from_state: str
    to_state: str
    at: dt.datetime
    actor_kind: str
    actor_id: UUID | None
    reason: str | None


class Likeness(Struct, frozen=True):
    """Another referral that could be about the same person, and what is alike. A person decides."""

    id: UUID
    state: str
    received_on: dt.date
    alike: list[str]


class ReferralRead(Struct, frozen=True):
    """One referral, opened for somebody who may read it."""

    id: UUID
    state: str
    received_at: dt.datetime
    form: str
    form_version: str
    language: str
    answers: dict[str, Any]
    age: int | None
    age_least: int | None
    age_most: int | None
    knows: str | None
    agrees_to_contact: str | None
    preferred_language: str | None
    community: str | None
    needs: list[str]
    opinions: list[dict[str, Any]]
    missing_opinions: list[str]
    first_contact_at: dt.datetime | None
    withdrawal_asked_at: dt.datetime | None
    steps: tuple[str, ...]
    history: list[Move]
    likely_duplicates: list[Likeness]
    suggested_partners: list[dict[str, Any]] = field(default_factory=list)
    proposed_contacts: list[dict[str, Any]] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    """Plugins that were asked now, for a partner or a way to make contact, and could not answer."""


class ErasurePart(Struct, frozen=True):
    """What one owner has erased of a person, or why it has not."""

    owner: str
    tries: int
    done_at: dt.datetime | None
    records: int | None
    error: str | None
