"""Reads the rows of the partner sheet: several rows may be of one organization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct, field

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.sheet_columns import Place, SheetRow, normalized
from spheres_core.partners.contact_values import contact_identity
from spheres_core.partners.sheets.cell_values import read_cells
from spheres_core.partners.sheets.entry_columns import (
    ORGANIZATION_COLUMNS,
    QUICK,
    ROLE,
    ROLE_COLUMNS,
    SERVICE,
    SERVICE_COLUMNS,
)
from spheres_core.partners.sheets.entry_keys import check_key, key_from, numbered_key
from spheres_core.partners.sheets.sheet_source import SheetSource
from spheres_core.partners.sheets.vocabulary import CONTACTS, UNSURE

CONTACT_LABELS: Final[Mapping[str, Message]] = {
    "phone": msg("Telephone"),
    "text": msg("Text messages"),
    "fax": msg("Fax"),
    "textphone": msg("Textphone (TTY)"),
    "pager": msg("Pager"),
    "video": msg("Video calls"),
    "email": msg("E-mail"),
    "website": msg("Website"),
    "address": msg("Address"),
}


class PlacedEntry(Struct, frozen=True):
    """An entry that no row holds, as `partners.toml` would have it, and where it stands."""

    entry: dict[str, Any]
    place: Place
    inner: dict[str, Place] = field(default_factory=dict)
    """Where its services and contacts stand, by place in the entry: `services[0]`."""


class OrganizationRows:
    """The rows of the partner sheet, gathered by organization."""

    def __init__(self, source: SheetSource) -> None:
        self.source = source
        self.entries: list[dict[str, Any]] = source.raw.setdefault("organizations", [])
        self.first: dict[str, SheetRow] = {}
        self.places: dict[str, str] = {}
        self.contacts: dict[str, list[dict[str, Any]]] = {}

    def read(self, lines: Sequence[SheetRow], placed_entries: Sequence[PlacedEntry]) -> None:
        named = [(line, key) for line in lines if (key := self._key(line)) is not None]
        names = self.source.reading.names["organization"]
        for line, key in named:
            names.add(key, line.text("short_name"), *line.words("name").values())
        for each in placed_entries:
            names.add(each.entry["key"], each.entry.get("short_name", ""), *each.entry.get("name", {}).values())
        for line, key in named:
            self._row(line, key)
        for each in placed_entries:
            self._elsewhere(each)

    def _key(self, line: SheetRow) -> str | None:
        """Returns the organization a row is of: its key, or the one of an earlier row with the same name."""
        words = line.words("name")
        written = line.text("key")
        if not words and not written:
            said = msg("Which organization this row is of is needed here: repeat its name.")
            self.source.note([line.place("name", self.source.languages[0]).finding(said)])
            return None
        same = {normalized(name) for name in words.values()}
        for key, first in self.first.items():
            if key == written or (not written and same & {normalized(name) for name in first.words("name").values()}):
                return key
        key = written or key_from(*list(words.values())[:1])
        self.first[key] = line
        return key

    def _row(self, line: SheetRow, key: str) -> None:
        place = self.places.get(key)
        if place is None:
            place = self.places[key] = f"organizations[{len(self.entries)}]"
            self.source.record_row(place, line)
            entry = {"key": key} | read_cells(self.source, line, ORGANIZATION_COLUMNS, "", place)
            entry.setdefault("status", UNSURE)
            self._in_one_language(entry)
            self.entries.append(entry)
            check_key(self.source, entry, place, line, "name")
        else:
            self._same(line, key)
        entry = self.entries[int(place[len("organizations[") : -1])]
        self._roles(line, entry, place)
        self._service(line, entry, place)
        self._quick(line, entry, place)

    def _in_one_language(self, entry: dict[str, Any]) -> None:
        """Notes that a name given in one of several languages exists in that one only."""
        words = entry.get("name", {})
        if len(words) == 1 and len(self.source.languages) > 1:
            entry.setdefault("name_language", next(iter(words)))

    def _same(self, line: SheetRow, key: str) -> None:
        """Finds where a later row of an organization says otherwise than the first;
        it may repeat it or leave it empty."""
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

    def _roles(self, line: SheetRow, entry: dict[str, Any], place: str) -> None:
        fields = [ROLE + column.field for column in ROLE_COLUMNS]
        if not line.says_something(fields):
            return
        written = [part.strip() for part in line.text(f"{ROLE}role").split(";") if part.strip()]
        if not written:
            self.source.note([line.place(f"{ROLE}role").finding(msg("Which role this is about is needed here."))])
        roles = entry.setdefault("roles", [])
        for name in written:
            at = f"{place}.roles[{len(roles)}]"
            self.source.record_row(at, line, prefix=ROLE)
            role = read_cells(self.source, line, _ROLE_DETAILS, ROLE, at) if name == written[0] else dict(roles[-1])
            role.setdefault("status", entry["status"])
            names = self.source.reading.names["role"]
            if (code := names.find(name)) is None:
                self.source.reject(f"{at}.role", names.why_not(name), line.place(f"{ROLE}role"))
            roles.append(role | {"role": code or name})

    def _service(self, line: SheetRow, entry: dict[str, Any], place: str) -> None:
        own = [SERVICE + column.field for column in SERVICE_COLUMNS if column.field != "verified_on"]
        if not line.says_something(own):
            return
        services = entry.setdefault("services", [])
        at = f"{place}.services[{len(services)}]"
        self.source.record_row(at, line, prefix=SERVICE)
        service = read_cells(self.source, line, SERVICE_COLUMNS, SERVICE, at)
        service.setdefault("status", entry["status"])
        if not service.get("areas") and not service.get("province_wide") and entry.get("areas"):
            service["areas"] = entry["areas"]
            if self.source.is_suppressed(f"{place}.areas"):
                self.source.suppress(f"{at}.areas")
        service.setdefault("key", key_from(entry["key"], *list(service.get("name", {}).values())[:1]))
        check_key(self.source, service, at, line, f"{SERVICE}name")
        services.append(service)

    def _quick(self, line: SheetRow, entry: dict[str, Any], place: str) -> None:
        contacts = entry.setdefault("contacts", [])
        for kind in CONTACTS:
            value = line.text(QUICK + kind)
            if not value or any(
                contact_identity(each["kind"], each["value"]) == contact_identity(kind, value) for each in contacts
            ):
                continue
            at = f"{place}.contacts[{len(contacts)}]"
            column = QUICK + kind
            fields = {"value": column, "label": column, "key": column, "verified_on": f"{SERVICE}verified_on"}
            self.source.record_row(at, line, fields={**fields, "": column})
            contact: dict[str, Any] = {
                "key": numbered_key(f"{entry['key'][:30]}_{kind}", contacts),
                "kind": kind,
                "value": value,
            }
            day = read_cells(self.source, line, _VERIFIED, SERVICE, at)
            label = self._label(kind, line.place(column))
            contacts.append(contact | {"label": label, "status": entry["status"]} | day)
        if not contacts:
            del entry["contacts"]

    def _label(self, kind: str, place: Place) -> dict[str, str]:
        said = {
            tag.partition("-")[0]: self.source.reading.say(CONTACT_LABELS[kind], tag) for tag in self.source.languages
        }
        return dict(self.source.reading.translate({tag: text for tag, text in said.items() if text}, place))

    def _elsewhere(self, each: PlacedEntry) -> None:
        place = f"organizations[{len(self.entries)}]"
        self.source.record_place(place, each.place)
        for inner, at in each.inner.items():
            self.source.record_place(f"{place}.{inner}", at)
        self.entries.append(each.entry)


_OWN_FIELDS: Final = {column.field for column in ORGANIZATION_COLUMNS} - {"key"}


_ROLE_DETAILS: Final = tuple(column for column in ROLE_COLUMNS if column.field != "role")


_VERIFIED: Final = tuple(column for column in SERVICE_COLUMNS if column.field == "verified_on")
