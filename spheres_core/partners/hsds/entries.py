"""From HSDS records to entries.

A record that carries our own entry (`x_spheres`) is that entry, but for the fields of HSDS that say something else by
now: who edits an export in an HSDS tool changes those. What is not understood here is kept under `hsds` in the entry,
so that it can be given back.
"""

import datetime as dt
from typing import Any
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.content.json_documents import join
from spheres_core.partners.hsds import EXTENSION
from spheres_core.partners.hsds.carried_entries import (
    carried_contacts,
    carried_entry,
    with_hsds_changes,
    with_text_languages,
)
from spheres_core.partners.hsds.contact_points import changed_contacts, read_contacts
from spheres_core.partners.hsds.document import HsdsFile, LocatedRecord, as_uuid
from spheres_core.partners.hsds.extension import key_of, lacks_lists
from spheres_core.partners.hsds.record_values import day_of, has_name, parse_day, text_of
from spheres_core.partners.hsds.records import (
    OwnedContact,
    Record,
    RecordContext,
    organization_record,
    service_record,
    without_lists,
)
from spheres_core.partners.hsds.service_fields import is_usable, service_fields
from spheres_core.partners.operations.entry_merge import IncomingEntry, entry_content
from spheres_core.partners.schemas.directory import Organization, Service

_ASSURED = "assured_date"
_FROM_LISTS = ("hours", "time_zone", "languages", "areas", "needs")
"""Fields of a service that HSDS says in lists."""


class ImportedEntries(Struct, frozen=True):
    """The entries of a file, ready to merge."""

    organizations: list[IncomingEntry]
    services: list[IncomingEntry]
    contacts: list[IncomingEntry]


def read_records(file: HsdsFile, context: RecordContext, *, verified_on: dt.date | None) -> ImportedEntries:
    """Reads everything in a file as entries; what is wrong or not understood goes into the file's findings.

    `verified_on`: the day on which someone verified what does not say so itself.
    """
    reader = _Reader(file, context, verified_on)
    organizations = [reader.organization(each) for each in file.organizations.values()]
    services = [reader.service(each) for each in file.services.values()]
    imported = ImportedEntries(
        [entry for entry in organizations if entry], [entry for entry in services if entry], reader.contacts
    )
    for entries, placed in ((imported.organizations, file.organizations), (imported.services, file.services)):
        seen: set[str] = set()
        for entry in entries:
            if entry.key in seen and entry.id:
                file.find(placed[entry.id].pointer, msg("The key {key} is given twice.", key=entry.key))
            seen.add(entry.key)
    return imported


