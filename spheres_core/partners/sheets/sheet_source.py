"""Entries that come from sheets, the cell behind each place in them, and everything found wrong so far."""

from __future__ import annotations

import datetime as dt
import re
import typing
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.content.sheet_columns import Place, SheetRow
from spheres_core.foundation.content.struct_reader import MISSING, S, Source, entry_kind
from spheres_core.partners.sheets.known_names import SheetContext

_NO_KEY: Final = "The key {key} is missing."


class _RowPosition(Struct, frozen=True):
    line: SheetRow
    prefix: str
    fields: Mapping[str, str]


class SheetSource(Source):
    """A `Source` whose entries come from sheets: findings name file, sheet, row and column."""

    def __init__(self, reading: SheetContext, name: str) -> None:
        self.name = name
        self.reading = reading
        self.raw: dict[str, Any] = {"format": 1}
        self.text = ""
        self.languages = reading.languages
        self.in_part = reading.in_part
        self.findings: list[Finding] = []
        self._entries: dict[str, _RowPosition | Place] = {}
        self._rejected: set[str] = set()
        self._incomplete: set[str] = set()

    def record_row(
        self, place: str, line: SheetRow, *, prefix: str = "", fields: Mapping[str, str] | None = None
    ) -> None:
        """Records that the entry at a place is made of this row; `fields`: columns by another name than prefix and
        field."""
        self._entries[place] = _RowPosition(line, prefix, fields or {})

    def record_place(self, place: str, there: Place) -> None:
        """Records where an entry stands that is no row."""
        self._entries[place] = there

    def find(self, key: str, message: Message) -> None:
        """Notes something wrong at a place, unless something was said of it already."""
        if any(key == each or key.startswith((f"{each}.", f"{each}[")) for each in self._rejected):
            return
        name, message = self._missing(message)
        place = self._place(key, name, message)
        if place.column is None and (absent := self._missing_column(key, name)) is not None:
            place, message = absent
            if any(each.message == message and each.sheet == place.sheet for each in self.findings):
                return
        self.findings.append(place.finding(message))

    def reject(self, key: str, message: Message, place: Place) -> None:
        """Notes that a cell cannot be read. Nothing else is then said of the place."""
        self.findings.append(place.finding(message))
        self._rejected.add(key)

    def suppress(self, key: str) -> None:
        """Keeps findings at a place back: what is behind it was said elsewhere."""
        self._rejected.add(key)

    def is_suppressed(self, key: str) -> bool:
        return key in self._rejected

    def note(self, findings: Iterable[Finding]) -> None:
        """Adds what was found before there were entries."""
        self.findings += findings

    def entries(self, name: str, kind: type[S]) -> list[tuple[str, S]]:
        """Returns the entries of a list. One with a wrong or missing value is among them with something in its place,
        so that checks of everything else go on; of that value nothing more is said."""
        given = self.raw.get(name)
        rows = given if isinstance(given, list) else []
        whole = [
            (f"{name}[{i}]", self._with_placeholders(kind, row, f"{name}[{i}]", name)) for i, row in enumerate(rows)
        ]
        return [(place, msgspec.convert(row, kind)) for place, row in whole]

    def all_read(self, name: str, entries: Sequence[object]) -> bool:  # noqa: ARG002 (as in every source)
        """Returns whether no entry of this list holds a placeholder."""
        return name not in self._incomplete

    def _with_placeholders(self, kind: type[Struct], row: Mapping[str, Any], place: str, name: str) -> dict[str, Any]:
        """Returns the entry with something sound for each value that is not."""
        made: dict[str, Any] = {}
        for each in msgspec.structs.fields(kind):
            here, value = f"{place}.{each.encode_name}", row.get(each.encode_name)
            inner = entry_kind(each.type)
            if inner is not None and isinstance(value, list) and all(isinstance(one, dict) for one in value):
                made[each.encode_name] = [
                    self._with_placeholders(inner, one, f"{here}[{i}]", name) for i, one in enumerate(value)
                ]
            elif each.encode_name in row and _is_valid(value, each.type):
                made[each.encode_name] = value
            elif each.encode_name in row or each.required:
                self._incomplete.add(name)
                self._rejected.add(here)
                made |= {each.encode_name: _placeholder(each.type)} if each.required else {}
        return made

    def finish(self) -> None:
        """Raises `ContentInvalid` when anything was found, in the order of files, sheets and rows."""
        if self.findings:
            raise ContentInvalid(sorted(self.findings, key=lambda f: (f.file, f.sheet or "", f.row or 0)))

    def at_its_cell(self, finding: Finding) -> Finding:
        """Returns a finding about a key of the file that was made of this, at the cell that the key came from."""
        return self._place(finding.key or "", "", finding.message).finding(finding.message)

    def _missing(self, message: Message) -> tuple[str, Message]:
        """Returns the field that a sentence misses, and the sentence as it is said of a sheet."""
        if message.msgid == _NO_KEY:
            return str(message.params["key"]), msg("A value is needed here.")
        return next((name for name, said in MISSING.items() if said.msgid == message.msgid), ""), message

    def _missing_column(self, key: str, name: str) -> tuple[Place, Message] | None:
        """Returns the place of a sheet's header and what is said there, when what a place misses has a column of its
        own and the sheet has not got it."""
        at, field = self._row_of(key, name)
        if not isinstance(at, _RowPosition) or (column := at.line.missing_column(field)) is None:
            return None
        grid = at.line.grid
        said = msg(
            "The column “{column}” is missing.", column=column.name(self.languages[0] if self.languages else "en")
        )
        return Place(grid.file, grid.sheet, grid.top), said

    def _row_of(self, key: str, name: str) -> tuple[_RowPosition | Place | None, str]:
        """Returns what the entry around a place is made of, and the field of its column."""
        entry, rest = key, ""
        while entry and entry not in self._entries:
            entry, _, last = entry.rpartition(".") if "." in entry else ("", "", entry)
            rest = f"{last}.{rest}" if rest else last
        at = self._entries.get(entry)
        wanted = re.sub(r"\[\d+\]", "", rest) or name
        if not isinstance(at, _RowPosition):
            return at, wanted
        return at, at.fields.get(wanted, at.prefix + wanted)

    def _place(self, key: str, name: str, message: Message) -> Place:
        language = str(message.params.get("language", ""))
        at, field = self._row_of(key, name)
        if at is None:
            return Place(self.name, key=key or None)
        if isinstance(at, Place):
            return at
        found = at.line.place(field, language)
        if found.column is None and "" in at.fields:
            found = at.line.place(at.fields[""])
        return found


def _is_valid(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _placeholder(kind: Any) -> Any:
    """Returns a sound value of a type, for the place of one that is not."""
    if typing.get_origin(kind) is typing.Literal:
        return typing.get_args(kind)[0]
    candidates: tuple[Any, ...] = ("", {}, [], 0, dt.date(2000, 1, 1))
    return next((value for value in candidates if _is_valid(value, kind)), None)
