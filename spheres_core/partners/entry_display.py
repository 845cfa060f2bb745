"""From stored entries to what is shown: with the warning, the hours and the day it was verified."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from spheres_core.facts import Message, Words
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import hours, legal_profiles
from spheres_core.partners.schemas.directory import Contact, EmergencyContact, Hours, Role, Service
from spheres_core.partners.schemas.display import ShownContact, ShownEmergencyContact, ShownRole, ShownService
from spheres_core.partners.settings import PartnersSettings

S = TypeVar("S", bound=Struct)


class OwnedRow(Struct, frozen=True):
    """An entry with the key of the organization it belongs to; None for the program's own."""

    organization: str | None
    key: str
    content: dict[str, Any]


def read_entry(kind: type[S], key: str, content: Mapping[str, Any]) -> S:
    """Returns a stored entry as its struct. Fields that this version no longer knows are left aside."""
    known = {each.encode_name for each in msgspec.structs.fields(kind)}
    return msgspec.convert({"key": key} | {name: value for name, value in content.items() if name in known}, kind)


def language_names(ctx: Context, tags: Iterable[str]) -> tuple[Text, ...]:
    """Returns languages by their names in the reader's language, or their own name where that has none."""
    return tuple(ctx.locale.language_name(tag) for tag in tags)


def show_role(row: OwnedRow, names: Mapping[str, Message | Words]) -> ShownRole:
    role = read_entry(Role, row.key, row.content)
    return ShownRole(
        role=role.role,
        name=names.get(role.role, {"en": role.role}),
        duty=role.duty,
        since=role.starts,
        until=role.ends,
        day_confirmed=role.day_confirmed,
        status=role.status,
    )


def show_service(ctx: Context, row: OwnedRow) -> ShownService:
    service = read_entry(Service, row.key, row.content)
    return ShownService(
        key=service.key,
        organization=row.organization or "",
        name=service.name,
        about=service.about,
        audience=service.audience,
        areas=service.areas,
        province_wide=service.province_wide,
        languages=service.languages,
        ages=service.ages,
        needs=service.needs,
        hours=service.hours,
        time_zone=service.time_zone,
        round_the_clock=hours.round_the_clock(service.hours),
        open_now=_open_now(ctx, service.hours, service.time_zone),
        bypasses_waiting_list=service.bypasses_waiting_list,
        verified_on=service.verified_on,
        stale=_stale(ctx, service.verified_on),
        status=service.status,
    )


def show_contact(ctx: Context, row: OwnedRow) -> ShownContact:
    contact = read_entry(Contact, row.key, row.content)
    return ShownContact(
        key=contact.key,
        kind=contact.kind,
        value=contact.value,
        label=contact.label,
        note=contact.note,
        languages=contact.languages,
        verified_on=contact.verified_on,
        stale=_stale(ctx, contact.verified_on),
        status=contact.status,
    )


def show_emergency(ctx: Context, contact: EmergencyContact) -> ShownEmergencyContact:
    return ShownEmergencyContact(
        key=contact.key,
        audience=contact.audience,
        name=contact.name,
        purpose=contact.purpose,
        note=contact.note,
        phone=contact.phone,
        website=contact.website,
        areas=contact.areas,
        languages=contact.languages,
        hours=contact.hours,
        open_now=_open_now(ctx, contact.hours),
        round_the_clock=hours.round_the_clock(contact.hours),
        verified_on=contact.verified_on,
        stale=_stale(ctx, contact.verified_on),
        status=contact.status,
    )


def province_wide_as_emergency(line: legal_profiles.ProvinceWideLine) -> EmergencyContact:
    return EmergencyContact(
        key=line.key,
        areas=(),
        name=line.name,
        purpose=line.purpose,
        audience=line.audience,
        verified_on=line.verified_on,
        status=line.status,
        phone=line.phone,
        languages=line.languages,
        hours=line.hours,
        source=line.source,
    )


def as_emergency(line: legal_profiles.YouthProtectionLine) -> EmergencyContact:
    return EmergencyContact(
        key=line.key,
        areas=(line.area,),
        name=line.name,
        purpose=line.purpose,
        audience="youth_protection",
        verified_on=line.verified_on,
        status=line.status,
        phone=line.phone,
        languages=(line.language,),
        hours=line.hours,
        source=line.source,
    )


def _open_now(ctx: Context, given: tuple[Hours, ...], time_zone: str = "") -> bool | None:
    zone = ZoneInfo(time_zone) if time_zone else ctx.zone
    return hours.is_open(given, ctx.now.astimezone(zone))


def _stale(ctx: Context, verified_on: dt.date) -> bool:
    """Returns whether it was verified too long ago, or on a day that has not come yet anywhere."""
    limit = ctx.settings("partners", PartnersSettings).stale_after_days
    return not -1 <= (ctx.today - verified_on).days <= limit