class _Reader:
    """One reading: the records, what surrounds them, and the keys that organizations get."""

    def __init__(self, file: HsdsFile, context: RecordContext, verified_on: dt.date | None) -> None:
        self.file = file
        self.verified_on = verified_on
        self.contacts: list[IncomingEntry] = []
        here = {id_: key for key, id_ in context.organizations.items()}
        self.keys = here | {id_: key_of(each.record, id_) for id_, each in file.organizations.items()}
        ids = {**context.organizations, **{key: id_ for id_, key in self.keys.items()}}
        self.context = msgspec.structs.replace(context, organizations=ids)

    def organization(self, placed: LocatedRecord) -> IncomingEntry | None:
        said = carried_entry(self.file, placed, Organization)
        context = with_text_languages(placed, self.context)
        if said is None or not has_name(self.file, placed):
            return None
        theirs = carried_contacts(self.file, placed)
        base = Organization(key=key_of(placed.record, placed.id), name={}, kind="other", status="secondary")
        entry = base
        contacts = read_contacts(self.file, placed, context, self.file, day=self._verified(placed.id))
        if isinstance(said, Organization):
            made = organization_record(context, placed.id, said, theirs)
            again = read_contacts(
                self.file,
                LocatedRecord(made, placed.pointer, placed.id),
                context,
                HsdsFile(""),
                day=self._verified(placed.id),
            )
            contacts = changed_contacts(theirs, contacts, again)
            fields = self._organization_fields(placed, context)
            ours = self._organization_fields(LocatedRecord(made, placed.pointer, placed.id), context, quiet=True)
            if any(placed.record["name"] in each.values() for each in (said.name, *(n.name for n in said.names))):
                fields["name"] = ours["name"]  # its name of the day on which it was written out
            entry = with_hsds_changes(said, fields, ours, context)
        else:
            entry = msgspec.structs.replace(base, **self._organization_fields(placed, context))
            if len(entry.name) == 1:
                entry = msgspec.structs.replace(entry, name_language=context.short)
        made = organization_record(context, placed.id, entry, contacts)
        for each in contacts:
            self._add_contact(each, placed.id, entry.key)
        content = entry_content(entry, "roles", "services", "contacts") | _kept(placed, made)
        return IncomingEntry(entry.key, content, placed.id)

    def service(self, placed: LocatedRecord) -> IncomingEntry | None:
        owner = self.file.owners.get(placed.id)
        if owner is None or owner not in self.keys:
            self.file.find(placed.pointer, msg("The organization of this service is neither in this file nor here."))
            return None
        said = carried_entry(self.file, placed, Service)
        context = with_text_languages(placed, self.context)
        day = day_of(self.file, placed, _ASSURED) or self.verified_on
        if day is None:
            sentence = msg("The day on which this was last verified is needed here (assured_date or --verified-on).")
            self.file.find(join(placed.pointer, _ASSURED), sentence)
        if said is None or not has_name(self.file, placed) or day is None:
            return None
        if isinstance(said, Service) and not is_usable(self.file, placed, said):
            return None
        notes = HsdsFile(self.file.name)
        fields = service_fields(self.file, placed, context, day, notes)
        ours: dict[str, Any] = {}
        if isinstance(said, Service):
            made = LocatedRecord(service_record(context, placed.id, said, owner), placed.pointer, placed.id)
            ours = service_fields(self.file, made, context, said.verified_on, HsdsFile(""))
            if lacks_lists(placed.record):
                fields |= {name: ours[name] for name in _FROM_LISTS}
            entry = with_hsds_changes(said, fields, ours, context)
        else:
            base = Service(key=key_of(placed.record, placed.id), name={}, about={}, audience="public",
                           verified_on=day, status="secondary")  # fmt: skip
            entry = msgspec.structs.replace(base, **fields, name_language=context.short)
        if fields != ours:
            self.file.findings += notes.findings
        if not is_usable(self.file, placed, entry):
            return None
        content = entry_content(entry, organization=self.keys[owner])
        return IncomingEntry(
            entry.key, content | _kept(placed, service_record(context, placed.id, entry, owner)), placed.id
        )

    def _add_contact(self, owned: OwnedContact, organization: UUID, key: str) -> None:
        """Adds a contact; one that several organizations share gets an id for each."""
        id_, contact = owned.id, owned.contact
        if any(id_ == each.id or contact.key == each.key for each in self.contacts):
            id_ = uuid5(organization, str(id_))
            contact = msgspec.structs.replace(contact, key=f"hsds_{id_.hex}")
        self.contacts.append(IncomingEntry(contact.key, entry_content(contact, organization=key), id_))

    def _organization_fields(
        self, placed: LocatedRecord, context: RecordContext, *, quiet: bool = False
    ) -> dict[str, Any]:
        record = placed.record
        fields: dict[str, Any] = {"name": {context.short: record["name"]}}
        description = text_of(self.file, placed, "description")
        if description and description != record["name"]:
            fields["note"] = {context.short: description}
        fields["short_name"] = text_of(self.file, placed, "alternate_name")
        if (parent := record.get("parent_organization_id")) is not None:
            key = self.keys.get(as_uuid(parent) or UUID(int=0), "")
            fields["parent"] = key
            if not key and not quiet:
                sentence = msg("This organization is neither in this file nor here: kept, not used.")
                self.file.warn(join(placed.pointer, "parent_organization_id"), sentence)
        return fields

    def _verified(self, organization: UUID) -> dt.date | None:
        """Returns when an organization's contacts were verified:
        with the last of its services, or as the person says."""
        own = [id_ for id_, owner in self.file.owners.items() if owner == organization]
        said = (parse_day(self.file.services[id_].record.get(_ASSURED)) for id_ in own if id_ in self.file.services)
        return max((day for day in said if day), default=self.verified_on)


def _kept(placed: LocatedRecord, made: Record) -> dict[str, Any]:
    """Returns what a record says that we would not say by ourselves, and what we would say that it does not."""
    record = placed.record
    if lacks_lists(record):
        made = without_lists(made)
    fields = {name: value for name, value in record.items() if name != EXTENSION and made.get(name) != value}
    without = sorted(name for name in made if name not in record and name != EXTENSION)
    return {"hsds": {"fields": fields, "without": without}} if fields or without else {}
