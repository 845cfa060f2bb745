"""Answers of the API about the directory: every text already in one language of the reader's."""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, field

from spheres_core.partners.schemas.directory import Hours, Regime


class AreaAnswer(Struct, frozen=True):
    """A place that services and emergency contacts are for."""

    key: str
    name: str
    within: str
    places_confirmed: bool


class GovernanceAnswer(Struct, frozen=True):
    """Who decides what becomes of the region's data; `status` says whether somebody has been named."""

    body: str
    status: str
    may_veto_exports: bool


class ContactAnswer(Struct, frozen=True):
    """A way to reach somebody. `stale`: verified longer ago than the tenant allows."""

    key: str
    kind: str
    value: str
    label: str
    note: str | None
    languages: list[str]
    verified_on: dt.date
    stale: bool
    status: str


class EmergencyContactAnswer(Struct, frozen=True):
    """Someone to reach right now. `open_now` is null when the hours are not stated."""

    key: str
    audience: str
    name: str
    purpose: str
    note: str | None
    phone: str
    website: str
    areas: list[str]
    languages: list[str]
    hours: list[Hours]
    open_now: bool | None
    round_the_clock: bool
    verified_on: dt.date
    stale: bool
    status: str


class RoleAnswer(Struct, frozen=True):
    """A role on the day asked for; `day_confirmed` is false when only its year is known."""

    role: str
    name: str
    duty: str
    since: dt.date
    until: dt.date | None
    day_confirmed: bool
    status: str


class ServiceAnswer(Struct, frozen=True):
    """A service on the day asked for."""

    key: str
    organization: str
    name: str
    about: str | None
    audience: str
    areas: list[str]
    province_wide: bool
    languages: list[str]
    ages: tuple[int, int] | None
    needs: list[str]
    hours: list[Hours]
    time_zone: str
    round_the_clock: bool
    open_now: bool | None
    bypasses_waiting_list: bool
    verified_on: dt.date
    stale: bool
    status: str


class OtherNameAnswer(Struct, frozen=True):
    """A name that an organization has from a day until (not including) another; null where no day is known."""

    name: str
    since: dt.date | None
    until: dt.date | None
    day_confirmed: bool


class PartnerAnswer(Struct, frozen=True):
    """An organization on the day asked for."""

    key: str
    name: str
    short_name: str
    legal_name: str | None
    other_names: list[OtherNameAnswer]
    kind: str
    parent: str
    areas: list[str]
    languages: list[str]
    legal_regime: Regime | None
    note: str | None
    status: str
    roles: list[RoleAnswer]
    services: list[ServiceAnswer]
    contacts: list[ContactAnswer]


class ReasonAnswer(Struct, frozen=True):
    """The finding of one aspect of a service: for it, against it, or nothing known."""

    aspect: str
    stands: str
    text: str


class ServiceMatch(Struct, frozen=True):
    """A service with its reasons. `verdict`: yes; perhaps, when something is not known; no."""

    verdict: str
    service: ServiceAnswer
    organization: str
    organization_name: str
    reasons: list[ReasonAnswer]
    contacts: list[ContactAnswer]


class MatchAnswer(Struct, frozen=True):
    """Who can serve, as far as the directory knows. It informs; a person calls."""

    at: dt.datetime
    language: str
    matches: list[ServiceMatch]


class CoordinationAnswer(Struct, frozen=True):
    """Who coordinates on the day asked for; without an organization, `note` says why not yet."""

    organization: str | None
    status: str
    name: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    day_confirmed: bool | None = None
    note: str | None = None


class EmergencyAnswer(Struct, frozen=True):
    """Whom to reach right now."""

    language: str
    emergency_contacts: list[EmergencyContactAnswer]


class DirectoryAnswer(Struct, frozen=True):
    """Who works together on a day, who coordinates, and whom to call."""

    on: dt.date
    language: str
    illustrative: bool
    coordination: CoordinationAnswer | None
    data_governance: GovernanceAnswer | None
    partners: list[PartnerAnswer]
    contacts: list[ContactAnswer]
    areas: list[AreaAnswer]
    emergency_contacts: list[EmergencyContactAnswer]


class ValueLine(Struct, frozen=True):
    """A line of a field's value in words. `lang` and `tag` are empty when it is in the reader's language."""

    text: str
    lang: str
    tag: str


class LocalChange(Struct, frozen=True):
    """A field that is the region's own: what its source says, what holds here, and why."""

    field: str
    title: str
    theirs: list[ValueLine]
    ours: list[ValueLine]
    why: str | None
    at: dt.datetime | None


class ConflictingField(Struct, frozen=True):
    """A field that both the source and the region changed; `write` says how it can be written, null when it cannot."""

    field: str
    title: str
    before: list[ValueLine]
    theirs: list[ValueLine]
    ours: list[ValueLine]
    version: str
    since: dt.date
    why: str | None
    at: dt.datetime | None
    write: dict[str, Any] | None


class DirectoryEntry(Struct, frozen=True):
    """An entry of the region's directory with its source and what is the region's own in it."""

    kind: str
    id: UUID
    key: str
    what: str
    title: str
    organization: str | None
    origin: str
    origin_title: str
    local: list[LocalChange]
    conflicts: list[ConflictingField]
    withdrawn_on: dt.date | None
    removed_on: dt.date | None
    """Since when this region shows it no more."""
    hand_made: bool
    """Whether it was written here and no source brings it."""


class DirectoryEntryRead(DirectoryEntry, frozen=True):
    """An entry with its fields, in the shapes of `partners.toml`."""

    content: dict[str, Any]


class DirectoryEntries(Struct, frozen=True):
    """Each entry with its source, what is the region's own in it and why, and what waits for a decision."""

    entries: list[DirectoryEntry]
    waiting: int = field(default=0)
    """Conflicts that wait."""


class EntryChanged(Struct, frozen=True):
    """The names of the fields that were written."""

    changed: list[str]


class EntryAdded(Struct, frozen=True):
    """An entry that was written by hand."""

    kind: str
    id: UUID


class EntryVerified(Struct, frozen=True):
    """How many entries count as checked today: an organization with its services and contacts."""

    entries: int


class EntryState(Struct, frozen=True):
    """The state of an entry after an act."""

    state: Literal["ended", "removed", "shown"]
