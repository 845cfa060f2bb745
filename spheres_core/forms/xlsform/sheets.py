"""The spreadsheet behind a form: its sheets, columns, languages and cells, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import Struct
from pyxform.aliases import BINDING_CONVERSIONS

from spheres_core.facts import msg
from spheres_core.forms.form_media import MEDIA, FilesBeside, files_in, no_files
from spheres_core.forms.xlsform.tables import FormTables, read_tables
from spheres_core.foundation.content.grids import Grid, GridRow, Shape, cell_findings, title_findings, with_header
from spheres_core.foundation.content.invisible_characters import invisible_in, without_invisible
from spheres_core.foundation.content.language_tags import language_tag
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.content.struct_reader import languages_of

_OF_XFORM: Final = re.compile(r"^\s*(?:media|bind|control|body) ?::? ?", re.IGNORECASE)
"""Begins a column that is named by the part of an XForm that it becomes: `bind::relevant`, `media::image`."""
MOST_ROWS: Final = 2_000

NOTES: Final = frozenset({"note", "notes", "comment", "comments"})
"""Columns that an author keeps for herself."""
TRANSLATED: Final = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
RULES: Final = ("relevant", "constraint", "calculation", "required", "choice_filter", "repeat_count")
SURVEY_COLUMNS: Final = {
    **{name: name for name in MEDIA},
    **{name: name for name in (*TRANSLATED, *RULES)},
    **{name: name for name in ("type", "name", "appearance", "meaning", "limit", "default", "parameters", "trigger")},
    "read_only": "read_only",
    "readonly": "read_only",
    "disabled": "disabled",
    "command": "type",
    "tag": "name",
    "value": "name",
    "caption": "label",
    "relevance": "relevant",
    "calculate": "calculation",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message",
    "jr:constraintmsg": "constraint_message",
    "count": "repeat_count",
    "jr:count": "repeat_count",
}
CHOICE_COLUMNS: Final = {
    **{name: name for name in MEDIA},
    **{name: name for name in ("list_name", "name", "label", "meaning", "retired")},
    "value": "name",
    "caption": "label",
}
SETTINGS_COLUMNS: Final = {"form_title": "form_title", "title": "form_title"} | {
    name: name for name in ("default_language", "form_id", "version", "allow_choice_duplicates")
}


UNKNOWN: Final = "?"
"""Begins what a column names as its language when that is none."""
_TRUTHS_IN: Final = ("relevant", "constraint", "calculation", "choice_filter")
"""Rules in which XLSForm takes yes, TRUE and the like for a truth value."""


class Header(NamedTuple):
    """A column of a sheet by the name that is understood here."""

    column: str
    language: str
    """The tag of its language; empty when it has none."""
    written: str


class SheetRow(Struct, frozen=True):
    """One row with its 1-based number in the sheet."""

    number: int
    cells: Mapping[tuple[str, str], str]
    written: Mapping[str, str]
    """Cells by header as written."""

    def cell(self, column: str, language: str = "") -> str:
        return self.cells.get((column, language), "")

    def words(self, column: str, default: str) -> dict[str, str]:
        """Returns the texts of a column by language; a column without one is in the default language."""
        found = {
            language or default: text
            for (name, language), text in self.cells.items()
            if name == column and not language.startswith(UNKNOWN)
        }
        spoken = {language for name, language in self.cells if name == column and language}
        bare = self.cell(column)
        return {**found, **({default: bare} if bare and default not in spoken else {})}


class Sheet(Struct, frozen=True):
    name: str
    headers: tuple[Header, ...]
    rows: tuple[SheetRow, ...]
    top: int = 1
    """The row of the headers."""

    def row(self, number: int) -> SheetRow:
        return next(row for row in self.rows if row.number == number)

    def has(self, column: str) -> bool:
        """Returns whether there is such a column, in any language."""
        return any(header.column == column for header in self.headers)

    def written(self, column: str, language: str = "") -> str:
        """Returns the header an author knows a column by."""
        for header in self.headers:
            if (header.column, header.language) == (column, language):
                return header.written
        return f"{column}::{language}" if language else column


class XlsformSheets(Struct, frozen=True):
    """An opened form file."""

    file: str
    survey: Sheet
    choices: Sheet
    settings: Sheet
    findings: tuple[Finding, ...] = ()
    """Findings from reading its cells."""
    in_part: tuple[str, ...] = ()
    """Languages in which its plugin says only some of its texts."""
    in_whole: tuple[str, ...] = ()
    """Languages in which its plugin or its tenant says every text."""
    files: FilesBeside = no_files
    """Reads the files beside it."""

    @property
    def default_language(self) -> str:
        """Returns the tag that texts without a language are in; `und` when the author says nothing."""
        setting = self.setting("default_language")
        return (language_tag(setting) if setting else "") or next(iter(self.languages), "und")

    @property
    def languages(self) -> tuple[str, ...]:
        """Returns the languages of the labels, in the order of their columns."""
        spoken = [
            header.language
            for sheet in (self.survey, self.choices)
            for header in sheet.headers
            if header.column == "label" and header.language and not header.language.startswith(UNKNOWN)
        ]
        return tuple(dict.fromkeys(spoken))

    def setting(self, column: str) -> str:
        return self.settings.rows[0].cell(column) if self.settings.rows else ""


def open_source(
    source: Path | bytes | FormTables,
    *,
    file: str,
    suffix: str,
    in_part: tuple[str, ...] = (),
    in_whole: tuple[str, ...] = (),
    files: FilesBeside | None = None,
) -> XlsformSheets:
    """Opens an xlsx, csv or markdown form, or its sheets. Raises ContentInvalid when it cannot be read at all.

    `in_part`, `in_whole`: languages that it may speak in part, and must speak whole, beside those that the plugin.toml
    above its folder lists as such. `files` reads the files beside it; those of its own folder when left out.
    """
    tables = source if isinstance(source, FormTables) else read_tables(source, file=file, suffix=suffix)
    findings = list(tables.findings)
    survey, choices, settings = (
        read_sheet(tables.grids.get(name), name, columns, findings)
        for name, columns in (("survey", SURVEY_COLUMNS), ("choices", CHOICE_COLUMNS), ("settings", SETTINGS_COLUMNS))
    )
    if len(survey.rows) + len(choices.rows) > MOST_ROWS:
        raise ContentInvalid([Finding(file, msg("The form has more than {limit} rows.", limit=MOST_ROWS))])
    broken = [*_twice(file, survey), *_twice(file, choices), *_missing(file, survey, choices)]
    if broken:
        raise ContentInvalid([*broken, *findings])
    manifest = source.parent.parent / "plugin.toml" if isinstance(source, Path) else None
    part = languages_of(manifest, "languages_in_part") if manifest else ()
    whole = languages_of(manifest, "languages") if manifest else ()
    if files is None:
        files = files_in(source.parent) if isinstance(source, Path) else no_files
    said = (*in_part, *part), (*in_whole, *whole)
    return XlsformSheets(file, survey, choices, settings, tuple(findings), *said, files)


def _twice(file: str, sheet: Sheet) -> Iterator[Finding]:
    """Finds columns that mean the same."""
    seen: set[tuple[str, str]] = set()
    for header in sheet.headers:
        if header[:2] in seen:
            said = msg("The column “{column}” stands there twice.", column=header.written)
            yield Finding(file, said, sheet=sheet.name, row=sheet.top, column=header.written)
        seen.add(header[:2])


def _missing(file: str, survey: Sheet, choices: Sheet) -> Iterator[Finding]:
    """Finds columns without which a sheet says nothing."""
    for sheet, needed in ((survey, ("type", "name")), (choices, ("list_name", "name"))):
        there = {header.column for header in sheet.headers}
        for column in needed if sheet.rows else ():
            if column not in there:
                said = msg("The column “{column}” is missing.", column=column)
                yield Finding(file, said, sheet=sheet.name, row=sheet.top, column=column)


def read_sheet(grid: Grid | None, name: str, columns: Mapping[str, str], findings: list[Finding]) -> Sheet:
    """Returns a sheet with its columns by the names that are understood; what is wrong with its cells goes into the
    findings."""
    if grid is None:
        return Sheet(name, (), ())
    grid = with_header(grid, lambda written: _header(written, columns).column in columns.values())
    heads = {index: _header(written, columns) for index, written in enumerate(grid.headers) if written}
    findings += title_findings(grid)
    findings += cell_findings(
        grid, {index: _shapes(name, head) for index, head in heads.items() if _is_read(name, head)}
    )
    for index, header in enumerate(grid.headers):
        if not header and (row := next((row for row in grid.rows if row.cells[index]), None)):
            said = msg("A column has cells but no header: it is not read.")
            findings.append(grid.finding(said, row.number, index, severity="warning"))
    rows = []
    for row in grid.rows:
        cells = {head: _text(grid, row, index, head, findings) for index, head in heads.items()}
        kept = {head: text for head, text in cells.items() if text}
        rows.append(SheetRow(row.number, {head[:2]: text for head, text in kept.items()},
                             {head.written: text for head, text in kept.items()}))  # fmt: skip
    return Sheet(name, tuple(heads.values()), tuple(rows), grid.top)


def _text(grid: Grid, row: GridRow, index: int, head: Header, findings: list[Finding]) -> str:
    """Returns a cell; one that is a code, a rule or a setting without invisible characters."""
    text = row.cells[index]
    if head.column in _TRUTHS_IN:
        text = BINDING_CONVERSIONS.get(text, text)
    if head.column in (*TRANSLATED, "form_title") or not (said := invisible_in(text)):
        return text
    findings.append(grid.finding(said, row.number, index, severity="warning"))
    return without_invisible(text)


def _is_read(sheet: str, head: Header) -> bool:
    if sheet == "settings":
        return head.column in ("form_title", "default_language")
    if sheet == "survey":
        return head.column in SURVEY_COLUMNS.values()
    return head.column.lower() not in NOTES and not head.column.startswith(("#", "_"))


def _shapes(sheet: str, head: Header) -> frozenset[Shape]:
    """Returns what a spreadsheet program may have made of the cells of a column."""
    if head.column in (*RULES, "read_only", "retired", "disabled") or (
        sheet == "choices" and head.column not in CHOICE_COLUMNS.values()
    ):
        return frozenset({"flag"})
    return frozenset({"day", "flag"}) if head.column == "default" else frozenset()


def _header(written: str, columns: Mapping[str, str]) -> Header:
    said = _OF_XFORM.sub("", written)
    plain = "_".join(said.split()).lower()
    if said != written and columns.get(plain) in ("type", "name"):
        return Header(written.strip(), "", written)
    if plain in columns:
        return Header(columns[plain], "", written)
    head, mark, tail = said.partition("::" if "::" in said else ":")
    column = columns.get("_".join(head.split()).lower())
    if mark and column:
        return Header(column, language_tag(tail.strip()) or f"{UNKNOWN}{tail.strip()}", written)
    return Header(written.strip(), "", written)


def all_rows(source: XlsformSheets) -> Iterator[tuple[Sheet, SheetRow]]:
    for sheet in (source.survey, source.choices):
        for row in sheet.rows:
            yield sheet, row
