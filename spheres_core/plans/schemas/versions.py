"""Structs of what was said of a need, a goal or a strength before."""

import datetime as dt
from uuid import UUID

from msgspec import Struct

from spheres_core.participants.schemas.extra_answers import ExtraGiven


class NeedVersion(Struct, frozen=True):
    """A need's words as they stood in one version, with what the reader may read."""

    version: int
    what: str
    met_by: str
    could_be_met_by: str
    her_words: str | None
    """Null when the reader may not read her own words."""
    by: UUID | None
    """The member of staff who wrote this version."""
    at: dt.datetime
    extra: dict[str, ExtraGiven] = {}
    """Answers to extra questions as they stood then."""


class NeedHistory(Struct, frozen=True):
    """The versions of a need's words, the newest first. One that changed a code only is not among them."""

    versions: list[NeedVersion]


class GoalVersion(Struct, frozen=True):
    """A goal's words as they stood in one version."""

    version: int
    words: str
    hers: bool
    """Whether these were written as her words."""
    by: UUID | None
    """The member of staff who wrote this version."""
    at: dt.datetime
    extra: dict[str, ExtraGiven] = {}
    """Answers to extra questions as they stood then."""


class GoalHistory(Struct, frozen=True):
    """The versions of a goal's words, the newest first. One that changed its state only is not among them."""

    versions: list[GoalVersion]


class StrengthVersion(Struct, frozen=True):
    """A strength's words as they stood in one version."""

    version: int
    what: str
    by: UUID | None
    """The member of staff who wrote this version."""
    at: dt.datetime


class StrengthHistory(Struct, frozen=True):
    """The versions of a strength's words, the newest first."""

    versions: list[StrengthVersion]
