"""From HSDS records to entries.

A record that carries our own entry (`x_spheres`) is that entry, but for the fields of HSDS that say something else by
now: who edits an export in an HSDS tool changes those. What is not understood here is kept under `hsds` in the entry,
so that it can be given back.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from spheres_core.facts import Words, msg
from spheres_core.foundation.content.struct_reader import KEY
from spheres_core.partners.contact_values import is_contact_value
from spheres_core.partners.hours import is_zone, why_unreadable
from spheres_core.partners.hsds import EXTENSION
from spheres_core.partners.hsds.contact_points import changed_contacts, reached
from spheres_core.partners.hsds.document import File, Placed, as_uuid
from spheres_core.partners.hsds.extension import is_tag, key_of, own_areas, own_zone
from spheres_core.partners.hsds.json_lines import join
from spheres_core.partners.hsds.records import (
    NEEDS,
    OwnedContact,
    Record,
    Surroundings,
    organization_record,
    service_record,
)
from spheres_core.partners.hsds.schedules import Unreadable, read_schedules
from spheres_core.partners.operations.entry_merge import IncomingEntry, entry_content
from spheres_core.partners.schemas.directory import Contact, Organization, Service

S = TypeVar("S", bound=Struct)
OLDEST = 120
"""Completed years that stand for "no upper age": our ranges have two ends."""
_STATUSES = ("active", "inactive", "defunct", "temporarily closed")
_ASSURED = "assured_date"
_WORDS = ("name", "legal_name", "note", "about")


class Brought(Struct, frozen=True):
    """What a file brings, ready to merge."""

    organizations: list[IncomingEntry]
    services: list[IncomingEntry]
    contacts: list[IncomingEntry]


def read_records(file: File, around: Surroundings, *, verified_on: dt.date | None) -> Brought:
    """Everything in a file as entries; what is wrong or not understood goes into the file's findings.

    `verified_on`: the day on which someone verified what does not say so itself.
    """
    reader = _Reader(file, around, verified_on)
    organizations = [reader.organization(each) for each in file.organizations.values()]
    services = [reader.service(each) for each in file.services.values()]
    brought = Brought(
        [entry for entry in organizations if entry], [entry for entry in services if entry], reader.contacts
    )
    for entries, placed in ((brought.organizations, file.organizations), (brought.services, file.services)):
        seen: set[str] = set()
        for entry in entries:
            if entry.key in seen and entry.id:
                file.find(placed[entry.id].pointer, msg("The key {key} is given twice.", key=entry.key))
            seen.add(entry.key)
    return brought


class _Reader:
    """One reading: the records, what surrounds them, and the keys that organizations get."""

    def __init__(self, file: File, around: Surroundings, verified_on: dt.date | None) -> None:
        self.file = file
        self.verified_on = verified_on
        self.contacts: list[IncomingEntry] = []
        here = {id_: key for key, id_ in around.organizations.items()}
        self.keys = here | {id_: key_of(each.record, id_) for id_, each in file.organizations.items()}
        ids = {**around.organizations, **{key: id_ for id_, key in self.keys.items()}}
        self.around = msgspec.structs.replace(around, organizations=ids)

    def organization(self, placed: Placed) -> IncomingEntry | None:
        said = self._own(placed, Organization)
        around = self._spoken(placed)
        if said is None or not self._named(placed):
            return None
        theirs = self._contacts_of(placed)
        base = Organization(key=key_of(placed.record, placed.id), name={}, kind="other", status="secondary")
        entry = base
        contacts = self._read_contacts(placed, around, self.file)
        if isinstance(said, Organization):
            made = organization_record(around, placed.id, said, theirs)
            again = self._read_contacts(Placed(made, placed.pointer, placed.id), around, File(""))
            contacts = changed_contacts(theirs, contacts, again)
            fields = self._organization_fields(placed, around)
            ours = self._organization_fields(Placed(made, placed.pointer, placed.id), around, quiet=True)
            if any(placed.record["name"] in each.values() for each in (said.name, *(n.name for n in said.names))):
                fields["name"] = ours["name"]  # its name of the day on which it was written out
            entry = self._overlaid(said, fields, ours, around)
        else:
            entry = msgspec.structs.replace(base, **self._organization_fields(placed, around))
            if len(entry.name) == 1:
                entry = msgspec.structs.replace(entry, name_language=around.short)
        made = organization_record(around, placed.id, entry, contacts)
        for each in contacts:
            self._bring_contact(each, placed.id, entry.key)
        content = entry_content(entry, "roles", "services", "contacts") | _kept(placed.record, made)
        return IncomingEntry(entry.key, content, placed.id)

    def service(self, placed: Placed) -> IncomingEntry | None:
        owner = self.file.owners.get(placed.id)
        if owner is None or owner not in self.keys:
            self.file.find(placed.pointer, msg("The organization of this service is neither in this file nor here."))
            return None
        said = self._own(placed, Service)
        around = self._spoken(placed)
        day = self._day(placed, _ASSURED) or self.verified_on
        if day is None:
            sentence = msg("The day on which this was last verified is needed here (assured_date or --verified-on).")
            self.file.find(join(placed.pointer, _ASSURED), sentence)
        if said is None or not self._named(placed) or day is None:
            return None
        if isinstance(said, Service) and not self._sound(placed, said):
            return None
        notes = File(self.file.name)
        fields = self._service_fields(placed, around, day, notes)
        ours: dict[str, Any] = {}
        if isinstance(said, Service):
            made = Placed(service_record(around, placed.id, said, owner), placed.pointer, placed.id)
            ours = self._service_fields(made, around, said.verified_on, File(""))
            entry = self._overlaid(said, fields, ours, around)
        else:
            base = Service(key=key_of(placed.record, placed.id), name={}, about={}, audience="public",
                           verified_on=day, status="secondary")  # fmt: skip
            entry = msgspec.structs.replace(base, **fields, name_language=around.short)
        if fields != ours:
            self.file.findings += notes.findings
        if not self._sound(placed, entry):
            return None
        content = entry_content(entry, organization=self.keys[owner])
        return IncomingEntry(
            entry.key, content | _kept(placed.record, service_record(around, placed.id, entry, owner)), placed.id
        )

    def _bring_contact(self, owned: OwnedContact, organization: UUID, key: str) -> None:
        """A contact that several organizations share gets an id for each."""
        id_, contact = owned.id, owned.contact
        if any(id_ == each.id or contact.key == each.key for each in self.contacts):
            id_ = uuid5(organization, str(id_))
            contact = msgspec.structs.replace(contact, key=f"hsds_{id_.hex}")
        self.contacts.append(IncomingEntry(contact.key, entry_content(contact, organization=key), id_))

    # ---- what our own entry says

    def _own(self, placed: Placed, kind: type[S]) -> S | bool | None:
        """The entry that the record carries; False when it carries none, None when it is not one."""
        own = placed.record.get(EXTENSION)
        if own is None:
            return False
        pointer = join(placed.pointer, EXTENSION)
        try:
            if own["format"] != 1 or not own["text_languages"] or not all(map(is_tag, own["text_languages"])):
                raise ValueError
            entry: Any = msgspec.convert(own["entry"], kind)
        except (KeyError, TypeError, ValueError, msgspec.ValidationError) as error:
            reason = str(error) if isinstance(error, msgspec.ValidationError) else type(error).__name__
            self.file.find(pointer, msg("This is not an entry as SPHÈRES writes it: {reason}", reason=reason))
            return None
        if not KEY.fullmatch(entry.key):
            sentence = msg("{key} is not a key: small letters, digits and underscores.", key=entry.key)
            self.file.find(f"{pointer}/entry/key", sentence)
            return None
        zone = getattr(entry, "time_zone", "")
        if zone and not is_zone(zone):
            self.file.find(f"{pointer}/entry/time_zone", msg("{key} is not a time zone.", key=zone))
            return None
        return entry  # type: ignore[no-any-return]

    def _spoken(self, placed: Placed) -> Surroundings:
        """The surroundings, in the languages that the record's texts were written in."""
        own = placed.record.get(EXTENSION)
        spoken = own.get("text_languages") if isinstance(own, Mapping) else None
        if not isinstance(spoken, list) or not spoken or not all(map(is_tag, spoken)):
            return self.around
        return msgspec.structs.replace(self.around, languages=tuple(spoken))

    def _contacts_of(self, placed: Placed) -> list[OwnedContact]:
        own = placed.record.get(EXTENSION)
        given = own.get("contacts") if isinstance(own, Mapping) else None
        found: list[OwnedContact] = []
        for i, each in enumerate(given if isinstance(given, list) else ()):
            pointer = f"{placed.pointer}/{EXTENSION}/contacts/{i}"
            try:
                id_ = as_uuid(each.get("id"))
                contact = msgspec.convert({k: v for k, v in each.items() if k != "id"}, Contact)
            except (AttributeError, msgspec.ValidationError) as error:
                self.file.find(pointer, msg("This is not an entry as SPHÈRES writes it: {reason}", reason=str(error)))
                continue
            if id_ is None or not KEY.fullmatch(contact.key) or not is_contact_value(contact.kind, contact.value):
                said = msg("{value} does not look like a {kind}.", value=contact.value, kind=contact.kind)
                self.file.find(pointer, msg("This is not an entry as SPHÈRES writes it: {reason}", reason=said))
                continue
            found.append(OwnedContact(id_, contact))
        return found

    def _overlaid(self, entry: S, theirs: Mapping[str, Any], ours: Mapping[str, Any], around: Surroundings) -> S:
        """Our entry with what the fields of HSDS say otherwise."""
        changes: dict[str, Any] = {}
        for name, value in theirs.items():
            if value == ours.get(name):
                continue
            if name in _WORDS:
                tag = around.languages[0]
                before = {k: v for k, v in getattr(entry, name).items() if k not in (tag, around.short)}
                value = before | value
            changes[name] = value
        return msgspec.structs.replace(entry, **changes)

    # ---- what the fields of HSDS say

    def _named(self, placed: Placed) -> bool:
        name = placed.record.get("name")
        if not isinstance(name, str) or not name.strip():
            sentence = msg("A name in words is needed here; a logo or an empty text is not enough.")
            self.file.find(join(placed.pointer, "name"), sentence)
            return False
        return True

    def _organization_fields(self, placed: Placed, around: Surroundings, *, quiet: bool = False) -> dict[str, Any]:
        record = placed.record
        fields: dict[str, Any] = {"name": {around.short: record["name"]}}
        description = self._text(placed, "description")
        if description and description != record["name"]:
            fields["note"] = {around.short: description}
        fields["short_name"] = self._text(placed, "alternate_name")
        if (parent := record.get("parent_organization_id")) is not None:
            key = self.keys.get(as_uuid(parent) or UUID(int=0), "")
            fields["parent"] = key
            if not key and not quiet:
                sentence = msg("This organization is neither in this file nor here: kept, not used.")
                self.file.warn(join(placed.pointer, "parent_organization_id"), sentence)
        return fields

    def _service_fields(self, placed: Placed, around: Surroundings, day: dt.date, notes: File) -> dict[str, Any]:
        fields: dict[str, Any] = {"name": {around.short: placed.record["name"]}, "verified_on": day}
        if about := self._text(placed, "description"):
            fields["about"] = {around.short: about}
        fields["ages"] = self._ages(placed, notes)
        fields |= self._hours(placed, around, notes)
        fields["languages"] = self._languages(placed, notes)
        fields["areas"] = self._areas(placed, around, notes)
        fields["needs"] = _needs(placed.record)
        if (ends := self._ended(placed, day, notes)) is not None:
            fields["ends"] = ends
        return fields

    def _sound(self, placed: Placed, entry: Service) -> bool:
        """Can everything about this service be evaluated and stored?"""
        pointer = placed.pointer if EXTENSION not in placed.record else f"{placed.pointer}/{EXTENSION}/entry"
        before = len(self.file.findings)
        for i, each in enumerate(entry.hours):
            if (problem := why_unreadable(each)) is not None:
                self.file.find(f"{pointer}/hours/{i}", problem)
        if entry.ages and not 0 <= entry.ages[0] <= entry.ages[1]:
            self.file.find(f"{pointer}/ages", msg("The first age is the lower one."))
        if entry.starts and entry.ends and entry.ends <= entry.starts:
            self.file.find(f"{pointer}/until", msg("It ends before it begins."))
        return len(self.file.findings) == before

    def _text(self, placed: Placed, name: str) -> str:
        value = placed.record.get(name)
        if value is not None and not isinstance(value, str):
            self.file.find(join(placed.pointer, name), msg("A text is expected here."))
            return ""
        return (value or "").strip()

    def _day(self, placed: Placed, name: str) -> dt.date | None:
        value = placed.record.get(name)
        if value is None:
            return None
        if (day := _parsed(value)) is None:
            self.file.find(join(placed.pointer, name), msg("This is not a day such as 2026-11-21."))
        return day

    def _ages(self, placed: Placed, notes: File) -> tuple[int, int] | None:
        given = {}
        for name in ("minimum_age", "maximum_age"):
            value = placed.record.get(name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1000:
                notes.find(join(placed.pointer, name), msg("An age in years is expected here."))
                return None
            given[name] = value
        if not given:
            return None
        least, most = math.ceil(given.get("minimum_age", 0)), math.floor(given.get("maximum_age", OLDEST))
        if least > most:
            notes.find(join(placed.pointer, "minimum_age"), msg("The first age is the lower one."))
            return None
        return least, most

    def _hours(self, placed: Placed, around: Surroundings, notes: File) -> dict[str, Any]:
        """Hours that are not understood whole are not used at all: a closed dispatcher is worse than a question."""
        pointer = join(placed.pointer, "schedules")
        records = [each for each in self._list(placed, "schedules") if isinstance(each, Mapping)]
        try:
            found, zone = read_schedules(records, zone=own_zone(placed.record) or around.zone, at=around.now)
        except Unreadable as unreadable:
            sentence = msg(
                "These hours are not understood whole ({field}): kept, not used; they count as not stated.",
                field=unreadable.field,
            )
            notes.warn(pointer, sentence)
            return {"hours": (), "time_zone": ""}
        return {"hours": found, "time_zone": zone}

    def _languages(self, placed: Placed, notes: File) -> tuple[str, ...]:
        found = []
        for i, each in enumerate(self._list(placed, "languages")):
            code = each.get("code") if isinstance(each, Mapping) else None
            if is_tag(code):
                found.append(str(code))
            else:
                sentence = msg("This language has no code such as en: kept, not used.")
                notes.warn(f"{placed.pointer}/languages/{i}", sentence)
        return tuple(dict.fromkeys(found))

    def _areas(self, placed: Placed, around: Surroundings, notes: File) -> tuple[str, ...]:
        names = {text.casefold(): key for key, words in around.areas.items() for text in words.values()}
        names |= {key: key for key in around.areas}
        ids = {str(uuid5(placed.id, f"area:{key}")): key for key in own_areas(placed.record)}
        found = []
        for i, each in enumerate(self._list(placed, "service_areas")):
            area = each if isinstance(each, Mapping) else {}
            if key := ids.get(str(area.get("id"))) or names.get(str(area.get("name") or "").casefold()):
                found.append(key)
            else:
                sentence = msg("This area is not one of the tenant's: kept, not used.")
                notes.warn(f"{placed.pointer}/service_areas/{i}", sentence)
        return tuple(dict.fromkeys(found))

    def _ended(self, placed: Placed, day: dt.date, notes: File) -> dt.date | None:
        status = placed.record.get("status")
        if status not in _STATUSES:
            sentence = msg("One of these is expected here: {choices}.", choices=", ".join(_STATUSES))
            notes.find(join(placed.pointer, "status"), sentence)
            return None
        if status == "active":
            return None
        sentence = msg("The file says {status}: not offered here from {day} on.", status=status, day=day)
        notes.warn(join(placed.pointer, "status"), sentence)
        return day

    def _list(self, placed: Placed, name: str) -> Sequence[Any]:
        value = placed.record.get(name)
        if value is not None and not isinstance(value, list):
            self.file.find(join(placed.pointer, name), msg("A list is expected here."))
            return ()
        return value or ()

    # ---- ways to reach an organization

    def _read_contacts(self, placed: Placed, around: Surroundings, notes: File) -> list[OwnedContact]:
        """Contacts by the fields of HSDS. Without a day on which they were verified none is brought."""
        day = self._verified(placed.id)
        own = placed.record.get(EXTENSION)
        if isinstance(own, Mapping) and "contacts" not in own:
            return []
        for name in ("phones", "contacts", "locations"):
            self._list(placed, name)
        given = reached(placed)
        if given and day is None:
            if own is None:
                sentence = msg("Nothing says when this was last verified: kept, not shown. --verified-on says it.")
                notes.warn(given[0][0], sentence)
            return []
        found: dict[tuple[str, str], OwnedContact] = {}
        for pointer, id_, kind, value, said, tags in given:
            if not is_contact_value(kind, value):
                sentence = msg("{value} does not look like a {kind}.", value=value, kind=kind)
                notes.warn(pointer, msg("{problem} It is kept, not used.", problem=sentence))
                continue
            label: Words = {around.short: said or str(placed.record.get("name"))}
            contact = Contact(key=f"hsds_{id_.hex}", kind=kind, value=value, label=label, status="secondary",  # type: ignore[arg-type]
                              verified_on=day or around.today, languages=tags)  # fmt: skip
            found.setdefault((kind, value), OwnedContact(id_, contact))
        return list(found.values())

    def _verified(self, organization: UUID) -> dt.date | None:
        """When an organization's contacts were verified: with the last of its services, or as the person says."""
        own = [id_ for id_, owner in self.file.owners.items() if owner == organization]
        said = (_parsed(self.file.services[id_].record.get(_ASSURED)) for id_ in own if id_ in self.file.services)
        return max((day for day in said if day), default=self.verified_on)


def _kept(record: Mapping[str, Any], made: Record) -> dict[str, Any]:
    """What a record says that we would not say by ourselves, and what we would say that it does not."""
    fields = {name: value for name, value in record.items() if name != EXTENSION and made.get(name) != value}
    without = sorted(name for name in made if name not in record and name != EXTENSION)
    return {"hsds": {"fields": fields, "without": without}} if fields or without else {}


def _needs(record: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    attributes = record.get("attributes")
    for each in attributes if isinstance(attributes, list) else ():
        term = each.get("taxonomy_term") if isinstance(each, Mapping) else None
        if isinstance(term, Mapping) and term.get("taxonomy") == NEEDS and KEY.fullmatch(str(term.get("code"))):
            found.append(str(term["code"]))
    return tuple(dict.fromkeys(found))


def _parsed(value: Any) -> dt.date | None:
    try:
        return dt.datetime.strptime(str(value), "%Y-%m-%d").date()
    except ValueError:
        return None
