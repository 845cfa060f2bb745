"""Structs of emergency plans."""

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.plans.schemas.words import Code, Words

CLASS: Final = "emergency_plan"
PlanState = Literal["draft", "agreed", "superseded"]
MOST_PEOPLE: Final = 6
Line = Annotated[str, Meta(max_length=300)]
Key = Annotated[str, Meta(min_length=1, max_length=100)]


class TrustedPerson(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody she trusts, as she calls them. Nothing else is kept of other people."""

    name: Annotated[str, Meta(min_length=1, max_length=120, pattern=r"\S")]
    ways: Line = ""
    """How this person can safely be reached."""
    times: Line = ""
    """When."""


class PlanWritten(Struct, frozen=True, forbid_unknown_fields=True):
    """A plan as it is written with her: a draft until she agrees to it."""

    version: Annotated[int, Meta(ge=0)]
    """The last version that was seen, 0 where there was none; when there is a newer one, it is refused with 409 and
    both sides."""
    language: Key
    """The tag of one of the region's languages: the one that she reads."""
    community: Annotated[str, Meta(max_length=100)] = ""
    """Key of an area of the directory: its emergency numbers stand in the plan."""
    sections: dict[Code, Words] = {}
    """By code of a section, its words."""
    people: Annotated[list[TrustedPerson], Meta(max_length=MOST_PEOPLE)] = []
    places: Annotated[list[Key], Meta(max_length=20)] = []
    """Keys of services of the directory where she can go."""
    review_by: dt.date | None = None
    """The day on which it is looked at again; by the region's setting, when left out."""
    carried: Annotated[list[Code], Meta(max_length=40)] = []
    """Codes of the sections that she wants on a card that she may carry."""


class PlanAgreed(Struct, frozen=True, forbid_unknown_fields=True):
    """That she agrees to a draft: it is her plan from then on."""

    version: int
    """The draft's; when it is not the last one, it is refused with 409 and both sides."""
    on: dt.date | None = None
    """The day on which she said so; today, when left out."""


class NotNowPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """That she does not want a plan now."""

    ask_again_on: dt.date


class NotNow(Struct, frozen=True):
    """That she did not want a plan, and when it is asked again."""

    said_on: dt.date
    ask_again_on: dt.date


class SectionSaid(Struct, frozen=True):
    """One section with its words."""

    code: str
    title: str
    words: str


class PlanPlace(Struct, frozen=True):
    """A place where she can go, as the directory has it now."""

    service: str
    name: str
    organization: str
    """The name of the organization; empty where the directory has the service no longer."""
    open_now: bool | None
    """Null where its hours are not stated."""
    hours: list[str]
    phones: list[str]
    verified_on: dt.date | None
    stale: bool


class PlanNumber(Struct, frozen=True):
    """A number of her community's, as the directory has it now."""

    key: str
    name: str
    purpose: str
    phone: str
    open_now: bool | None
    hours: list[str]
    verified_on: dt.date
    stale: bool


class EmergencyPlan(Struct, frozen=True):
    """One version of her emergency plan."""

    id: UUID
    version: int
    state: PlanState
    language: str
    community: str
    sections: list[SectionSaid]
    """Those in which something is written, in order."""
    people: list[TrustedPerson]
    places: list[PlanPlace]
    numbers: list[PlanNumber]
    review_by: dt.date | None
    agreed_on: dt.date | None
    """The day on which she agreed to it; null for a draft."""
    author: UUID | None
    written_at: dt.datetime
    carried: list[str]
    """Codes of the sections that she wants on a card that she may carry."""


class PlanSectionNamed(Struct, frozen=True):
    """A section of plans here."""

    code: str
    title: str


class EmergencyPlans(Struct, frozen=True):
    """Her plan, and what is being written anew."""

    version: int
    """The last version; 0 while there is none."""
    agreed: EmergencyPlan | None
    """The one that holds: she has agreed to it."""
    draft: EmergencyPlan | None
    not_now: NotNow | None
    """Given where she did not want one, and nothing was written since."""
    sections: list[PlanSectionNamed]
    """The sections that a plan has here."""


class PlanFound(Struct, frozen=True):
    """A plan's row."""

    id: UUID
    participant_id: UUID
    participation_id: UUID
    version: int
    state: PlanState
    language: str
    community: str
    places: list[str]
    review_by: dt.date | None
    agreed_on: dt.date | None
    author: UUID | None
    written_at: dt.datetime
    dated_on: dt.date
    carried: list[str]
