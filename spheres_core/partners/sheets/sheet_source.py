"""Sheets while they are read: the entries they make, the cell behind each place, and all that is wrong so far."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content.language_tags import language_tag
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.content.sheet_columns import (
    Column,
    Line,
    Place,
    choice_of,
    day_of,
    flag_of,
    folded,
    list_of,
    not_a_choice,
    set_at,
)
from spheres_core.foundation.content.struct_reader import KEY, MISSING, S, Source, entry_kind
from spheres_core.partners.sheets.opening_hours import EXAMPLE, read_hours

_AGES: Final = re.compile(r"(\d{1,3})\s*(?:-|–|—|à|a|to|au)\s*(\d{1,3})(?:\s*(?:ans|years))?")
_FROM_AGE: Final = re.compile(r"(\d{1,3})\s*(?:\+|ans et plus|and over|or over)")
OLDEST: Final = 120
"""Completed years that stand for "no upper age"."""
_LONGEST_KEY: Final = 41
_NO_KEY: Final = "The key {key} is missing."


class Names:
    """What a kind of thing is called, so that a cell may name it by its name or by its key."""

    def __init__(self) -> None:
        self._keys: dict[str, set[str]] = {}
        self._written: dict[str, str] = {}
        self.known = True
        """False when the sheet that names them could not be read: then nothing is said of a name."""

    def add(self, key: str, *names: str) -> None:
        for name in (key, *names):
            if folded(name):
                self._keys.setdefault(folded(name), set()).add(key)
                self._written.setdefault(folded(name), name)

    def find(self, text: str) -> str | None:
        """The key that a text names; None when none or several do."""
        found = self._keys.get(folded(text), set())
        return next(iter(found)) if len(found) == 1 else None

    def why_not(self, text: str) -> Message:
        """What is said of a text that names nothing here."""
        if folded(text) in self._keys:
            return msg("Several are called “{value}”: write the key.", value=text)
        if close := get_close_matches(folded(text), self._written, 1, 0.6):
            return msg("“{value}” is not known here. Is it “{close}”?", value=text, close=self._written[close[0]])
        return msg("“{value}” is not known here.", value=text)


class Reading(Struct):
    """What surrounds one reading of sheets."""

    languages: tuple[str, ...]
    """The plugin's tags, as its plugin.toml has them."""
    say: Callable[[Message, str], str]
    """A sentence of the core in a language; empty when it is not known in it."""
    translate: Callable[[Words, Place], Words]
    """Words with what the translation sheet adds."""
    names: dict[str, Names] = field(default_factory=lambda: {"area": Names(), "organization": Names(), "role": Names()})


class _At(Struct, frozen=True):
    line: Line
    prefix: str
    fields: Mapping[str, str]


