"""Structs of the API about a region that is made ready, and where it differs from the program."""

import datetime as dt
from typing import Any

from msgspec import Struct

from spheres_core.partners.api_schemas import DirectoryEntry
from spheres_core.site.api_schemas.plugins import CoverageState


class ReadinessRecord(Struct, frozen=True):
    """A record of this region that speaks for an element of the program."""

    title: str | None
    what: str
    status: str
    """How well it is known; empty where that means nothing."""
    status_text: str | None


class ReadinessNote(Struct, frozen=True):
    """How the region covers an element otherwise, and why."""

    element: str
    how: str
    why: str
    written_at: dt.datetime


class ReadinessElement(Struct, frozen=True):
    """An element of the program, and what covers it in this region today."""

    key: str
    title: str
    state: CoverageState
    state_text: str
    records: list[ReadinessRecord]
    remark: str | None
    """The objection to counting it as covered."""
    note: ReadinessNote | None
    written_at: dt.datetime | None


class ReadinessFact(Struct, frozen=True):
    """One fact about opening, with what it rests on."""

    key: str
    title: str
    holds: bool | None
    """Null: it cannot be told from what is kept here."""
    state: str
    lines: list[str]


class RenamedTerm(Struct, frozen=True):
    """A term that is said otherwise here."""

    term: str
    said: str
    language: str
    """Empty for one that a plugin says in several languages."""
    by: str


class ChangedSetting(Struct, frozen=True):
    """A setting that is not as usual."""

    owner: str
    name: str
    usual: Any
    here: Any
    usual_text: str
    here_text: str


class AddedPart(Struct, frozen=True):
    """A plugin or a role of partners that this region has beside the model."""

    what: str
    title: str
    topics: int
    """How many kinds of content a plugin brings; 0 for a role."""


class RegionDifferences(Struct, frozen=True):
    """Where the region differs from the model."""

    renamed: list[RenamedTerm]
    set_otherwise: list[ChangedSetting]
    added: list[AddedPart]
    changed: list[DirectoryEntry]
    withdrawn: list[DirectoryEntry]


class Readiness(Struct, frozen=True):
    """Facts about opening this region. Nothing is scored and nothing is hidden."""

    tenant: str
    on: dt.date
    elements: list[ReadinessElement]
    facts: list[ReadinessFact]
    divergence: RegionDifferences
