"""From a directory to its sheets: what is written reads back as the same entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from spheres_core.facts import Message
from spheres_core.foundation.content import toml
from spheres_core.foundation.content.sheet_columns import (
    Column,
    Header,
    Table,
    columns_used,
    get_at,
    header_of,
    in_language,
    normalized,
)
from spheres_core.foundation.content.workbooks import WrittenColumn, WrittenSheet
from spheres_core.partners.code_lists import Catalogue, Terms
from spheres_core.partners.schemas.directory import ROLES, Directory
from spheres_core.partners.sheets.cell_values import OLDEST
from spheres_core.partners.sheets.entry_columns import ROLE, SERVICE
from spheres_core.partners.sheets.tables import (
    ACTIVITIES,
    AREAS,
    CONTACT_SHEET,
    COORDINATION,
    EMERGENCY,
    GOALS,
    LIST_ITEMS,
    PARTNERS,
    ROLE_NAMES,
    STAGES,
    TERMS,
    choices_of,
)
from spheres_core.partners.written_hours.opening_hours import write_hours

EntryValues = dict[str, Any]
Say = Callable[[Message, str], str]
_OURS: Final = ("en-CA", "fr-CA")
_WIDE: Final = frozenset({"words"})
_IN_SHEETS: Final = ("format", "areas", "organizations", "coordination", "contacts", "emergency_contacts", "role_names")


class SheetAudience(Struct, frozen=True):
    """Who reads the sheets: languages of the plugin, and the one that headers are in."""

    languages: tuple[str, ...]
    language: str
    say: Say


def as_file_values(entry: Struct) -> EntryValues:
    """Returns an entry as its file would have it: by the names of the file, without what is the default."""
    made: EntryValues = {}
    for each in msgspec.structs.fields(entry):
        value = getattr(entry, each.name)
        if each.required or value != _default(each):
            made[each.encode_name] = _plain(value)
    return made


def directory_sheets(directory: Directory | None, audience: SheetAudience) -> list[WrittenSheet]:
    """Returns the sheets of a directory; empty ones to fill when there is none."""
    content = as_file_values(directory) if directory else {}
    organizations: list[EntryValues] = content.get("organizations", [])
    own = content.get("role_names", {})
    roles = {code: [said for tag in (audience.language, *_OURS) if (said := audience.say(name, tag))]
             for code, name in ROLES.items()}  # fmt: skip
    known = {
        "organization": _unique(
            {each["key"]: [*each["name"].values(), each.get("short_name", "")] for each in organizations}
        ),
        "area": _unique({each["key"]: [*each["name"].values()] for each in content.get("areas", ())}),
        "role": _unique(roles | {key: [*each.values()] for key, each in own.items()}),
    }
    sheet = _Sheets(audience, known)
    return [
        sheet.written(PARTNERS, [row for each in organizations for row in _rows(each)]),
        sheet.written(AREAS, content.get("areas", [])),
        sheet.written(CONTACT_SHEET, _contacts(content)),
        sheet.written(EMERGENCY, content.get("emergency_contacts", [])),
        sheet.written(COORDINATION, content.get("coordination", [])),
        sheet.written(ROLE_NAMES, [{"key": key, "name": words} for key, words in own.items()]),
    ]


def extras(directory: Directory) -> EntryValues:
    """Returns what of a directory stands in none of its sheets."""
    return {name: value for name, value in as_file_values(directory).items() if name not in _IN_SHEETS}


def terms_sheet(terms: Terms | None, audience: SheetAudience) -> WrittenSheet:
    """Returns the region's own words."""
    return _Sheets(audience, {}).written(TERMS, [as_file_values(each) for each in terms.terms] if terms else [])


def catalogue_sheets(catalogue: Catalogue, audience: SheetAudience) -> list[WrittenSheet]:
    """Returns the sheets of a region's own lists that have something in them."""
    content = as_file_values(catalogue)
    stages = [
        {**({name: value for name, value in model.items() if name != "stages"} if i == 0 else {"key": model["key"]}),
         "stage": stage}
        for model in content.get("stage_models", ())
        for i, stage in enumerate(model["stages"])
    ]  # fmt: skip
    further = (
        (ACTIVITIES, content.get("activities", ())),
        (STAGES, stages),
        (GOALS, content.get("goal_templates", ())),
    )
    made = [_lists_sheet(content, audience)]
    return [*made, *(_Sheets(audience, {}).written(table, rows) for table, rows in further if rows)]


