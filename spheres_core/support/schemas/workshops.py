"""Structs of workshops and outreach. Who was there is numbers by age group and role; no name has a place in them."""

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.facts import Message, msg
from spheres_core.support.schemas.library import CodeRead

WorkshopState = Literal["planned", "held", "cancelled"]
WORKSHOP_STATES: Final[dict[str, Message]] = {
    "planned": msg("Planned"),
    "held": msg("Took place"),
    "cancelled": msg("Does not take place"),
}
WORKSHOP_KINDS: Final[dict[str, Message]] = {
    "young_people": msg("Workshop for young people"),
    "close_ones": msg("Workshop for parents and close ones"),
    "professionals": msg("Training for professionals"),
    "outreach": msg("Outreach"),
}
WORKSHOP_THEMES: Final[dict[str, Message]] = {
    "sexual_exploitation": msg("Sexual exploitation"),
    "egalitarian_relationships": msg("Egalitarian relationships"),
}
"""Offered by the core; a region's packs name more, or name these otherwise."""
WorkshopSetting = Literal["school", "community", "youth_centre", "health_social", "public_place", "online", "other"]
SETTINGS: Final[dict[str, Message]] = {
    "school": msg("A school"),
    "community": msg("A community organization"),
    "youth_centre": msg("A centre for young people"),
    "health_social": msg("Health and social services"),
    "public_place": msg("A public place"),
    "online": msg("Online"),
    "other": msg("Another kind of place"),
}
AudienceGroup = Literal[
    "under_12", "from_12_to_14", "from_15_to_17", "from_18_to_24", "close_ones", "school_staff", "health_social",
    "community_workers", "justice", "other_adults",
]  # fmt: skip
AUDIENCE: Final[dict[AudienceGroup, Message]] = {
    "under_12": msg("Under 12 years"),
    "from_12_to_14": msg("12 to 14 years"),
    "from_15_to_17": msg("15 to 17 years"),
    "from_18_to_24": msg("18 to 24 years"),
    "close_ones": msg("Parents and close ones"),
    "school_staff": msg("School staff"),
    "health_social": msg("Staff of health and social services"),
    "community_workers": msg("Staff of community organizations"),
    "justice": msg("Police and justice"),
    "other_adults": msg("Other adults"),
}
LONGEST_TITLE: Final = 200
LONGEST_NOTES: Final = 2_000
MOST_MINUTES: Final = 2_880
MOST_PEOPLE: Final = 10_000
MOST_CODES: Final = 20
Code = Annotated[str, Meta(max_length=60)]
Minutes = Annotated[int, Meta(ge=1, le=MOST_MINUTES)]
Audience = dict[AudienceGroup, Annotated[int, Meta(ge=0, le=MOST_PEOPLE)]]


class WorkshopWritten(Struct, frozen=True, forbid_unknown_fields=True):
    """A workshop as somebody writes it."""

    kind: Code
    """A code of `workshop_kinds`."""
    setting: WorkshopSetting
    """Kind of place. Which place is written nowhere."""
    on: dt.date
    language: Code
    title: Code = ""
    """A code of `workshop_titles`; empty where `words` name it."""
    words: Annotated[str, Meta(max_length=LONGEST_TITLE)] = ""
    """Its title in own words, where the list has none."""
    themes: Annotated[list[Code], Meta(max_length=MOST_CODES)] = []
    """Codes of `workshop_themes`."""
    minutes: Minutes | None = None
    organization: Code = ""
    """A key of the directory: who gives it; empty for the program's team."""
    given_by: Annotated[list[UUID], Meta(max_length=MOST_CODES)] = []
    """Members of staff who give it."""
    notes: Annotated[str, Meta(max_length=LONGEST_NOTES)] = ""
    """How it went, about nobody."""
    audience: Audience | None = None
    """How many people were there. With it, it took place; without, it is planned."""
    confirmed: bool = False
    """True: the places that were found identify nobody, and it is kept as it is."""


class WorkshopChanged(WorkshopWritten, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A workshop as it should be, instead of the version that was read."""

    version: int


class WorkshopHeld(Struct, frozen=True, forbid_unknown_fields=True):
    """How many people were there, by age group or role."""

    version: int
    audience: Audience


class WorkshopLine(Struct, frozen=True):
    """A workshop in a list."""

    id: UUID
    state: WorkshopState
    kind: CodeRead
    setting: WorkshopSetting
    title: str
    title_language: str | None
    """None where own words name it."""
    on: dt.date
    language: str
    minutes: int | None
    organization: str
    themes: list[CodeRead]
    version: int


class WorkshopOpened(Struct, frozen=True):
    """One workshop as those who keep the log read it."""

    workshop: WorkshopLine
    title_code: str
    words: str
    notes: str
    given_by: list[UUID]
    people: list[str]
    """Names of the staff who give it."""
    audience: Audience
    erased_on: dt.date
    steps: tuple[str, ...]
    """Acts that are open: hold, change, cancel."""


class WorkshopCount(Struct, frozen=True):
    """A number of one kind of workshop, or of one group of the audience."""

    code: str
    number: int


class WorkshopPeriod(Struct, frozen=True):
    """Figures of one quarter, as they were published once; they never change."""

    first_day: dt.date
    last_day: dt.date
    smallest: int
    """A group that `reached` does not list is nobody, or fewer people than this."""
    held: list[WorkshopCount]
    """How many took place, by kind."""
    reached: list[WorkshopCount]
    """How many people were there, by age group or role. No sum is published."""


class WorkshopFigures(Struct, frozen=True):
    """Figures of quarters that have ended, the latest first."""

    periods: list[WorkshopPeriod]
