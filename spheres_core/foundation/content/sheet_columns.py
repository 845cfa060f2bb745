"""Declares the columns of sheets and reads their cells, as people write them.

Headers are part of the format, so their words are given here by each room in both languages and never change with a
catalog. A header may name a language: `about (fr)`, `about::Français (fr)`, `about fr`.
"""

from __future__ import annotations

import datetime as dt
import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.grids import (
    Grid,
    GridRow,
    Shape,
    cell_findings,
    title_findings,
    with_header,
)
from spheres_core.foundation.content.invisible_characters import invisible_in, without_invisible
from spheres_core.foundation.content.language_tags import language_tag
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.content.text_comparison import fold_letters

Named = tuple[str, str]
"""A word in English and in French."""
Kind = Literal["text", "words", "flag", "day", "number", "list", "languages", "ages", "hours", "choice", "reference",
               "references", "toml"]  # fmt: skip
YES: Final = frozenset({"yes", "oui", "true", "vrai", "1", "x", "y", "o"})
NO: Final = frozenset({"no", "non", "false", "faux", "0", "n"})
_SHAPES: Final[Mapping[Kind, frozenset[Shape]]] = {"day": frozenset({"day"}), "flag": frozenset({"flag"})}
"""Values that are no text and may stand in a cell, by the kind of its column; elsewhere it must have stayed text."""
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: 00:00(?::00)?)?")


class Column(Struct, frozen=True):
    """One column: the field it fills, how it is written, and what a person reads about it."""

    field: str
    """Dotted, inside the entry that the row is of."""
    kind: Kind
    names: Named
    about: Message
    also: tuple[str, ...] = ()
    """Other headers that mean it."""
    choices: Mapping[str, Named] = msgspec.field(default_factory=dict)
    """Allowed values, by code, when `kind` is choice."""
    of: str = ""
    """The kind of thing a reference names: `area`, `organization`, `role`."""
    default: bool = False
    """The meaning of an empty flag."""
    needed: bool = False
    """A sheet without this column is not understood."""

    def name(self, language: str) -> str:
        """Its header in French for a French reader, else in English."""
        return in_language(self.names, language)


class Table(Struct, frozen=True):
    """One sheet of the format."""

    topic: str
    names: Named
    """The name of the sheet, or of a file of its own."""
    about: Message
    columns: tuple[Column, ...]
    also: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        return in_language(self.names, language)


class Place(Struct, frozen=True):
    """The place of a cell in a file."""

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    key: str | None = None

    def finding(self, message: Message, *, severity: str = "error") -> Finding:
        return Finding(
            self.file, message, sheet=self.sheet, row=self.row, column=self.column, key=self.key, severity=severity
        )


class Header(NamedTuple):
    """A header whose column is known."""

    column: Column
    language: str
    """The tag it names; empty when the column has no language."""


class SheetRow(Struct, frozen=True):
    """One row, by what its columns mean."""

    grid: Grid
    row: GridRow
    heads: Mapping[int, Header]
    columns: tuple[Column, ...] = ()
    """The columns that its sheet may have."""

    def text(self, wanted: str, language: str = "") -> str:
        """Returns the cell of a field; empty when there is none."""
        return next((self.row.cells[i] for i, head in self.heads.items()
                     if head.column.field == wanted and head.language == language), "")  # fmt: skip

    def words(self, wanted: str) -> dict[str, str]:
        """Returns the texts of a field by language, those that are written."""
        found = {head.language: self.row.cells[i] for i, head in self.heads.items() if head.column.field == wanted}
        return {tag: text for tag, text in found.items() if text}

    def place(self, wanted: str = "", language: str = "") -> Place:
        """Returns where a cell is; the row when the sheet has no such column."""
        fitting = [i for i, head in self.heads.items() if head.column.field == wanted]
        exact = [i for i in fitting if _same(self.heads[i].language, language)]
        column = self.grid.headers[(exact or fitting)[0]] if fitting else None
        return Place(self.grid.file, self.grid.sheet, self.row.number, column)

    def missing_column(self, wanted: str) -> Column | None:
        """Returns the column of a field when the sheet might have it and has not."""
        if any(head.column.field == wanted for head in self.heads.values()):
            return None
        return next((column for column in self.columns if column.field == wanted), None)

    def says_something(self, fields: Iterable[str]) -> bool:
        """Returns whether any of these cells is filled."""
        wanted = set(fields)
        return any(self.row.cells[i] for i, head in self.heads.items() if head.column.field in wanted)


