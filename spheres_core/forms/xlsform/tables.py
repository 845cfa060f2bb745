"""The sheets of a form file by name: pages of a workbook, or parts of a csv or markdown file that name their sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.content.grids import LIMITS, Cell, Grid, GridRow, Rows, grid_of
from spheres_core.foundation.content.markdown_tables import read_markdown_tables
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.content.spreadsheets import open_spreadsheet, read_file

SHEETS: Final = ("survey", "choices", "settings")
_FIRST_COLUMNS: Final = frozenset({"type", "name", "label"})
_SILENT: Final = frozenset({"instructions", "mode d'emploi", "mode d’emploi", "notes", "readme"})


class FormTables(Struct, frozen=True):
    """The sheets of a form that are read, by name, and what was found on the way."""

    grids: Mapping[str, Grid]
    findings: tuple[Finding, ...] = ()


def read_tables(source: Path | bytes, *, file: str, suffix: str) -> FormTables:
    """Returns the sheets of a form: a spreadsheet, or tables in Markdown. Raises ContentInvalid without questions."""
    suffix = suffix.lower()
    findings: list[Finding] = []
    if suffix == ".md":
        lines, wrong = read_markdown_tables(read_file(source, file, LIMITS), file)
        findings += wrong
        grids = [grid for grid in _named(file, lines, counted_anew=True) if grid]
    else:
        opened = open_spreadsheet(source, file=file, suffix=suffix)
        findings += opened.warnings
        grids = list(opened.grids)
        if suffix == ".csv" and grids and not _is_survey_alone(grids[0]):
            grids = [grid for grid in _named(file, _rows(grids[0]), counted_anew=False) if grid]
    return FormTables(_by_name(file, grids, findings), tuple(findings))


def is_form_table(grid: Grid) -> bool:
    """Returns whether the table of a csv file can be a form: it has a column of types, or rows that name a sheet."""
    rows = [grid.headers, *(row.cells for row in grid.rows)]
    return (_is_survey_alone(grid) and "type" in [_plain(header.partition(":")[0]) for header in grid.headers]) or any(
        cells and _plain(cells[0]) in SHEETS for cells in rows
    )


def _is_survey_alone(grid: Grid) -> bool:
    return len(_FIRST_COLUMNS.intersection(header.partition(":")[0].strip().lower() for header in grid.headers)) > 1


def _rows(grid: Grid) -> Rows:
    for row in (GridRow(grid.top, grid.headers), *grid.rows):
        cells = {index: Cell(text, row.shapes.get(index)) for index, text in enumerate(row.cells) if text}
        yield row.number, cells | {index: Cell(unreadable=why) for index, why in row.unreadable.items()}


def _named(file: str, rows: Iterable[tuple[int, Mapping[int, Cell]]], *, counted_anew: bool) -> Iterator[Grid | None]:
    """Yields the sheets of rows whose first cell names a sheet; `counted_anew`: each sheet counts its rows from 1."""
    name, found = "", list[tuple[int, Mapping[int, Cell]]]()
    for number, cells in rows:
        if 0 in cells:
            yield grid_of(file, name, found)
            name, found = cells[0].text, []
        shifted = {index - 1: cell for index, cell in cells.items() if index}
        if shifted:
            found.append((len(found) + 1 if counted_anew else number, shifted))
    yield grid_of(file, name, found)


def _by_name(file: str, grids: list[Grid], findings: list[Finding]) -> dict[str, Grid]:
    """Returns the sheets that a form has. One sheet alone holds the questions, whatever it is called."""
    if len(grids) == 1 and _plain(grids[0].sheet) not in SHEETS:
        return {"survey": _renamed(grids[0], "survey")}
    kept: dict[str, Grid] = {}
    others: list[Grid] = []
    for grid in grids:
        name = _plain(grid.sheet)
        if name in kept:
            said = msg("The sheet “{sheet}” stands there twice.", sheet=name)
            findings.append(Finding(file, said, sheet=grid.sheet))
        elif name in SHEETS:
            kept[name] = _renamed(grid, name)
        else:
            others.append(grid)
    missing = [name for name in SHEETS if name not in kept]
    findings += (_unused(file, grid, missing) for grid in others if not _is_silent(grid))
    if "survey" not in kept:
        said = msg("There is no sheet “{sheet}” in this form.", sheet="survey")
        raise ContentInvalid([Finding(file, said), *findings])
    return kept


def _plain(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()


def _renamed(grid: Grid, name: str) -> Grid:
    return Grid(grid.file, name, grid.headers, grid.rows, grid.top, grid.titles)


def _is_silent(grid: Grid) -> bool:
    name = _plain(grid.sheet)
    return name.startswith("_") or name in _SILENT


def _unused(file: str, grid: Grid, missing: list[str]) -> Finding:
    name = grid.sheet or ""
    if close := get_close_matches(_plain(name), missing, 1, 0.6):
        said = msg("“{value}” is not known here. Is it “{close}”?", value=name, close=close[0])
        return Finding(file, said, sheet=name)
    return Finding(file, msg("The sheet “{sheet}” is not used.", sheet=name), sheet=name, severity="warning")