def _lists_sheet(content: EntryValues, audience: SheetAudience) -> WrittenSheet:
    rows: list[EntryValues] = []
    for name, listed in content.items():
        if isinstance(listed, dict):
            own = [{"list": name, **item} for item in listed["items"]]
            own[:1] = [{**each, "derived_from": listed.get("derived_from", "")} for each in own[:1]]
            rows += own
    return _Sheets(audience, {}).written(LIST_ITEMS, rows)


def entries_sheet(table: Table, entries: Sequence[EntryValues], audience: SheetAudience) -> WrittenSheet:
    """Returns the sheet of a table that names no partner, area or role."""
    return _Sheets(audience, {}).written(table, entries)


class _Sheets:
    def __init__(self, audience: SheetAudience, known: Mapping[str, Mapping[str, str]]) -> None:
        self.audience = audience
        self.known = known

    def written(self, table: Table, rows: Sequence[EntryValues]) -> WrittenSheet:
        heads = [head for column in table.columns for head in columns_used(column, rows, self.audience.languages)]
        return WrittenSheet(
            table.name(self.audience.language),
            tuple(self.column(head) for head in heads),
            tuple(tuple(self.cell(head, row) for head in heads) for row in rows),
        )

    def column(self, head: Header) -> WrittenColumn:
        language = self.audience.language
        offered = {of: tuple(names.values()) for of, names in self.known.items()}
        about = head.column.about
        return WrittenColumn(
            header_of(head, language),
            self.audience.say(about, language) or about.msgid.format(**about.params),
            choices_of(head.column, offered, language),
            width=36 if head.column.kind in _WIDE else 20,
        )

    def cell(self, head: Header, row: EntryValues) -> str:
        column, tag = head
        value = get_at(row, column.field)
        if value is None or value in ("", [], {}):
            return ""
        if column.kind == "words":
            return str(value.get(tag, ""))
        return self.said(column, value)

    def said(self, column: Column, value: Any) -> str:
        language = self.audience.language
        if column.kind == "flag":
            return ("oui" if value else "non") if language.startswith("fr") else ("yes" if value else "no")
        if column.kind == "choice":
            return in_language(column.choices[value], language) if value in column.choices else str(value)
        if column.kind == "reference":
            return self.known.get(column.of, {}).get(value, str(value))
        if column.kind == "references":
            return "; ".join(self.known.get(column.of, {}).get(each, each) for each in value)
        if column.kind in ("list", "languages"):
            return "; ".join(value)
        if column.kind == "ages":
            return f"{value[0]}+" if value[1] == OLDEST else f"{value[0]}-{value[1]}"
        if column.kind == "hours":
            return write_hours(value, language)
        if column.kind == "toml":
            return toml.value(value)
        return value.isoformat() if isinstance(value, dt.date) else str(value)


def _rows(organization: EntryValues) -> Iterable[EntryValues]:
    """Returns as many rows as it has roles or services, and one at least; each with the organization's name."""
    own = {name: value for name, value in organization.items() if name not in ("roles", "services", "contacts")}
    roles, services = organization.get("roles", []), organization.get("services", [])
    for i in range(max(1, len(roles), len(services))):
        row = own if i == 0 else {"name": own["name"], "key": own["key"]}
        role = {ROLE + name: value for name, value in roles[i].items()} if i < len(roles) else {}
        service = {SERVICE + name: value for name, value in services[i].items()} if i < len(services) else {}
        yield {**row, **_nested(role), **_nested(service)}


def _nested(flat: EntryValues) -> EntryValues:
    made: EntryValues = {}
    for name, value in flat.items():
        head, _, rest = name.partition(".")
        made.setdefault(head, {})[rest] = value
    return made


def _contacts(content: EntryValues) -> list[EntryValues]:
    of = [
        {"organization": each["key"], **contact}
        for each in content.get("organizations", [])
        for contact in each.get("contacts", [])
    ]
    return [*content.get("contacts", []), *of]


def _unique(names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Returns by key what a cell calls each thing: its first name, or the key where another one has that name or key
    too."""
    owners: dict[str, set[str]] = {}
    for key, own in names.items():
        for name in (key, *own):
            owners.setdefault(normalized(name), set()).add(key)
    return {key: own[0] if own and _may_stand(own[0]) and len(owners[normalized(own[0])]) == 1 else key
            for key, own in names.items()}  # fmt: skip


def _may_stand(name: str) -> bool:
    """Returns whether a cell with several names can hold this one."""
    return bool(normalized(name)) and not {",", ";", "\n"} & set(name)


def _default(each: msgspec.structs.FieldInfo) -> Any:
    return each.default_factory() if each.default_factory is not msgspec.NODEFAULT else each.default


def _plain(value: Any) -> Any:
    if isinstance(value, Struct):
        return as_file_values(value)
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