class SheetSource(Source):
    """A `Source` whose entries come from sheets: findings name file, sheet, row and column."""

    def __init__(self, reading: Reading, name: str) -> None:
        self.name = name
        self.reading = reading
        self.raw: dict[str, Any] = {"format": 1}
        self.text = ""
        self.languages = reading.languages
        self.findings: list[Finding] = []
        self._entries: dict[str, _At | Place] = {}
        self._spoiled: set[str] = set()
        self._mended: set[str] = set()

    def stands(self, place: str, line: Line, *, prefix: str = "", fields: Mapping[str, str] | None = None) -> None:
        """The entry at a place is made of this row; `fields`: columns by another name than prefix and field."""
        self._entries[place] = _At(line, prefix, fields or {})

    def stands_at(self, place: str, there: Place) -> None:
        """The entry at a place is no row: it stands there."""
        self._entries[place] = there

    def find(self, key: str, message: Message) -> None:
        """Note something wrong at a place, unless something was said of it already."""
        if any(key == each or key.startswith((f"{each}.", f"{each}[")) for each in self._spoiled):
            return
        name, message = self._missing(message)
        self.findings.append(self._place(key, name, message).finding(message))

    def spoil(self, key: str, message: Message, place: Place) -> None:
        """Note that a cell cannot be read. Nothing else is then said of the place."""
        self.findings.append(place.finding(message))
        self._spoiled.add(key)

    def mute(self, key: str) -> None:
        """Say nothing of a place: what is behind it was said elsewhere."""
        self._spoiled.add(key)

    def is_muted(self, key: str) -> bool:
        return key in self._spoiled

    def note(self, findings: Iterable[Finding]) -> None:
        """What was found before there were entries."""
        self.findings += findings

    def entries(self, name: str, kind: type[S]) -> list[tuple[str, S]]:
        """The entries of a list. One with a wrong or missing value is among them with something in its place, so that
        checks of everything else go on; of that value nothing more is said."""
        given = self.raw.get(name)
        rows = given if isinstance(given, list) else []
        whole = [(f"{name}[{i}]", self._whole(kind, row, f"{name}[{i}]", name)) for i, row in enumerate(rows)]
        return [(place, msgspec.convert(row, kind)) for place, row in whole]

    def all_read(self, name: str, entries: Sequence[object]) -> bool:  # noqa: ARG002 (as in every source)
        """Is nothing put in the place of something in this list?"""
        return name not in self._mended

    def _whole(self, kind: type[Struct], row: Mapping[str, Any], place: str, name: str) -> dict[str, Any]:
        """The entry with something sound for each value that is not."""
        made: dict[str, Any] = {}
        for each in msgspec.structs.fields(kind):
            here, value = f"{place}.{each.encode_name}", row.get(each.encode_name)
            inner = entry_kind(each.type)
            if inner is not None and isinstance(value, list) and all(isinstance(one, dict) for one in value):
                made[each.encode_name] = [self._whole(inner, one, f"{here}[{i}]", name) for i, one in enumerate(value)]
            elif each.encode_name in row and _fits(value, each.type):
                made[each.encode_name] = value
            elif each.encode_name in row or each.required:
                self._mended.add(name)
                self._spoiled.add(here)
                made |= {each.encode_name: _something(each.type)} if each.required else {}
        return made

    def finish(self) -> None:
        """Raise `ContentInvalid` when anything was found, in the order of files, sheets and rows."""
        if self.findings:
            raise ContentInvalid(sorted(self.findings, key=lambda f: (f.file, f.sheet or "", f.row or 0)))

    def _missing(self, message: Message) -> tuple[str, Message]:
        """The field that a sentence misses, and the sentence as it is said of a sheet."""
        if message.msgid == _NO_KEY:
            return str(message.params["key"]), msg("A value is needed here.")
        return next((name for name, said in MISSING.items() if said.msgid == message.msgid), ""), message

    def _place(self, key: str, name: str, message: Message) -> Place:
        language = str(message.params.get("language", ""))
        entry, rest = key, ""
        while entry and entry not in self._entries:
            entry, _, last = entry.rpartition(".") if "." in entry else ("", "", entry)
            rest = f"{last}.{rest}" if rest else last
        at = self._entries.get(entry)
        if at is None:
            return Place(self.name, key=key or None)
        if isinstance(at, Place):
            return at
        wanted = re.sub(r"\[\d+\]", "", rest) or name
        found = at.line.place(at.fields.get(wanted, at.prefix + wanted), language)
        if found.column is None and "" in at.fields:
            found = at.line.place(at.fields[""])
        return found


def fill(source: SheetSource, line: Line, columns: Sequence[Column], prefix: str, place: str) -> dict[str, Any]:
    """The entry that these columns of a row make, as `partners.toml` would have it; empty cells are left out."""
    entry: dict[str, Any] = {}
    for column in columns:
        cell = prefix + column.field
        here, at = f"{place}.{column.field}", line.place(cell)
        if column.kind == "words":
            if words := source.reading.translate(line.words(cell), at):
                set_at(entry, column.field, dict(words))
        elif text := line.text(cell):
            value = _value(source, column, text, here, at)
            if value is not None:
                set_at(entry, column.field, value)
    return entry