def in_language(names: Named, language: str) -> str:
    return names[1] if language.partition("-")[0] == "fr" else names[0]


def normalized(text: str) -> str:
    """Returns a header or name as it is compared: no capitals, no accents, one blank between words."""
    return " ".join(re.findall(r"[^\W_]+", fold_letters(text)))


def read_rows(grid: Grid, table: Table, languages: Sequence[str]) -> tuple[list[SheetRow], list[Finding]]:
    """Returns the rows of a sheet by what its columns mean, and what is wrong with its headers and its cells.

    A title may stand above the header.
    """
    names = {normalized(name): column for column in table.columns for name in (*column.names, *column.also)}
    grid = with_header(grid, lambda written: isinstance(_head(written, names, languages), Header))
    heads: dict[int, Header] = {}
    findings: list[Finding] = list(title_findings(grid))
    for index, written in enumerate(grid.headers):
        place = Place(grid.file, grid.sheet, grid.top, grid.column(index))
        if not written:
            if any(row.cells[index] for row in grid.rows):
                findings.append(place.finding(msg("A column has cells but no header.")))
            continue
        if written.startswith("_"):
            continue
        head = _head(written, names, languages)
        if isinstance(head, Message):
            findings.append(place.finding(head))
        elif head in heads.values():
            findings.append(place.finding(msg("The column “{column}” stands there twice.", column=written)))
        else:
            heads[index] = head
    there = {head.column.field for head in heads.values()}
    missing = [column for column in table.columns if column.needed and column.field not in there]
    for column in missing:
        said = msg("The column “{column}” is missing.", column=column.name(languages[0] if languages else "en"))
        findings.append(Place(grid.file, grid.sheet, grid.top).finding(said))
    findings += cell_findings(
        grid, {index: _SHAPES.get(head.column.kind, frozenset()) for index, head in heads.items()}
    )
    if missing:
        return [], findings
    return [_row(grid, row, heads, table.columns, findings) for row in grid.rows], findings


def _row(
    grid: Grid, row: GridRow, heads: Mapping[int, Header], columns: tuple[Column, ...], findings: list[Finding]
) -> SheetRow:
    """Returns a row without invisible characters in anything but sentences."""
    cells = list(row.cells)
    for index, head in heads.items():
        joiners = head.column.kind == "text"
        if head.column.kind != "words" and (said := invisible_in(cells[index], joiners=joiners)):
            findings.append(grid.finding(said, row.number, index, severity="warning"))
            cells[index] = without_invisible(cells[index], joiners=joiners)
    kept = row if tuple(cells) == row.cells else GridRow(row.number, tuple(cells), row.shapes, row.unreadable)
    return SheetRow(grid, kept, heads, columns)


def _head(written: str, names: Mapping[str, Column], languages: Sequence[str]) -> Header | Message:
    if (column := names.get(normalized(written))) is not None:
        return Header(column, _first(languages) if column.kind == "words" else "")
    stem, tag = _with_language(written, languages)
    column = names.get(normalized(stem))
    if column is not None and column.kind == "words":
        if tag:
            return Header(column, tag)
        return msg("“{column}” names no language of this plugin. They are: {languages}.",
                   column=written, languages=", ".join(languages))  # fmt: skip
    close = get_close_matches(normalized(stem), names, 1, 0.7)
    if close:
        meant = names[close[0]]
        own = meant.name(_first(languages))
        proposal = next(name for name in (own, *meant.names, *meant.also) if normalized(name) == close[0])
        return msg("There is no column “{column}”. Is it “{close}”?", column=written, close=proposal)
    return msg("There is no column “{column}” here. A column of your own begins with _.", column=written)


