"""Reads the sheets of a directory into its entries, and finds everything that stands against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.grids import Grid
from spheres_core.foundation.content.sheet_columns import SheetRow, Table, read_rows, set_at, typed
from spheres_core.foundation.content.struct_reader import KEY
from spheres_core.partners.directory_file import check_directory
from spheres_core.partners.schemas.directory import ROLES, Directory
from spheres_core.partners.sheets.cell_values import read_cells
from spheres_core.partners.sheets.entry_keys import check_key, key_from, numbered_key
from spheres_core.partners.sheets.known_names import SheetContext
from spheres_core.partners.sheets.organization_rows import OrganizationRows, PlacedEntry
from spheres_core.partners.sheets.sheet_source import SheetSource
from spheres_core.partners.sheets.tables import (
    AREAS,
    CONTACT_SHEET,
    COORDINATION,
    DIRECTORY,
    EMERGENCY,
    PARTNERS,
    ROLE_NAMES,
)
from spheres_core.partners.sheets.vocabulary import UNSURE


class DirectorySheets(Struct, frozen=True):
    """The sheets that a directory is read from."""

    grids: Mapping[str, Sequence[Grid]]
    """Sheets by topic."""
    organizations: Sequence[PlacedEntry] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)
    """Keys of `partners.toml` that no sheet holds, such as `illustrative`."""


def read_directory(sheets: DirectorySheets, reading: SheetContext) -> Directory:
    """Returns the directory in these sheets. Raises ContentInvalid with every finding, each with its cell."""
    file = next((grid.file for grids in sheets.grids.values() for grid in grids), PARTNERS.topic)
    source = SheetSource(reading, file)
    lines = {table.topic: _lines(source, sheets, table) for table in DIRECTORY}
    source.raw |= sheets.extras
    _role_names(source, lines[ROLE_NAMES.topic])
    _areas(source, lines[AREAS.topic])
    OrganizationRows(source).read(lines[PARTNERS.topic], sheets.organizations)
    _contacts(source, lines[CONTACT_SHEET.topic])
    _entries(source, "emergency_contacts", EMERGENCY, lines[EMERGENCY.topic])
    _entries(source, "coordination", COORDINATION, lines[COORDINATION.topic])
    return check_directory(source)


def read_area_names(grids: Sequence[Grid], reading: SheetContext) -> dict[str, dict[str, str]]:
    """Returns the areas of a sheet by key, for what is read before the directory is. Says nothing of what is wrong."""
    lines = [line for grid in grids for line in read_rows(grid, AREAS, reading.spoken)[0]]
    return {_area_key(line): dict(reading.translate(line.words("name"), line.place("name"))) for line in lines}


def _lines(source: SheetSource, sheets: DirectorySheets, table: Table) -> list[SheetRow]:
    found: list[SheetRow] = []
    for grid in sheets.grids.get(table.topic, ()):
        lines, findings = read_rows(grid, table, source.reading.spoken)
        source.note(findings)
        found += lines
        if findings and not lines and table in (AREAS, PARTNERS):
            source.reading.names["area" if table is AREAS else "organization"].known = False
    return found


def _role_names(source: SheetSource, lines: Sequence[SheetRow]) -> None:
    roles = source.reading.names["role"]
    for code, name in ROLES.items():
        said = (source.reading.say(name, tag) for tag in ("en-CA", "fr-CA", *source.languages))
        roles.add(code, name.msgid, *filter(None, said))
    own = source.raw.setdefault("role_names", {})
    for line in lines:
        words = source.reading.translate(line.words("name"), line.place("name"))
        key = line.text("key") or key_from(*list(words.values())[:1])
        source.record_row(f"role_names.{key}", line, fields={"": "name"})
        if not KEY.fullmatch(key):
            source.reject(f"role_names.{key}", _not_a_key(key), line.place("key"))
        elif key in own:
            source.reject(f"role_names.{key}", msg("The key {key} is given twice.", key=key), line.place("key"))
        own[key] = dict(words)
        roles.add(key, *words.values())


def _area_key(line: SheetRow) -> str:
    return line.text("key") or key_from(*list(line.words("name").values())[:1])


def _areas(source: SheetSource, lines: Sequence[SheetRow]) -> None:
    for line in lines:
        source.reading.names["area"].add(_area_key(line), *line.words("name").values())
    areas = source.raw.setdefault("areas", [])
    for i, line in enumerate(lines):
        place = f"areas[{i}]"
        source.record_row(place, line)
        areas.append({"key": _area_key(line)} | read_cells(source, line, AREAS.columns, "", place))
        check_key(source, areas[-1], place, line, "name")


def _not_a_key(key: str) -> Message:
    return msg("{key} is not a key: small letters, digits and underscores.", key=key)


def _contacts(source: SheetSource, lines: Sequence[SheetRow]) -> None:
    organizations = {each["key"]: (i, each) for i, each in enumerate(source.raw["organizations"])}
    for line in lines:
        found = organizations.get(source.reading.names["organization"].find(line.text("organization")) or "")
        owner, place = (found[1], f"organizations[{found[0]}].contacts") if found else (source.raw, "contacts")
        contacts = owner.setdefault("contacts", [])
        at = f"{place}[{len(contacts)}]"
        source.record_row(at, line)
        entry = read_cells(source, line, CONTACT_SHEET.columns, "", at)
        entry.pop("organization", None)
        entry.setdefault("status", UNSURE)
        about = str(owner["key"])[:30] if found else "programme"
        entry.setdefault("key", numbered_key(f"{about}_{entry.get('kind', '')}", contacts))
        contacts.append(entry)


def _entries(source: SheetSource, name: str, table: Table, lines: Sequence[SheetRow]) -> None:
    entries: list[dict[str, Any]] = []
    for line in lines:
        at = f"{name}[{len(entries)}]"
        source.record_row(at, line)
        entry = read_cells(source, line, table.columns, "", at)
        entry.setdefault("status", UNSURE)
        if not entry.get("key"):
            entry["key"] = _entry_key(entry)
            check_key(source, entry, at, line, "name" if table is EMERGENCY else "organization")
        entries.append(entry)
    if entries:
        source.raw[name] = entries


def _entry_key(entry: Mapping[str, Any]) -> str:
    if "organization" in entry:
        return key_from(str(entry["organization"])[:30], str(entry.get("from", ""))[:4])
    areas = entry.get("areas")
    where = str(areas[0]) if isinstance(areas, list) and areas else ""
    return key_from(*list(entry.get("name", {}).values())[:1], where)


def extras_of(texts: Mapping[str, str], words: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Returns keys of `partners.toml` beside its lists, from rows such as `illustrative` and `data_governance.body`."""
    made: dict[str, Any] = {}
    for name, text in texts.items():
        value = typed(Directory, name, text)
        set_at(made, name, text if value is None else value)
    for name, said in words.items():
        set_at(made, name, dict(said))
    return made
