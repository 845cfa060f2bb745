"""From entries to HSDS records. Pure: what it takes of the tenant stands in `RecordContext`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from spheres_core.facts import Words
from spheres_core.foundation.content.telephone_numbers import split_extension
from spheres_core.partners.contact_values import NUMBERS
from spheres_core.partners.dated_names import name_on, other_names
from spheres_core.partners.hsds import EXTENSION, WITHOUT_LISTS
from spheres_core.partners.hsds.schedules import make_schedules
from spheres_core.partners.schemas.directory import Contact, Organization, Role, Service
from spheres_core.partners.schemas.display import OtherName

Record = dict[str, Any]

NEEDS = "SPHÈRES needs"
"""The taxonomy under which a service's needs are said."""
NAMES = "SPHÈRES names"
"""The taxonomy under which an organization's former and future names are said."""
ROLES = "SPHÈRES roles"
"""The taxonomy under which what an organization does in a partnership is said. It makes nobody a partner elsewhere."""
_TERMS = UUID("6f1f3f5e-1f0b-5d0c-9b9a-0d6a4c3f7a10")
"""Names the needs: a code has the same id everywhere."""


class RecordContext(Struct, frozen=True):
    """The part of a tenant that records are made with."""

    languages: tuple[str, ...]
    """Tags in which texts are looked for, in order; the first one's text stands in the fields of HSDS."""
    zone: str
    now: dt.datetime
    areas: Mapping[str, Words] = {}
    needs: Mapping[str, Words] = {}
    organizations: Mapping[str, UUID] = {}
    role_names: Mapping[str, str] = {}

    @property
    def short(self) -> str:
        return self.languages[0].partition("-")[0]

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def text(self, words: Words) -> str:
        """Returns the text in the first of the languages that has one."""
        found = (words.get(key, "") for tag in self.languages for key in (tag, tag.partition("-")[0]))
        return next((text for text in found if text), "") or next((t for t in words.values() if t), "")


class OwnedContact(Struct, frozen=True):
    """A contact of an organization, with its id."""

    id: UUID
    contact: Contact


def organization_record(
    context: RecordContext,
    id_: UUID,
    entry: Organization,
    contacts: Sequence[OwnedContact],
    roles: Sequence[Role] = (),
) -> Record:
    """Returns an organization as HSDS says it, without its services; its other names and its roles are attributes."""
    name = context.text(name_on(entry, context.today))
    said: Record = {
        "id": str(id_),
        "name": name,
        "description": context.text(entry.note) or context.text(entry.legal_name) or name,
    }
    if entry.short_name:
        said["alternate_name"] = entry.short_name
    if parent := context.organizations.get(entry.parent):
        said["parent_organization_id"] = str(parent)
    said |= _contact_fields(context, id_, contacts)
    attributes = [_other_name(context, id_, i, each) for i, each in enumerate(other_names(entry, context.today))]
    if attributes := attributes + [_role(context, id_, each) for each in roles]:
        said["attributes"] = attributes
    own = _extension(context, _plain(entry, "roles", "services", "contacts"))
    own["contacts"] = [{"id": str(each.id), **_plain(each.contact)} for each in contacts]
    return said | {EXTENSION: own}


def service_record(context: RecordContext, id_: UUID, entry: Service, organization_id: UUID) -> Record:
    """Returns a service as HSDS says it, without its organization."""
    offered = (entry.starts is None or entry.starts <= context.today) and (
        entry.ends is None or entry.ends > context.today
    )
    zone = entry.time_zone or context.zone
    said: Record = {
        "id": str(id_),
        "organization_id": str(organization_id),
        "name": context.text(entry.name),
        "status": "active" if offered else "inactive",
        "assured_date": entry.verified_on.isoformat(),
    }
    if about := context.text(entry.about):
        said["description"] = about
    if entry.ages:
        said |= {"minimum_age": entry.ages[0], "maximum_age": entry.ages[1]}
    if entry.hours:
        said["schedules"] = make_schedules(entry.hours, of=id_, zone=zone, at=context.now)
    if entry.areas:
        said["service_areas"] = [_area(context, id_, key) for key in entry.areas]
    if entry.languages:
        said["languages"] = [_language(id_, tag, "service_id") for tag in entry.languages]
    if entry.needs:
        said["attributes"] = [_need(context, id_, code) for code in entry.needs]
    plain = _plain(entry) | ({"time_zone": zone} if entry.hours else {})
    return said | {EXTENSION: _extension(context, plain)}


