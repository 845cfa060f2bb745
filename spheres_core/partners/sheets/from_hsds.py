"""Reads an HSDS file as entries of a pack, with the reader of a tenant's import.

A pack says each text in each of its languages; an HSDS file says it in one. The translation sheet gives the others, and
what it does not give is found like any missing text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from spheres_core.facts import Words, msg
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.content.sheet_columns import Place
from spheres_core.partners.hsds.document import HsdsFile, LocatedRecord, read_document, read_file
from spheres_core.partners.hsds.entries import read_records
from spheres_core.partners.hsds.records import RecordContext
from spheres_core.partners.operations.entry_merge import IncomingEntry
from spheres_core.partners.sheets.entry_keys import key_from
from spheres_core.partners.sheets.known_names import SheetContext
from spheres_core.partners.sheets.organization_rows import PlacedEntry

_WORDS = ("name", "legal_name", "note", "about", "label")
_NAMED = ("name", "legal_name")


class FromHsds(Struct, frozen=True):
    """The organizations of a file with what they offer, and what is to mend or to know."""

    organizations: tuple[PlacedEntry, ...]
    findings: tuple[Finding, ...]


def read_hsds(
    path: Path,
    reading: SheetContext,
    *,
    areas: Mapping[str, Words],
    zone: str,
    now: dt.datetime,
    verified_on: dt.date | None,
) -> FromHsds:
    """Returns the entries of an HSDS file. `zone`: the one that times without an offset are in; `areas`: those of the
    sheet.

    Raises ContentInvalid when it is no HSDS at all; everything else is among the findings.
    """
    file = read_document(*read_file(path))
    context = RecordContext(languages=reading.languages, zone=zone, now=now, areas=areas)
    imported = read_records(file, context, verified_on=verified_on)
    keys = _keys(imported.organizations)
    organizations = {each.key: _organization(each, keys, reading, file) for each in imported.organizations}
    for entry in imported.services:
        _join(organizations, entry, file.services, "services", reading, file)
    for entry in imported.contacts:
        _join(organizations, entry, {}, "contacts", reading, file)
    left = [_left_out(file, placed, entry) for placed, entry in _pairs(file, imported.organizations, imported.services)]
    errors = [each for each in file.placed() if each.severity == "error"]
    return FromHsds(tuple(organizations.values()), (*errors, *_as_warnings(file), *filter(None, left)))


def _keys(entries: list[IncomingEntry]) -> dict[str, str]:
    """Returns a key that people can read for each that a file's id made."""
    made: dict[str, str] = {}
    for each in entries:
        readable = key_from(*list(each.content["name"].values())[:1]) if each.key.startswith("hsds_") else each.key
        made[each.key] = each.key if not readable or readable in made.values() else readable
    return made


def _organization(each: IncomingEntry, keys: Mapping[str, str], reading: SheetContext, file: HsdsFile) -> PlacedEntry:
    place = _place(file, file.organizations.get(each.id or UUID(int=0)))
    entry = {"key": keys[each.key], **_entry(each, reading, place)}
    if entry.get("parent"):
        entry["parent"] = keys.get(entry["parent"], entry["parent"])
    return PlacedEntry(entry, place)


def _join(
    organizations: Mapping[str, PlacedEntry],
    each: IncomingEntry,
    placed: Mapping[UUID, LocatedRecord],
    name: str,
    reading: SheetContext,
    file: HsdsFile,
) -> None:
    owner = organizations.get(each.content["organization"])
    if owner is None:
        return
    place = _place(file, placed.get(each.id or UUID(int=0))) if placed else owner.place
    entry = _entry(each, reading, place)
    del entry["organization"]
    if name == "services" and not entry.get("about"):
        entry["about"] = entry["name"]
    entries = owner.entry.setdefault(name, [])
    owner.inner[f"{name}[{len(entries)}]"] = place
    entries.append({"key": each.key, **entry})


def _entry(each: IncomingEntry, reading: SheetContext, place: Place) -> dict[str, Any]:
    """Returns the entry without what a pack has no place for, its words with their translations."""
    entry = {name: value for name, value in each.content.items() if name != "hsds" and value not in (None, "", [], {})}
    for name in _WORDS:
        if name in entry:
            only = entry.get("name_language") if name in _NAMED else ""
            entry[name] = dict(entry[name] if only else reading.translate(entry[name], place))
    for name in ("from", "until", "verified_on"):
        if isinstance(entry.get(name), str):
            entry[name] = dt.date.fromisoformat(entry[name])
    return entry


def _pairs(file: HsdsFile, *imported: list[IncomingEntry]) -> list[tuple[LocatedRecord, IncomingEntry]]:
    records = {**file.organizations, **file.services}
    return [(records[each.id], each) for entries in imported for each in entries if each.id in records]


def _left_out(file: HsdsFile, placed: LocatedRecord, each: IncomingEntry) -> Finding | None:
    """Returns what a record says that a pack does not hold."""
    fields = sorted((each.content.get("hsds") or {}).get("fields", {}))
    if not fields:
        return None
    said = msg("Not all of this has a place in a pack: look at {fields}.", fields=", ".join(fields))
    return _place(file, placed).finding(said, severity="warning")


def _as_warnings(file: HsdsFile) -> list[Finding]:
    """Returns what was not understood. The import keeps it for another export; a pack does not."""
    said = msg("This is not understood and is not in the pack.")
    return [msgspec.structs.replace(each, message=said) for each in file.placed() if each.severity == "warning"]


def _place(file: HsdsFile, placed: LocatedRecord | None) -> Place:
    return Place(file.name, key=(placed.pointer or "/") if placed else None)
