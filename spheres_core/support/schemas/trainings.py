"""Structs of a member of staff's own log of trainings. No result, and no rating of anybody."""

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.facts import Message, msg
from spheres_core.support.schemas.library import CodeRead
from spheres_core.support.schemas.workshops import LONGEST_TITLE, MOST_CODES, Code, Minutes

TrainingPart = Literal["taken", "given"]
PARTS: Final[dict[str, Message]] = {
    "taken": msg("Training taken"),
    "given": msg("Training given"),
}


class TrainingWritten(Struct, frozen=True, forbid_unknown_fields=True):
    """A training that a member of staff took or gave."""

    part: TrainingPart
    words: Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
    """Its title."""
    on: dt.date
    themes: Annotated[list[Code], Meta(max_length=MOST_CODES)] = []
    """Codes of `workshop_themes`."""
    minutes: Minutes | None = None
    organization: Code = ""
    """A key of the directory: who gave it; empty for any other or for the program's team."""
    confirmed: bool = False
    """True: the places that were found identify nobody, and it is kept as it is."""


class TrainingChanged(TrainingWritten, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A training as it should be, instead of the version that was read."""

    version: int


class Training(Struct, frozen=True):
    """A training in somebody's log."""

    id: UUID
    part: TrainingPart
    words: str
    on: dt.date
    themes: list[CodeRead]
    minutes: int | None
    organization: str
    """Name of the organization."""
    organization_key: str
    erased_on: dt.date
    version: int


class TrainingRemoved(Struct, frozen=True):
    """The answer to taking a training out of one's log."""

    removed: Literal[True] = True