def without_lists(record: Record) -> Record:
    """Returns the record with what belongs to it alone, as HSDS lists it: no phones, no schedules, no contacts."""
    flat = {name: value for name, value in record.items() if not isinstance(value, list)}
    if isinstance(organization := flat.get("organization"), dict):
        flat["organization"] = without_lists(organization)
    if isinstance(own := flat.get(EXTENSION), dict):
        flat[EXTENSION] = {name: value for name, value in own.items() if name != "contacts"} | {WITHOUT_LISTS: True}
    return flat


def _extension(context: RecordContext, entry: Record) -> Record:
    return {"format": 1, "text_languages": list(context.languages), "entry": entry}


def _plain(entry: Struct, *without: str) -> Record:
    plain: Record = msgspec.json.decode(msgspec.json.encode(entry))
    return {name: value for name, value in plain.items() if name not in without}


def _area(context: RecordContext, of: UUID, key: str) -> Record:
    name = context.text(context.areas.get(key, {})) or key
    return {"id": str(uuid5(of, f"area:{key}")), "service_id": str(of), "name": name}


def _language(of: UUID, tag: str, field: str) -> Record:
    return {"id": str(uuid5(of, f"language:{tag}")), field: str(of), "code": tag}


def _need(context: RecordContext, of: UUID, code: str) -> Record:
    label = context.text(context.needs.get(code, {})) or code
    term = {"id": str(uuid5(_TERMS, code)), "code": code, "name": label, "description": label, "taxonomy": NEEDS}
    return {"id": str(uuid5(of, f"need:{code}")), "link_id": str(of), "link_entity": "service", "taxonomy_term": term}


def _other_name(context: RecordContext, of: UUID, number: int, other: OtherName) -> Record:
    kind = "former" if other.until and other.until <= context.today else "future" if other.since else "other"
    term = _term(NAMES, kind, f"{kind} name", f"{kind} name")
    return {"id": str(uuid5(of, f"name:{number}")), "link_id": str(of), "link_entity": "organization",
            "link_type": _span(other.since, other.until), "value": context.text(other.name),
            "taxonomy_term": term}  # fmt: skip


def _role(context: RecordContext, of: UUID, role: Role) -> Record:
    name = context.role_names.get(role.role) or role.role
    term = _term(ROLES, role.role, name, context.text(role.duty) or name)
    return {"id": str(uuid5(of, f"role:{role.own_key}")), "link_id": str(of), "link_entity": "organization",
            "value": _span(role.starts, role.ends), "taxonomy_term": term}  # fmt: skip


def _span(since: dt.date | None, until: dt.date | None) -> str:
    """Returns days as ISO 8601 writes an interval, the last one not included; `..` where it is open."""
    return f"{since or '..'}/{until or '..'}"


def _term(taxonomy: str, code: str, name: str, description: str) -> Record:
    return {"id": str(uuid5(_TERMS, f"{taxonomy}:{code}")), "code": code, "name": name, "description": description,
            "taxonomy": taxonomy}  # fmt: skip


def _contact_fields(context: RecordContext, of: UUID, contacts: Sequence[OwnedContact]) -> Record:
    """Returns ways to reach an organization, each where HSDS looks for it."""
    said: Record = {}
    for each in contacts:
        kind, value = each.contact.kind, each.contact.value
        if kind in NUMBERS:
            said.setdefault("phones", []).append(_phone(context, of, each))
        elif kind == "email":
            said.setdefault("email", value)
            label = context.text(each.contact.label)
            person = {"id": str(each.id), "organization_id": str(of), "name": label, "email": value}
            said.setdefault("contacts", []).append(person)
        elif kind == "website" and "website" not in said:
            said["website"] = value
        else:
            place = {"id": str(each.id), "organization_id": str(of), "location_type": "virtual", "url": value}
            if kind == "address":
                place = {"id": str(each.id), "organization_id": str(of), "location_type": "physical", "name": value}
            said.setdefault("locations", []).append(place)
    return said


def _phone(context: RecordContext, of: UUID, owned: OwnedContact) -> Record:
    contact = owned.contact
    said: Record = {"id": str(owned.id), "organization_id": str(of)}
    said["number"], extension = split_extension(contact.value)
    if extension:
        said["extension"] = int(extension)
    said["type"] = "voice" if contact.kind == "phone" else contact.kind
    said["description"] = context.text(contact.label)
    if contact.languages:
        said["languages"] = [_language(owned.id, tag, "phone_id") for tag in contact.languages]
    return said
