"""Entries of the directory as they are shown on a day: with open hours, warnings and names of roles."""

import datetime as dt

from msgspec import Struct

from spheres_core.facts import Message, Words
from spheres_core.partners.schemas.directory import Hours, Regime


class ShownContact(Struct, frozen=True):
    """A contact as it is shown: always, with the day it was verified, and a warning when that is
    long ago."""

    key: str
    kind: str
    value: str
    label: Words
    note: Words
    languages: tuple[str, ...]
    verified_on: dt.date
    stale: bool
    status: str


class ShownEmergencyContact(Struct, frozen=True):
    """Someone to reach now. `open_now` is None when the hours are not stated."""

    key: str
    audience: str
    name: Words
    purpose: Words
    note: Words
    phone: str
    website: str
    areas: tuple[str, ...]
    languages: tuple[str, ...]
    hours: tuple[Hours, ...]
    open_now: bool | None
    round_the_clock: bool
    verified_on: dt.date
    stale: bool
    status: str


class ShownRole(Struct, frozen=True):
    """A role on the day asked for."""

    role: str
    name: Message | Words
    duty: Words
    since: dt.date
    until: dt.date | None
    day_confirmed: bool
    status: str


class OtherName(Struct, frozen=True):
    """A name of an organization on other days than the one asked for."""

    name: Words
    since: dt.date | None
    until: dt.date | None
    """Not included."""
    day_confirmed: bool


class ShownService(Struct, frozen=True):
    """A service on the day asked for."""

    key: str
    organization: str
    name: Words
    about: Words
    audience: str
    areas: tuple[str, ...]
    province_wide: bool
    languages: tuple[str, ...]
    ages: tuple[int, int] | None
    needs: tuple[str, ...]
    hours: tuple[Hours, ...]
    time_zone: str
    """Of its hours; the tenant's when empty."""
    round_the_clock: bool
    open_now: bool | None
    bypasses_waiting_list: bool
    verified_on: dt.date
    stale: bool
    status: str


class Partner(Struct, frozen=True):
    """An organization with what it does and offers on the day asked for."""

    key: str
    name: Words
    short_name: str
    legal_name: Words
    other_names: tuple[OtherName, ...]
    kind: str
    parent: str
    areas: tuple[str, ...]
    languages: tuple[str, ...]
    legal_regime: Regime | None
    note: Words
    status: str
    roles: tuple[ShownRole, ...]
    services: tuple[ShownService, ...]
    contacts: tuple[ShownContact, ...]


class Coordination(Struct, frozen=True):
    """Who coordinates on the day asked for."""

    organization: str
    name: Words
    since: dt.date
    until: dt.date | None
    day_confirmed: bool
    status: str
