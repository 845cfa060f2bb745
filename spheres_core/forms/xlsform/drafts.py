"""A form that is being written: the cells of an XLSForm's rows, each row with an id that stays when rows move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

from spheres_core.forms.xlsform.sheets import Header, Sheet, XlsformSheets
from spheres_core.forms.xlsform.tables import FormTables
from spheres_core.foundation.content.grids import Grid, GridRow

Cells = Mapping[str, str]
"""The cells of a row that are not empty, by column: `type`, `label::fr`, or a column of the author's own."""

SURVEY: Final = "survey"
CHOICES: Final = "choices"
SETTINGS: Final = "settings"
FIRST_ROW: Final = 2
"""The number of the first row below the headers."""
_FIRST_COLUMNS: Final = {
    SURVEY: ("type", "name", "meaning", "label"),
    CHOICES: ("list_name", "name", "meaning", "label"),
    SETTINGS: ("form_id", "default_language", "form_title"),
}


class DraftRow(Struct, frozen=True):
    """One row of a draft: a question, the beginning or end of a group, or a choice."""

    id: str
    cells: Cells


class Draft(Struct, frozen=True):
    """A form as its author writes it, sheet by sheet."""

    languages: tuple[str, ...]
    """Tags of the languages that labels are written in, the default language first; empty when it says none."""
    survey: tuple[DraftRow, ...] = ()
    choices: tuple[DraftRow, ...] = ()
    settings: Cells = {}

    def rows(self, sheet: str) -> tuple[DraftRow, ...]:
        """Returns the rows of a sheet, in order."""
        return self.survey if sheet == SURVEY else self.choices


def key_of(column: str, language: str = "") -> str:
    """Returns how a draft calls a column: `label::fr`, or `name`."""
    return f"{column}::{language}" if language else column


def draft_of_sheets(source: XlsformSheets) -> Draft:
    """Returns an opened form file as a draft, with every cell that it holds."""
    return Draft(
        languages=source.languages,
        survey=tuple(_rows(source.survey)),
        choices=tuple(_rows(source.choices)),
        settings=next((row.cells for row in _rows(source.settings)), {}),
    )


def _rows(sheet: Sheet) -> Iterable[DraftRow]:
    keys = {header.written: _key(header) for header in sheet.headers}
    for row in sheet.rows:
        yield DraftRow(f"{sheet.name}-{row.number}", {keys[name]: text for name, text in row.written.items() if text})


def _key(header: Header) -> str:
    return header.written if header.language.startswith("?") else key_of(header.column, header.language)


def tables_of(draft: Draft, file: str) -> FormTables:
    """Returns the draft as the sheets of a form file; row `n` of a sheet is the draft's row `n - FIRST_ROW`."""
    sheets = {
        SURVEY: _grid(file, SURVEY, [row.cells for row in draft.survey], draft.languages),
        CHOICES: _grid(file, CHOICES, [row.cells for row in draft.choices], draft.languages),
        SETTINGS: _grid(file, SETTINGS, [draft.settings] if draft.settings else [], ()),
    }
    return FormTables({name: grid for name, grid in sheets.items() if name == SURVEY or grid.rows})


def columns_of(sheet: str, rows: Iterable[Cells], languages: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the columns that the rows of a sheet have, in the order in which authors know them."""
    used = dict.fromkeys(name for row in rows for name in row)
    first: list[str] = []
    for column in _FIRST_COLUMNS[sheet]:
        first += [name for name in used if name == column]
        if column in ("label", "form_title"):
            spoken = [key_of(column, language) for language in languages]
            first += [*spoken, *(name for name in used if name.startswith(f"{column}::") and name not in spoken)]
        elif column not in used and column in ("type", "name", "list_name"):
            first.append(column)
    return tuple(dict.fromkeys([*first, *sorted(used.keys() - set(first), key=_by_column)]))


def _by_column(name: str) -> tuple[str, str]:
    column, _, language = name.partition("::")
    return column, language


def _grid(file: str, sheet: str, rows: list[Cells], languages: tuple[str, ...]) -> Grid:
    columns = columns_of(sheet, rows, languages)
    found = [
        GridRow(number, tuple(cells.get(column, "") for column in columns))
        for number, cells in enumerate(rows, FIRST_ROW)
        if any(cells.values())
    ]
    return Grid(file, sheet, columns, tuple(found))
