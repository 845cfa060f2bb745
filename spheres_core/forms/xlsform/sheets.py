"""The spreadsheet behind a form: its sheets, columns, languages and cells, each with its place.

pyxform reads the file; cells are kept as the author wrote them, because pyxform straightens typographic quotes and
because a finding must say where it is.
"""

from __future__ import annotations

import re
import warnings
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec import Struct
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import get_xlsform

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.language_tags import language_tag
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.content.spreadsheets import refuse_oversized_workbook

LARGEST_FILE: Final = 5_000_000
MOST_ROWS: Final = 2_000
ROW_MARK: Final = "spheres_row"
"""A column added to what pyxform reads, so that its tree still knows the rows."""

TRANSLATED: Final = ("label", "hint", "constraint_message", "required_message")
RULES: Final = ("relevant", "constraint", "calculation", "required", "choice_filter")
SURVEY_COLUMNS: Final = {
    **{name: name for name in (*TRANSLATED, *RULES)},
    **{name: name for name in ("type", "name", "appearance", "meaning", "limit", "repeat_count")},
    "command": "type",
    "tag": "name",
    "value": "name",
    "caption": "label",
    "relevance": "relevant",
    "calculate": "calculation",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "count": "repeat_count",
    "jr:count": "repeat_count",
}
CHOICE_COLUMNS: Final = {
    **{name: name for name in ("list_name", "name", "label", "meaning", "retired")},
    "value": "name",
    "caption": "label",
}
SETTINGS_COLUMNS: Final = {"form_title": "form_title", "title": "form_title"} | {
    name: name for name in ("default_language", "form_id", "version")
}


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
        found = {language or default: text for (name, language), text in self.cells.items() if name == column}
        spoken = {language for name, language in self.cells if name == column and language}
        bare = self.cell(column)
        return {**found, **({default: bare} if bare and default not in spoken else {})}


class Sheet(Struct, frozen=True):
    name: str
    headers: tuple[Header, ...]
    rows: tuple[SheetRow, ...]

    def row(self, number: int) -> SheetRow:
        return next(row for row in self.rows if row.number == number)

    def written(self, column: str, language: str = "") -> str:
        """Returns the header an author knows a column by."""
        for header in self.headers:
            if (header.column, header.language) == (column, language):
                return header.written
        return f"{column}::{language}" if language else column


class XlsformSheets(Struct, frozen=True):
    """An opened form file."""

    file: str
    definition: Any
    """The workbook that pyxform continues with; its rows carry `ROW_MARK`."""
    survey: Sheet
    choices: Sheet
    settings: Sheet

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
            if header.column == "label" and header.language
        ]
        return tuple(dict.fromkeys(spoken))

    def setting(self, column: str) -> str:
        return self.settings.rows[0].cell(column) if self.settings.rows else ""


def open_source(source: Path | bytes, *, file: str, suffix: str) -> XlsformSheets:
    """Opens an xlsx, csv or markdown form. Raises ContentInvalid when it cannot be read at all."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > LARGEST_FILE:
        raise _unreadable(file, msg("The file is larger than {limit} MB.", limit=5))
    if suffix not in (".xlsx", ".csv", ".md"):
        raise _unreadable(file, msg("A form is an .xlsx, .csv or .md file, not “{suffix}”.", suffix=suffix))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data = source if isinstance(source, bytes) else source.read_bytes()
            if suffix == ".xlsx":
                refuse_oversized_workbook(data, file)
            definition = get_xlsform(data.removeprefix(BOM_UTF8) if suffix == ".md" else data, suffix)
    except PyXFormError as error:
        raise ContentInvalid([reader_finding(file, error)]) from None
    except (UnicodeDecodeError, ValueError, KeyError, OSError) as error:
        raise _unreadable(file, msg("The file cannot be read: {reason}", reason=str(error))) from None
    opened = XlsformSheets(
        file,
        definition,
        _sheet(definition, "survey", SURVEY_COLUMNS),
        _sheet(definition, "choices", CHOICE_COLUMNS),
        _sheet(definition, "settings", SETTINGS_COLUMNS),
    )
    if len(opened.survey.rows) + len(opened.choices.rows) > MOST_ROWS:
        raise _unreadable(file, msg("The form has more than {limit} rows.", limit=MOST_ROWS))
    return opened


def reader_finding(file: str, error: PyXFormError) -> Finding:
    """Returns pyxform's refusal as a finding, with the place it names."""
    said = str(error)
    if doubled := re.fullmatch(r"Duplicate column header: (.*)", said):
        return Finding(
            file,
            msg("The column “{column}” stands there twice.", column=doubled[1]),
            row=1,
            column=doubled[1],
        )
    row = re.search(r"\[row : (\d+)\]", said)
    sheet = re.search(r"'(survey|choices|settings)'", said)
    column = re.search(r"the '(\w+)' (?:value|column)", said)
    reason = re.sub(r"\s*Learn more:.*", "", re.sub(r"^\[row : \d+\]\s*", "", said), flags=re.DOTALL)
    return Finding(
        file,
        msg("The spreadsheet cannot be understood: {reason}", reason=reason),
        sheet=sheet[1] if sheet else ("survey" if row else None),
        row=int(row[1]) if row else None,
        column=column[1] if column else None,
    )


def _unreadable(file: str, message: Message) -> ContentInvalid:
    return ContentInvalid([Finding(file, message)])


def _sheet(definition: Any, name: str, columns: Mapping[str, str]) -> Sheet:
    """Returns our view of a sheet; marks pyxform's rows on the way."""
    raw = list(getattr(definition, name) or [])
    written = list((getattr(definition, f"{name}_header") or [{}])[0])
    headers = tuple(_header(header, columns) for header in written if header)
    known = {header.written: header for header in headers}
    rows = []
    for number, cells in enumerate(raw, 2):
        if not cells:
            continue
        kept = {header: str(cell) for header, cell in cells.items() if header in known}
        rows.append(SheetRow(number, {known[header][:2]: cell for header, cell in kept.items()}, kept))
        if name != "settings":
            cells[ROW_MARK] = str(number)
    if rows and name != "settings":
        getattr(definition, f"{name}_header")[0][ROW_MARK] = None
    return Sheet(name, headers, tuple(rows))


def _header(written: str, columns: Mapping[str, str]) -> Header:
    plain = "_".join(written.split()).lower()
    if plain in columns:
        return Header(columns[plain], "", written)
    head, mark, tail = written.partition("::" if "::" in written else ":")
    column = columns.get("_".join(head.split()).lower())
    if mark and column:
        return Header(column, language_tag(tail.strip()) or f"?{tail.strip()}", written)
    return Header(written.strip(), "", written)


def all_rows(source: XlsformSheets) -> Iterator[tuple[Sheet, SheetRow]]:
    for sheet in (source.survey, source.choices):
        for row in sheet.rows:
            yield sheet, row