def _fits(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _something(kind: Any) -> Any:
    """A sound value of a type, for the place of one that is not."""
    if typing.get_origin(kind) is typing.Literal:
        return typing.get_args(kind)[0]
    candidates: tuple[Any, ...] = ("", {}, [], 0, dt.date(2000, 1, 1))
    return next((value for value in candidates if _fits(value, kind)), None)


def key_from(*texts: str) -> str:
    """A key made of names; empty when they have no Latin letters."""
    made = "_".join(re.sub(r"[^a-z0-9]+", "_", folded(text)).strip("_") for text in texts)
    made = re.sub(r"_+", "_", made).strip("_")
    made = f"n_{made}" if made[:1].isdigit() else made
    made = made[:_LONGEST_KEY].rstrip("_")
    return made if KEY.fullmatch(made) else ""


def _value(source: SheetSource, column: Column, text: str, here: str, at: Place) -> Any:
    """What a cell means; the text itself when it means nothing, which is then noted."""
    if column.kind in ("references", "languages"):
        return [value for part in list_of(text) if (value := _part(source, column, part, here, at))]
    if column.kind == "reference":
        return _part(source, column, text, here, at)
    read, why = _READERS.get(column.kind, _as_text)(text, column, source)
    if why is not None:
        source.spoil(here, why, at)
        return text
    return read


def _part(source: SheetSource, column: Column, text: str, here: str, at: Place) -> str | None:
    if column.kind == "languages":
        if tag := language_tag(text):
            return tag
        source.spoil(here, msg("“{value}” is no language such as fr or English.", value=text), at)
        return None
    names = source.reading.names[column.of]
    found = names.find(text)
    if found is None and not names.known:
        source.mute(here)
    elif found is None:
        source.spoil(here, names.why_not(text), at)
    return found or text


Read = tuple[Any, Message | None]


def _as_text(text: str, column: Column, source: SheetSource) -> Read:
    return text, None


def _as_list(text: str, column: Column, source: SheetSource) -> Read:
    return list_of(text), None


def _as_day(text: str, column: Column, source: SheetSource) -> Read:
    day = day_of(text)
    return day, None if day else msg("“{value}” is not a day such as 2026-11-21.", value=text)


def _as_flag(text: str, column: Column, source: SheetSource) -> Read:
    flag = flag_of(text)
    return flag, None if flag is not None else msg("Yes or no is expected here, not “{value}”.", value=text)


def _as_number(text: str, column: Column, source: SheetSource) -> Read:
    good = text.lstrip("-").isdigit() and text.isascii()
    return (int(text), None) if good else (None, msg("A whole number is expected here, not “{value}”.", value=text))


def _as_ages(text: str, column: Column, source: SheetSource) -> Read:
    said = text.strip().lower()
    if found := _AGES.fullmatch(said):
        return [int(found[1]), int(found[2])], None
    if found := _FROM_AGE.fullmatch(said):
        return [int(found[1]), OLDEST], None
    if said.isdigit() and len(said) <= 3:
        return [int(said), int(said)], None
    why = msg(
        "“{value}” is no span of ages such as 12-17. Spreadsheet programs make a day of it: format the cell as text.",
        value=text,
    )
    return None, why


def _as_hours(text: str, column: Column, source: SheetSource) -> Read:
    hours = read_hours(text)
    return hours, None if hours else msg(
        "“{value}” cannot be read as hours. An example: {example}", value=text, example=EXAMPLE
    )


def _as_choice(text: str, column: Column, source: SheetSource) -> Read:
    code = choice_of(text, column.choices)
    return code, None if code else not_a_choice(text, column.choices, source.languages[0])


def _as_toml(text: str, column: Column, source: SheetSource) -> Read:
    try:
        return tomllib.loads(f"x = {text}")["x"], None
    except tomllib.TOMLDecodeError as error:
        return None, msg("This is not valid TOML: {reason}", reason=str(error))


_READERS: Final[Mapping[str, Callable[[str, Column, SheetSource], Read]]] = {
    "list": _as_list,
    "day": _as_day,
    "flag": _as_flag,
    "number": _as_number,
    "ages": _as_ages,
    "hours": _as_hours,
    "choice": _as_choice,
    "toml": _as_toml,
}
