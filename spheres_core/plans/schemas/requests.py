"""Structs of services that partners are asked for."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.participants.schemas.extra_answers import Extra, ExtraGiven
from spheres_core.plans.schemas.words import Code, Words

RequestState = Literal[
    "sent", "acknowledged", "waitlisted", "accepted", "declined", "in_service", "completed", "ended_early", "cancelled"
]
DeclineReason = Literal["full", "age", "language", "area", "hours", "not_offered", "other"]
Outcome = Literal["met", "partly", "not_met", "her_wish", "not_known"]
Age = Annotated[int, Meta(ge=0, le=120)]
Key = Annotated[str, Meta(pattern="^[A-Za-z0-9_.:-]{1,120}$")]
Tag = Annotated[str, Meta(pattern="^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")]


class RequestPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A service that a partner is asked for. It leaves at once, with what she has agreed to and nothing else."""

    service: Key
    """The key of a service of the directory."""
    need: Code | None = None
    """A code of the region's needs, which the partner then sees."""
    what: Words = ""
    """Says in words what is asked; the partner reads them."""
    age: Age | None = None
    language: Tag = ""
    area: Annotated[str, Meta(max_length=120)] = ""
    """Her age, a language tag and the key of an area: what the service is weighed against, and the partner sees."""
    shares: Annotated[list[str], Meta(max_length=20)] = []
    """Further classes of information that the partner may read once it accepts. Each needs a line of a consent."""
    exception: Words = ""
    """Why it is asked for although it does not fit. For the team only."""
    extra: Extra = {}
    """Answers to extra questions that packs, plugins or the region ask on a request, by form. The partner reads them
    too, but for what is answered in her words, unless she has agreed to that."""


class RequestAnswered(Struct, frozen=True, forbid_unknown_fields=True):
    """The next step of a request."""

    to: RequestState
    version: int
    """The version that was seen; another one is refused with 409."""
    words: Words = ""
    reason: DeclineReason | None = None
    """Needed to decline."""
    outcome: Outcome | None = None
    """Needed when the service has ended."""


class ServiceRequest(Struct, frozen=True):
    """A service that a partner was asked for, as the team sees it."""

    id: UUID
    version: int
    service: str
    organization: str
    need: str | None
    what: str
    age: int | None
    language: str
    area: str
    shares: list[str]
    state: RequestState
    reason: DeclineReason | None
    outcome: Outcome | None
    answer: str
    """The last words about the partner's answer."""
    exception: str
    bypasses_waiting_list: bool
    """Whether, by the agreement with the partner, participants do not wait for this service."""
    on: dt.date
    changed_at: dt.datetime
    steps: tuple[RequestState, ...]
    """Where it may go from here."""
    extra: dict[str, ExtraGiven] = {}
    """Answers to extra questions, by form."""


class PartnerRequest(Struct, frozen=True):
    """A service that an organization was asked for, as its liaison sees it."""

    id: UUID
    version: int
    service: str
    need: str | None
    what: str
    age: int | None
    language: str
    area: str
    state: RequestState
    answer: str
    bypasses_waiting_list: bool
    on: dt.date
    steps: tuple[RequestState, ...]
    participant: str | None
    """The code of her file, where she lets the organization know that she takes part; null otherwise."""
    extra: dict[str, ExtraGiven] = {}
    """Answers to extra questions, by form, as far as she lets the organization see them."""


class RequestFound(Struct, frozen=True):
    """A request's row."""

    id: UUID
    participant_id: UUID
    service: str
    organization: str
    need: str | None
    age: int | None
    language: str
    area: str
    shares: list[str]
    state: RequestState
    reason: DeclineReason | None
    outcome: Outcome | None
    bypasses_waiting_list: bool
    version: int
    author: UUID | None
    written_at: dt.datetime
    dated_on: dt.date


class Reason(Struct, frozen=True):
    """One aspect of a service, and how it stands to what is asked."""

    aspect: str
    stands: Literal["for", "against", "unknown"]
    text: str


class OfferedService(Struct, frozen=True):
    """A service of the directory, weighed against what is asked."""

    service: str
    organization: str
    verdict: Literal["yes", "perhaps", "no"]
    reasons: list[Reason]
    bypasses_waiting_list: bool


class OfferedServices(Struct, frozen=True):
    """Services of the directory: those that can serve first, those that cannot last."""

    services: list[OfferedService]
    unanswered: list[str] = []
    """Plugins that could not say just now what they know of them."""


class GapPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """That nobody can meet a need."""

    need: Code
    age: Age | None = None
    language: Tag = ""
    area: Annotated[str, Meta(max_length=120)] = ""
    note: Words = ""


class Gap(Struct, frozen=True):
    """That nobody could meet a need on a day."""

    id: UUID
    need: str
    age: int | None
    language: str
    area: str
    note: str
    on: dt.date
    author: UUID | None


class GapFound(Struct, frozen=True):
    """A gap's row."""

    id: UUID
    need: str
    age: int | None
    language: str
    area: str
    author: UUID | None
    written_at: dt.datetime
    dated_on: dt.date
