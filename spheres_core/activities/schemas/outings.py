"""Structs of outings, of the catalogue that they are chosen from, and of what they cost."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.plans.schemas.words import Code

MOST_SEATS = 60
MOST_MEETINGS = 26
"""Meetings of a group that are planned at once: half a year of weeks."""
LONGEST_LINE = 500
Cents = Annotated[int, Meta(ge=0, le=10_000_000)]
Line = Annotated[str, Meta(max_length=LONGEST_LINE)]
SomeLine = Annotated[str, Meta(min_length=1, max_length=LONGEST_LINE, pattern=r"\S")]
Seats = Annotated[int, Meta(ge=1, le=MOST_SEATS)]
OutingState = Literal["planned", "held", "called_off"]
SeasonName = Literal["winter", "spring", "summer", "autumn"]
Answer = Literal["open", "yes", "no", "later"]
Attendance = Literal["came", "not_this_time"]


class OutingPlace(Struct, frozen=True):
    """The words of an outing; sealed as one."""

    place: str
    transport: str = ""
    accessibility: str = ""


class OutingPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """An outing that is planned, or a group that meets every week. It names nobody."""

    activity: Code
    """A code of the region's activities."""
    at: dt.datetime
    """When it begins; with its offset from UTC."""
    place: SomeLine
    seats: Seats
    purposes: Annotated[list[Code], Meta(max_length=10)] = []
    """Codes of the purposes of activities."""
    organization: Annotated[str, Meta(max_length=80)] = ""
    """Key of the organization that offers it; empty for the team."""
    transport: Line = ""
    """Says how one gets there and back."""
    accessibility: Line = ""
    """Says what makes it possible for everybody to come."""
    cost_cents: Cents = 0
    """Paid by each young person herself."""
    weeks: Annotated[int, Meta(ge=1, le=MOST_MEETINGS)] = 1
    """How many weeks it takes place, at the same hour."""


class OutingChanged(Struct, frozen=True, forbid_unknown_fields=True):
    """An outing as it is from now on."""

    version: int
    """The version that was seen; when there is a newer one, it is refused with 409 and both sides."""
    state: OutingState
    at: dt.datetime
    place: SomeLine
    seats: Seats
    purposes: Annotated[list[Code], Meta(max_length=10)] = []
    transport: Line = ""
    accessibility: Line = ""
    cost_cents: Cents = 0


class OutingBudget(Struct, frozen=True, forbid_unknown_fields=True):
    """Sums that an outing may cost the organization, and that it cost."""

    version: int
    """The version that was seen; when there is a newer one, it is refused with 409 and both sides."""
    planned_cents: Cents | None = None
    spent_cents: Cents | None = None


class OutingFound(Struct, frozen=True):
    """An outing's row."""

    id: UUID
    activity: str
    purposes: list[str]
    organization: str
    group_id: UUID | None
    at: dt.datetime
    seats: int
    state: OutingState
    cost_cents: int
    planned_cents: int | None
    spent_cents: int | None
    content: bytes
    version: int
    author: UUID | None
    written_at: dt.datetime


class OutingListed(Struct, frozen=True):
    """An outing in a list."""

    id: UUID
    activity: str
    """A code of the region's activities."""
    at: dt.datetime
    place: str
    seats: int
    state: OutingState
    group: UUID | None
    """Shared by the meetings of a recurring group."""


class OutingSeat(Struct, frozen=True):
    """Somebody who holds a seat, of whom the reader may know."""

    participant: str
    """Her code."""
    invitation: UUID
    answer: Answer
    attendance: Attendance | None


class Outing(Struct, frozen=True):
    """An outing, with those who come along of whom the reader may know."""

    id: UUID
    version: int
    activity: str
    category: str
    """A code of the categories of activities; empty where the catalogue has lost the activity."""
    purposes: list[str]
    organization: str
    group: UUID | None
    at: dt.datetime
    place: str
    transport: str
    accessibility: str
    seats: int
    state: OutingState
    cost_cents: int
    open: bool
    """Whether the reader can still offer a seat. No number of seats that are left is told to anybody."""
    people: list[OutingSeat]
    others: bool
    """Whether seats are taken by others than `people`; never how many."""
    planned_cents: int | None
    """Null for who may not see what it costs the organization; so is `spent_cents`."""
    spent_cents: int | None


class OutingsPlanned(Struct, frozen=True):
    """One outing that was planned, or the meetings of a group."""

    items: list[OutingListed]


class CodeNamed(Struct, frozen=True):
    """A code of the region's catalogue, as it is called."""

    code: str
    name: str
    language: str
    """The tag of the language that the name is in."""


class ActivityNamed(Struct, frozen=True):
    """An activity of the region's catalogue."""

    code: str
    name: str
    language: str
    category: str
    purposes: list[str]


class ActivityCatalogue(Struct, frozen=True):
    """Activities, categories and purposes that may be chosen here, in the reader's language."""

    categories: list[CodeNamed]
    purposes: list[CodeNamed]
    activities: list[ActivityNamed]


class SeasonBudget(Struct, frozen=True):
    """Sums of the outings of one season that were not called off."""

    year: int
    """The year in which the season begins."""
    season: SeasonName
    outings: int
    planned_cents: int
    spent_cents: int


class ActivityBudget(Struct, frozen=True):
    """Sums by season, the latest first."""

    seasons: list[SeasonBudget]
