"""The structs of `partners.toml`: what a region's directory says."""

import datetime as dt
from typing import Literal

from msgspec import Struct, field

from spheres_core.facts import Message, Words, msg

Status = Literal["verified", "secondary", "to_confirm"]
"""How well a fact is known: read at its source, read in a secondary one only, or still to be
confirmed by a person."""


ROLES: dict[str, Message] = {
    "access_to_resources": msg("Access to community resources"),
    "clinical_committee": msg("Clinical Committee"),
    "clinical_support": msg("Clinical support to the team"),
    "community": msg("Community services"),
    "entourage_support": msg("Support to parents and the people around"),
    "legal_and_safety_support": msg("Legal and safety advice"),
    "liaison": msg("Liaison"),
    "peer_meetings": msg("Meetings with peers"),
    "pivot_worker": msg("Pivot youth worker"),
    "police": msg("Police"),
    "police_liaison": msg("Liaison with the police"),
    "prevention": msg("Prevention"),
    "psychotherapy": msg("Psychotherapy"),
    "referrer": msg("Referrals"),
    "sexual_assault_support": msg("Support after sexual assault"),
    "sexual_health_tools": msg("Sexual health"),
    "shelter": msg("Emergency shelter"),
    "table_coordination": msg("Coordination of a regional table"),
    "to_confirm": msg("Role to be confirmed"),
    "victim_assistance": msg("Assistance to victims of crime"),
    "victim_support": msg("Support to persons who are victims"),
    "youth_programmes": msg("Programs for young people"),
    "youth_protection": msg("Youth protection"),
    "youth_protection_support": msg("Understanding youth protection"),
}
"""Roles that the program knows. A region adds its own under `[role_names]`."""


Audience = Literal["immediate_danger", "youth_protection", "listening", "shelter"]
"""Whom somebody to reach right now is for."""
ContactKind = Literal["phone", "text", "fax", "textphone", "pager", "video", "email", "website", "address"]


class Hours(Struct, frozen=True, forbid_unknown_fields=True):
    """When something is open, in its own zone's time."""

    rule: str = ""
    """RFC 5545, days only: `FREQ=WEEKLY;BYDAY=MO,TU`, `FREQ=MONTHLY;BYDAY=1MO`. Empty: only the days in `also`."""
    opens: str = field(name="from", default="00:00")
    """`HH:MM`."""
    closes: str = field(name="to", default="24:00")
    """`HH:MM`, up to `24:00`; earlier than `opens` means the next day."""
    first_day: dt.date | None = None
    """The day it begins, and from which it counts (DTSTART)."""
    also: tuple[dt.date, ...] = ()
    """Days on which it is open besides (RDATE)."""
    without: tuple[dt.date, ...] = ()
    """Days on which it is closed, such as holidays (EXDATE)."""


class Regime(Struct, frozen=True, forbid_unknown_fields=True):
    """The act that an organization's records live under."""

    name: str
    status: Status


class Area(Struct, frozen=True, forbid_unknown_fields=True):
    """A place that services and emergency contacts are for."""

    key: str
    name: Words
    within: str = ""
    places_confirmed: bool = True
    """False while it is not known which places lie in it: then a service for it may be for any of them."""


class Role(Struct, frozen=True, forbid_unknown_fields=True):
    """A role of an organization in the partnership, from a day until (not including) another."""

    role: str
    starts: dt.date = field(name="from")
    duty: Words
    status: Status
    key: str = ""
    """Only where an organization has the same role twice."""
    ends: dt.date | None = field(name="until", default=None)
    day_confirmed: bool = True
    """False when only the year or month is known; the day is then ours."""
    source: str = ""

    @property
    def own_key(self) -> str:
        return self.key or self.role


class Service(Struct, frozen=True, forbid_unknown_fields=True):
    """A service that an organization offers."""

    key: str
    name: Words
    about: Words
    audience: Literal["participants", "professionals", "team", "public"] = field(name="for")
    verified_on: dt.date
    status: Status
    name_language: str = ""
    areas: tuple[str, ...] = ()
    province_wide: bool = False
    languages: tuple[str, ...] = ()
    ages: tuple[int, int] | None = None
    """Completed years, both included; none means not stated."""
    needs: tuple[str, ...] = ()
    hours: tuple[Hours, ...] = ()
    time_zone: str = ""
    """IANA name of the zone its hours are in; the tenant's when empty."""
    bypasses_waiting_list: bool = False
    """True when current participants of the program do not wait."""
    starts: dt.date | None = field(name="from", default=None)
    ends: dt.date | None = field(name="until", default=None)
    day_confirmed: bool = True
    source: str = ""


class Contact(Struct, frozen=True, forbid_unknown_fields=True):
    """A way to reach an organization or the program."""

    key: str
    kind: ContactKind
    value: str
    label: Words
    verified_on: dt.date
    status: Status
    note: Words = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    source: str = ""


class EmergencyContact(Struct, frozen=True, forbid_unknown_fields=True):
    """Someone to reach right now, in these areas."""

    key: str
    areas: tuple[str, ...]
    name: Words
    purpose: Words
    audience: Audience = field(name="for")
    verified_on: dt.date
    status: Status
    phone: str = ""
    website: str = ""
    note: Words = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    hours: tuple[Hours, ...] = ()
    source: str = ""


class Mandate(Struct, frozen=True, forbid_unknown_fields=True):
    """Who coordinates, from a day until (not including) another."""

    key: str
    organization: str
    starts: dt.date = field(name="from")
    status: Status
    ends: dt.date | None = field(name="until", default=None)
    day_confirmed: bool = True
    source: str = ""


class DatedName(Struct, frozen=True, forbid_unknown_fields=True):
    """A former or future name of an organization, from a day until (not including) another."""

    name: Words
    name_language: str = ""
    starts: dt.date | None = field(name="from", default=None)
    ends: dt.date | None = field(name="until", default=None)
    day_confirmed: bool = True
    source: str = ""


class Organization(Struct, frozen=True, forbid_unknown_fields=True):
    """One organization of the region. `name` is what it is called on every day that `names` says nothing of."""

    key: str
    name: Words
    kind: Literal["community", "establishment", "foundation", "institute", "police", "school", "other"]
    status: Status
    name_language: str = ""
    """Set when the name exists in one language only, and is shown in it everywhere."""
    short_name: str = ""
    legal_name: Words = field(default_factory=dict)
    names: tuple[DatedName, ...] = ()
    parent: str = ""
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    legal_regime: Regime | None = None
    note: Words = field(default_factory=dict)
    source: str = ""
    roles: tuple[Role, ...] = ()
    services: tuple[Service, ...] = ()
    contacts: tuple[Contact, ...] = ()


class DataGovernance(Struct, frozen=True, forbid_unknown_fields=True):
    """Who decides what becomes of a region's data: an Inuit organization for Inuit data, say."""

    body: Words
    """Its name, or what is said while nobody is named."""
    status: Status
    may_veto_exports: bool = False
    """True when nothing may leave the tenant without its agreement."""
    source: str = ""


class Directory(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `partners.toml`."""

    format: Literal[1]
    areas: tuple[Area, ...] = ()
    organizations: tuple[Organization, ...] = ()
    coordination: tuple[Mandate, ...] = ()
    contacts: tuple[Contact, ...] = ()
    """Ways to reach the program itself."""
    emergency_contacts: tuple[EmergencyContact, ...] = ()
    role_names: dict[str, Words] = field(default_factory=dict)
    coordination_to_confirm: Words = field(default_factory=dict)
    """Said instead of a coordinator while nobody has been named."""
    data_governance: DataGovernance | None = None
    illustrative: bool = False
