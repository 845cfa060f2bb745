"""Opening what a spreadsheet program wrote: xlsx and csv, whoever made it, with the place of each cell.

A file is looked at before it is opened: how large it is, how large it would become, how many cells it has. A workbook
of a few kilobytes can unfold into gigabytes; nobody's partner list does.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

import openpyxl
from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding

SUFFIXES: Final = (".xlsx", ".csv")
LARGEST_FILE: Final = 5_000_000
"""Bytes of one file."""
LARGEST_UNFOLDED: Final = 60_000_000
"""Bytes of all parts of a workbook together."""
MOST_PARTS: Final = 500
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 200
MOST_CELLS: Final = 200_000
"""Cells with something in them, of one file."""
LONGEST_CELL: Final = 20_000
_DELIMITERS: Final = ",;\t"


class GridRow(Struct, frozen=True):
    """One row with its 1-based number, as a spreadsheet program shows it; as many cells as there are headers."""

    number: int
    cells: tuple[str, ...]


class Grid(Struct, frozen=True):
    """One sheet: its headers as written, and the rows below that are not empty. Cells are text without outer blanks."""

    file: str
    sheet: str | None
    """None in a csv file, which has one sheet without a name."""
    headers: tuple[str, ...]
    rows: tuple[GridRow, ...]
    top: int = 1
    """The row of the headers."""


class Opened(Struct, frozen=True):
    """A file's sheets, and what a person should know of how it was read."""

    grids: tuple[Grid, ...]
    warnings: tuple[Finding, ...] = ()


def open_spreadsheet(path: Path, *, file: str = "") -> Opened:
    """The sheets of an xlsx or csv file; findings call it `file`. Raises ContentInvalid when it cannot be read."""
    file = file or path.name
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST_FILE else b""
    except OSError as error:
        _refuse(file, msg("This file cannot be read: {reason}", reason=type(error).__name__))
    if size > LARGEST_FILE:
        _refuse(file, msg("The file is larger than {limit} MB.", limit=LARGEST_FILE // 1_000_000))
    return _csv(data, file) if path.suffix.lower() == ".csv" else _xlsx(data, file)


def refuse_unfolding(data: bytes, file: str) -> None:
    """Raise ContentInvalid for a workbook that is none, or would become too large when it is opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            found = parts.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        _refuse(file, msg("This is not an .xlsx workbook."))
    if len(found) > MOST_PARTS or sum(each.file_size for each in found) > LARGEST_UNFOLDED:
        _refuse(file, msg("This workbook would become too large when it is opened."))


def _xlsx(data: bytes, file: str) -> Opened:
    refuse_unfolding(data, file)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        left = MOST_CELLS
        grids = []
        for sheet in book.worksheets:
            rows = list(_numbered(sheet, file))
            left -= sum(1 for _, cells in rows for cell in cells if cell)
            if left < 0:
                _refuse(file, msg("The file has more than {limit} cells.", limit=MOST_CELLS))
            if grid := _grid(file, str(sheet.title), rows):
                grids.append(grid)
        book.close()
    except ContentInvalid:
        raise
    except Exception as error:  # a broken workbook breaks its reader in many ways
        _refuse(file, msg("This file cannot be read: {reason}", reason=type(error).__name__))
    return Opened(tuple(grids))


def _numbered(sheet: Any, file: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet that are not empty. What lies beyond the limits is refused."""
    for number, cells in enumerate(
        sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1, values_only=True), 1
    ):
        texts = [_text(cell) for cell in cells]
        if not any(texts):
            continue
        _check_row(file, sheet.title, number, texts)
        yield number, texts


def _check_row(file: str, sheet: str | None, number: int, texts: list[str]) -> None:
    if number > MOST_ROWS:
        _refuse(file, msg("The sheet has more than {limit} rows.", limit=MOST_ROWS), sheet=sheet)
    if any(texts[MOST_COLUMNS:]):
        _refuse(file, msg("The sheet has more than {limit} columns.", limit=MOST_COLUMNS), sheet=sheet, row=number)
    if any(len(text) > LONGEST_CELL for text in texts):
        limit = msg("A cell has more than {limit} characters.", limit=LONGEST_CELL)
        _refuse(file, limit, sheet=sheet, row=number)


def _text(cell: Any) -> str:
    """A cell as a person reads it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, dt.time):
        return cell.isoformat(timespec="minutes")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "").strip()


def _csv(data: bytes, file: str) -> Opened:
    text, warnings = _decoded(data, file)
    first = text.split("\n", 1)[0]
    bare = re.sub(r'"[^"]*"', "", first)
    delimiter = max(_DELIMITERS, key=bare.count)
    rows: list[tuple[int, list[str]]] = []
    left = MOST_CELLS
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            texts = [_text(cell) for cell in cells]
            if any(texts):
                _check_row(file, None, number, texts)
                rows.append((number, texts))
                left -= sum(1 for each in texts if each)
            if left < 0:
                _refuse(file, msg("The file has more than {limit} cells.", limit=MOST_CELLS))
    except csv.Error as error:
        _refuse(file, msg("This file cannot be read: {reason}", reason=str(error)))
    grid = _grid(file, None, rows)
    return Opened((grid,) if grid else (), warnings)


def _decoded(data: bytes, file: str) -> tuple[str, tuple[Finding, ...]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        _refuse(file, msg("This is not UTF-8 text. Save it as “CSV UTF-8”."))
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("windows-1252")
    except UnicodeDecodeError:
        _refuse(file, msg("This is not UTF-8 text. Save it as “CSV UTF-8”."))
    said = msg("This file is not UTF-8 and was read as Windows-1252: look at its accents.")
    return text, (Finding(file, said, severity="warning"),)


def _grid(file: str, sheet: str | None, rows: list[tuple[int, list[str]]]) -> Grid | None:
    if not rows:
        return None
    (top, headers), *below = rows
    for cells in (headers, *(cells for _, cells in below)):
        while cells and not cells[-1]:
            cells.pop()
    width = max([len(headers), *(len(cells) for _, cells in below)])
    padded = tuple(GridRow(number, (*cells, *[""] * (width - len(cells)))) for number, cells in below)
    return Grid(file, sheet, (*headers, *[""] * (width - len(headers))), padded, top)


def _refuse(file: str, message: Message, *, sheet: str | None = None, row: int | None = None) -> NoReturn:
    raise ContentInvalid([Finding(file, message, sheet=sheet, row=row)])
