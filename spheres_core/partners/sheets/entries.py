"""From the sheets of a directory to its entries, and to everything that stands against them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct, field

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.sheet_columns import Line, Place, Table, folded, set_at, typed, understand
from spheres_core.foundation.content.spreadsheets import Grid
from spheres_core.foundation.content.struct_reader import KEY
from spheres_core.partners.directory_file import check_directory
from spheres_core.partners.schemas.directory import ROLES, Directory
from spheres_core.partners.sheets.entry_columns import (
    ORGANIZATION_COLUMNS,
    QUICK,
    ROLE,
    ROLE_COLUMNS,
    SERVICE,
    SERVICE_COLUMNS,
)
from spheres_core.partners.sheets.sheet_source import Reading, SheetSource, fill, key_from
from spheres_core.partners.sheets.tables import (
    AREAS,
    CONTACT_SHEET,
    COORDINATION,
    DIRECTORY,
    EMERGENCY,
    PARTNERS,
    ROLE_NAMES,
)
from spheres_core.partners.sheets.vocabulary import CONTACTS

UNSURE: Final = "to_confirm"
CONTACT_LABELS: Final[Mapping[str, Message]] = {
    "phone": msg("Telephone"),
    "text": msg("Text messages"),
    "email": msg("E-mail"),
    "website": msg("Website"),
    "address": msg("Address"),
}


class Elsewhere(Struct, frozen=True):
    """An entry that no row holds, as `partners.toml` would have it, and where it stands."""

    entry: dict[str, Any]
    place: Place
    inner: dict[str, Place] = field(default_factory=dict)
    """Where its services and contacts stand, by place in the entry: `services[0]`."""


class Given(Struct, frozen=True):
    """What a directory is read from."""

    grids: Mapping[str, Sequence[Grid]]
    """Sheets by topic."""
    organizations: Sequence[Elsewhere] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)
    """Keys of `partners.toml` that no sheet holds, such as `illustrative`."""


def read_directory(given: Given, reading: Reading) -> Directory:
    """The directory in these sheets. Raises ContentInvalid with every finding, each with its cell."""
    file = next((grid.file for grids in given.grids.values() for grid in grids), PARTNERS.topic)
    source = SheetSource(reading, file)
    lines = {table.topic: _lines(source, given, table) for table in DIRECTORY}
    source.raw |= given.extras
    _role_names(source, lines[ROLE_NAMES.topic])
    _areas(source, lines[AREAS.topic])
    _Organizations(source).read(lines[PARTNERS.topic], given.organizations)
    _contacts(source, lines[CONTACT_SHEET.topic])
    _entries(source, "emergency_contacts", EMERGENCY, lines[EMERGENCY.topic])
    _entries(source, "coordination", COORDINATION, lines[COORDINATION.topic])
    return check_directory(source)


def learn_areas(grids: Sequence[Grid], reading: Reading) -> dict[str, dict[str, str]]:
    """The areas of a sheet by key, for what is read before the directory is. Says nothing of what is wrong."""
    lines = [line for grid in grids for line in understand(grid, AREAS, reading.languages)[0]]
    return {_area_key(line): dict(reading.translate(line.words("name"), line.place("name"))) for line in lines}


def _lines(source: SheetSource, given: Given, table: Table) -> list[Line]:
    found: list[Line] = []
    for grid in given.grids.get(table.topic, ()):
        lines, findings = understand(grid, table, source.languages)
        source.note(findings)
        found += lines
        if findings and not lines and table in (AREAS, PARTNERS):
            source.reading.names["area" if table is AREAS else "organization"].known = False
    return found


def _role_names(source: SheetSource, lines: Sequence[Line]) -> None:
    roles = source.reading.names["role"]
    for code, name in ROLES.items():
        said = (source.reading.say(name, tag) for tag in ("en-CA", "fr-CA", *source.languages))
        roles.add(code, name.msgid, *filter(None, said))
    own = source.raw.setdefault("role_names", {})
    for line in lines:
        words = source.reading.translate(line.words("name"), line.place("name"))
        key = line.text("key") or key_from(*list(words.values())[:1])
        source.stands(f"role_names.{key}", line, fields={"": "name"})
        if not KEY.fullmatch(key):
            source.spoil(f"role_names.{key}", _not_a_key(key), line.place("key"))
        elif key in own:
            source.spoil(f"role_names.{key}", msg("The key {key} is given twice.", key=key), line.place("key"))
        own[key] = dict(words)
        roles.add(key, *words.values())


def _area_key(line: Line) -> str:
    return line.text("key") or key_from(*list(line.words("name").values())[:1])


def _areas(source: SheetSource, lines: Sequence[Line]) -> None:
    for line in lines:
        source.reading.names["area"].add(_area_key(line), *line.words("name").values())
    areas = source.raw.setdefault("areas", [])
    for i, line in enumerate(lines):
        place = f"areas[{i}]"
        source.stands(place, line)
        areas.append({"key": _area_key(line)} | fill(source, line, AREAS.columns, "", place))
        _check_key(source, areas[-1], place, line, "name")


def _check_key(source: SheetSource, entry: dict[str, Any], place: str, line: Line, name: str) -> None:
    if not entry["key"]:
        sentence = msg("No key can be made of this name: write one in the column “key”, in small letters.")
        source.spoil(f"{place}.key", sentence, line.place(name))


def _not_a_key(key: str) -> Message:
    return msg("{key} is not a key: small letters, digits and underscores.", key=key)


class _Organizations:
    """The rows of the partner sheet, gathered by organization."""

    def __init__(self, source: SheetSource) -> None:
        self.source = source
        self.entries: list[dict[str, Any]] = source.raw.setdefault("organizations", [])
        self.first: dict[str, Line] = {}
        self.places: dict[str, str] = {}
        self.contacts: dict[str, list[dict[str, Any]]] = {}

    def read(self, lines: Sequence[Line], elsewhere: Sequence[Elsewhere]) -> None:
        named = [(line, key) for line in lines if (key := self._key(line)) is not None]
        names = self.source.reading.names["organization"]
        for line, key in named:
            names.add(key, line.text("short_name"), *line.words("name").values())
        for each in elsewhere:
            names.add(each.entry["key"], each.entry.get("short_name", ""), *each.entry.get("name", {}).values())
        for line, key in named:
            self._row(line, key)
        for each in elsewhere:
            self._elsewhere(each)

    def _key(self, line: Line) -> str | None:
        """The organization a row is of: its key, or the one of an earlier row with the same name."""
        words = line.words("name")
        written = line.text("key")
        if not words and not written:
            said = msg("Which organization this row is of is needed here: repeat its name.")
            self.source.note([line.place("name", self.source.languages[0]).finding(said)])
            return None
        same = {folded(name) for name in words.values()}
        for key, first in self.first.items():
            if key == written or (not written and same & {folded(name) for name in first.words("name").values()}):
                return key
        key = written or key_from(*list(words.values())[:1])
        self.first[key] = line
        return key

    def _row(self, line: Line, key: str) -> None:
        place = self.places.get(key)
        if place is None:
            place = self.places[key] = f"organizations[{len(self.entries)}]"
            self.source.stands(place, line)
            entry = {"key": key} | fill(self.source, line, ORGANIZATION_COLUMNS, "", place)
            entry.setdefault("status", UNSURE)
            self._in_one_language(entry)
            self.entries.append(entry)
            _check_key(self.source, entry, place, line, "name")
        else:
            self._same(line, key)
        entry = self.entries[int(place[len("organizations[") : -1])]
        self._roles(line, entry, place)
        self._service(line, entry, place)
        self._quick(line, entry, place)

    def _in_one_language(self, entry: dict[str, Any]) -> None:
        """A name that is given in one of several languages exists in that one."""
        words = entry.get("name", {})
        if len(words) == 1 and len(self.source.languages) > 1:
            entry.setdefault("name_language", next(iter(words)))

    def _same(self, line: Line, key: str) -> None:
        """A later row of an organization may repeat what the first said, or leave it empty."""
        first = self.first[key]
        for column, tag in line.heads.values():
            if column.field not in _OWN_FIELDS:
                continue
            said, before = line.text(column.field, tag), first.text(column.field, tag)
            if said and said != before:
                number = first.row.number
                sentence = (
                    msg("Row {row} says otherwise of this organization: “{before}”.", row=number, before=before)
                    if before
                    else msg("Row {row} is the first of this organization: write it there.", row=number)
                )
                self.source.note([line.place(column.field, tag).finding(sentence)])

    def _roles(self, line: Line, entry: dict[str, Any], place: str) -> None:
        fields = [ROLE + column.field for column in ROLE_COLUMNS]
        if not line.says_something(fields):
            return
        written = [part.strip() for part in line.text(f"{ROLE}role").split(";") if part.strip()]
        if not written:
            self.source.note([line.place(f"{ROLE}role").finding(msg("Which role this is about is needed here."))])
        roles = entry.setdefault("roles", [])
        for name in written:
            at = f"{place}.roles[{len(roles)}]"
            self.source.stands(at, line, prefix=ROLE)
            role = fill(self.source, line, _ROLE_DETAILS, ROLE, at) if name == written[0] else dict(roles[-1])
            role.setdefault("status", entry["status"])
            names = self.source.reading.names["role"]
            if (code := names.find(name)) is None:
                self.source.spoil(f"{at}.role", names.why_not(name), line.place(f"{ROLE}role"))
            roles.append(role | {"role": code or name})

    def _service(self, line: Line, entry: dict[str, Any], place: str) -> None:
        own = [SERVICE + column.field for column in SERVICE_COLUMNS if column.field != "verified_on"]
        if not line.says_something(own):
            return
        services = entry.setdefault("services", [])
        at = f"{place}.services[{len(services)}]"
        self.source.stands(at, line, prefix=SERVICE)
        service = fill(self.source, line, SERVICE_COLUMNS, SERVICE, at)
        service.setdefault("status", entry["status"])
        if not service.get("areas") and not service.get("province_wide") and entry.get("areas"):
            service["areas"] = entry["areas"]
            if self.source.is_muted(f"{place}.areas"):
                self.source.mute(f"{at}.areas")
        service.setdefault("key", key_from(entry["key"], *list(service.get("name", {}).values())[:1]))
        _check_key(self.source, service, at, line, f"{SERVICE}name")
        services.append(service)

    def _quick(self, line: Line, entry: dict[str, Any], place: str) -> None:
        contacts = entry.setdefault("contacts", [])
        for kind in CONTACTS:
            value = line.text(QUICK + kind)
            if not value or any((each["kind"], each["value"]) == (kind, value) for each in contacts):
                continue
            at = f"{place}.contacts[{len(contacts)}]"
            column = QUICK + kind
            fields = {"value": column, "label": column, "key": column, "verified_on": f"{SERVICE}verified_on"}
            self.source.stands(at, line, fields={**fields, "": column})
            contact: dict[str, Any] = {
                "key": _numbered(f"{entry['key'][:30]}_{kind}", contacts),
                "kind": kind,
                "value": value,
            }
            day = fill(self.source, line, _VERIFIED, SERVICE, at)
            label = self._label(kind, line.place(column))
            contacts.append(contact | {"label": label, "status": entry["status"]} | day)
        if not contacts:
            del entry["contacts"]

    def _label(self, kind: str, place: Place) -> dict[str, str]:
        said = {
            tag.partition("-")[0]: self.source.reading.say(CONTACT_LABELS[kind], tag) for tag in self.source.languages
        }
        return dict(self.source.reading.translate({tag: text for tag, text in said.items() if text}, place))

    def _elsewhere(self, each: Elsewhere) -> None:
        place = f"organizations[{len(self.entries)}]"
        self.source.stands_at(place, each.place)
        for inner, at in each.inner.items():
            self.source.stands_at(f"{place}.{inner}", at)
        self.entries.append(each.entry)


_OWN_FIELDS: Final = {column.field for column in ORGANIZATION_COLUMNS} - {"key"}
_ROLE_DETAILS: Final = tuple(column for column in ROLE_COLUMNS if column.field != "role")
_VERIFIED: Final = tuple(column for column in SERVICE_COLUMNS if column.field == "verified_on")


def _numbered(key: str, among: Iterable[Mapping[str, Any]]) -> str:
    """The key, with a number when it is taken."""
    taken = {each["key"] for each in among}
    return next(each for n in range(1, 10_000) if (each := key if n == 1 else f"{key}_{n}") not in taken)


def _contacts(source: SheetSource, lines: Sequence[Line]) -> None:
    organizations = {each["key"]: (i, each) for i, each in enumerate(source.raw["organizations"])}
    for line in lines:
        found = organizations.get(source.reading.names["organization"].find(line.text("organization")) or "")
        owner, place = (found[1], f"organizations[{found[0]}].contacts") if found else (source.raw, "contacts")
        contacts = owner.setdefault("contacts", [])
        at = f"{place}[{len(contacts)}]"
        source.stands(at, line)
        entry = fill(source, line, CONTACT_SHEET.columns, "", at)
        entry.pop("organization", None)
        entry.setdefault("status", UNSURE)
        about = str(owner["key"])[:30] if found else "programme"
        entry.setdefault("key", _numbered(f"{about}_{entry.get('kind', '')}", contacts))
        contacts.append(entry)


def _entries(source: SheetSource, name: str, table: Table, lines: Sequence[Line]) -> None:
    entries: list[dict[str, Any]] = []
    for line in lines:
        at = f"{name}[{len(entries)}]"
        source.stands(at, line)
        entry = fill(source, line, table.columns, "", at)
        entry.setdefault("status", UNSURE)
        if not entry.get("key"):
            entry["key"] = _entry_key(entry)
            _check_key(source, entry, at, line, "name" if table is EMERGENCY else "organization")
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
    """Keys of `partners.toml` beside its lists, from rows such as `illustrative` and `data_governance.body`."""
    made: dict[str, Any] = {}
    for name, text in texts.items():
        value = typed(Directory, name, text)
        set_at(made, name, text if value is None else value)
    for name, said in words.items():
        set_at(made, name, dict(said))
    return made