def _with_language(written: str, languages: Sequence[str]) -> tuple[str, str]:
    """Returns the header without its language, and the tag when it is one of the plugin's."""
    stem, mark, tail = written.partition("::" if "::" in written else ":")
    if not mark:
        coded = re.fullmatch(r"(.*\S)\s*[(\[]([^()\[\]]+)[)\]]\s*|(.*\S)\s+(\S+)", written.strip())
        if coded is None:
            return written, ""
        stem, tail = (coded[1] or coded[3], coded[2] or coded[4])
    tag = language_tag(tail.strip())
    known = {*languages, *(each.partition("-")[0] for each in languages)}
    return stem, tag if tag in known else ""


def _first(languages: Sequence[str]) -> str:
    return languages[0].partition("-")[0] if languages else ""


def _same(one: str, other: str) -> bool:
    return one == other or (bool(one and other) and one.partition("-")[0] == other.partition("-")[0])


def day_of(text: str) -> dt.date | None:
    """Returns a day such as 2026-11-21; None when it is none. Other ways to write one are ambiguous."""
    found = _DAY.fullmatch(text)
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def flag_of(text: str) -> bool | None:
    """Yes or no, in either language."""
    said = normalized(text)
    return True if said in YES else False if said in NO else None


def list_of(text: str) -> list[str]:
    """Returns the parts of a cell that holds several: by semicolons or lines, else by commas."""
    mark = r"[;\n]" if re.search(r"[;\n]", text) else ","
    return [part for each in re.split(mark, text) if (part := each.strip())]


def choice_of(text: str, choices: Mapping[str, Named]) -> str | None:
    """Returns the code that a cell means: the code itself or its word in either language."""
    said = normalized(text)
    return next((code for code, names in choices.items() if said in (normalized(code), *map(normalized, names))), None)


def not_a_choice(text: str, choices: Mapping[str, Named], language: str) -> Message:
    """Returns the problem of a cell that means none of the choices, with the nearest one."""
    words = {
        normalized(word): in_language(names, language) for code, names in choices.items() for word in (code, *names)
    }
    if close := get_close_matches(normalized(text), words, 1, 0.6):
        return msg("“{value}” is not known here. Is it “{close}”?", value=text, close=words[close[0]])
    said = ", ".join(in_language(names, language) for names in choices.values())
    return msg("“{value}” is not known here. One of these is expected: {choices}.", value=text, choices=said)


def set_at(entry: dict[str, Any], dotted: str, value: Any) -> None:
    """Puts a value at a dotted field."""
    *parents, last = dotted.split(".")
    for name in parents:
        entry = entry.setdefault(name, {})
    entry[last] = value


def get_at(entry: Mapping[str, Any], dotted: str) -> Any:
    """Returns the value at a dotted field; None when there is none."""
    found: Any = entry
    for name in dotted.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def columns_used(column: Column, entries: Iterable[Mapping[str, Any]], languages: Sequence[str]) -> Iterator[Header]:
    """Yields the columns that a field is written in: one, or one for each language that is asked for or used."""
    if column.kind != "words":
        yield Header(column, "")
        return
    used = dict.fromkeys(each.partition("-")[0] for each in languages)
    for entry in entries:
        used |= dict.fromkeys(get_at(entry, column.field) or ())
    yield from (Header(column, tag) for tag in used)


def header_of(head: Header, language: str) -> str:
    """Returns a header as it is written for readers of a language."""
    name = head.column.name(language)
    return f"{name} ({head.language})" if head.language else name


def typed(struct: type[Struct], dotted: str, text: str) -> Any:
    """Returns a text as the field of a struct wants it, the field found by its dotted key; None when it cannot be."""
    kind = _type_of(struct, dotted)
    if kind is bool:
        return flag_of(text)
    if kind is int:
        return int(text) if text.isascii() and text.isdigit() else None
    if kind is dt.date:
        return day_of(text)
    if typing.get_origin(kind) is tuple:
        return list_of(text)
    return text


def _type_of(kind: Any, dotted: str) -> Any:
    for part in dotted.split("."):
        options = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
        struct = next((each for each in options if isinstance(each, type) and issubclass(each, Struct)), None)
        if struct is not None:
            kind = next((each.type for each in msgspec.structs.fields(struct) if each.encode_name == part), str)
        else:
            kind = typing.get_args(kind)[-1] if typing.get_args(kind) else str
    return kind
