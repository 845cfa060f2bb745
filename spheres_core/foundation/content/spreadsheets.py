"""Reads what a spreadsheet program wrote: xlsx and csv, whoever made it, with the place of each cell.

A file is looked at before it is opened: how large it is, how large it would become, how many cells it has. A workbook
of a few kilobytes can unfold into gigabytes; nobody's partner list does.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NoReturn

import openpyxl
from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding

SUFFIXES: Final = (".xlsx", ".csv")


class Limits(Struct, frozen=True):
    """How large a file may be. What lies beyond is refused before it costs memory."""

    file: int = 5_000_000
    """Bytes of the file."""
    uncompressed: int = 60_000_000
    """Bytes of all parts of a workbook together."""
    parts: int = 500
    rows: int = 5_000
    columns: int = 200
    cells: int = 200_000
    """Cells with something in them."""
    characters: int = 20_000
    """Characters of one cell."""


LIMITS: Final = Limits()
"""Enough for any region's directory, catalogue or form."""
CATALOG_LIMITS: Final = Limits(
    file=20_000_000, uncompressed=200_000_000, rows=50_000, cells=1_000_000, characters=32_767
)
"""Enough for a whole catalog of translations, one row per text."""
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
    """The sheets of a file, and warnings about how it was read."""

    grids: tuple[Grid, ...]
    warnings: tuple[Finding, ...] = ()


def open_spreadsheet(path: Path, *, file: str = "", limits: Limits = LIMITS, exact: bool = False) -> Opened:
    """Returns the sheets of an xlsx or csv file; findings call it `file`. Raises ContentInvalid when it cannot be read.

    `exact`: texts keep their outer blanks and line ends, for what must come back as it went out.
    """
    reader = _Reader(file or path.name, limits, exact)
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= limits.file else b""
    except OSError as error:
        _refuse(reader.file, msg("This file cannot be read: {reason}", reason=type(error).__name__))
    if size > limits.file:
        _refuse(reader.file, msg("The file is larger than {limit} MB.", limit=limits.file // 1_000_000))
    return reader.csv(data) if path.suffix.lower() == ".csv" else reader.xlsx(data)


def refuse_oversized_workbook(data: bytes, file: str, limits: Limits = LIMITS) -> None:
    """Raises ContentInvalid for a workbook that is none, or would become too large when it is opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            found = parts.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        _refuse(file, msg("This is not an .xlsx workbook."))
    if len(found) > limits.parts or sum(each.file_size for each in found) > limits.uncompressed:
        _refuse(file, msg("This workbook would become too large when it is opened."))


class _Reader:
    """Reads one file within its limits."""

    def __init__(self, file: str, limits: Limits, exact: bool) -> None:
        self.file = file
        self.limits = limits
        self.exact = exact
        self._cells_left = limits.cells

    def xlsx(self, data: bytes) -> Opened:
        refuse_oversized_workbook(data, self.file, self.limits)
        grids = []
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                name = str(sheet.title)
                most = {"max_row": self.limits.rows + 1, "max_col": self.limits.columns + 1}
                if grid := _grid(self.file, name, self._rows(name, sheet.iter_rows(**most, values_only=True))):
                    grids.append(grid)
            book.close()
        except ContentInvalid:
            raise
        except Exception as error:  # a broken workbook breaks its reader in many ways
            _refuse(self.file, msg("This file cannot be read: {reason}", reason=type(error).__name__))
        return Opened(tuple(grids))

    def csv(self, data: bytes) -> Opened:
        text, warnings = _decoded(data, self.file)
        first = text.split("\n", 1)[0]
        bare = re.sub(r'"[^"]*"', "", first)
        delimiter = max(_DELIMITERS, key=bare.count)
        try:
            rows = self._rows(None, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            _refuse(self.file, msg("This file cannot be read: {reason}", reason=str(error)))
        grid = _grid(self.file, None, rows)
        return Opened((grid,) if grid else (), warnings)

    def _rows(self, sheet: str | None, rows: Iterable[Iterable[Any]]) -> list[tuple[int, list[str]]]:
        """Returns the rows that are not empty, with their numbers."""
        found = []
        for number, cells in enumerate(rows, 1):
            texts = [cell if self.exact and isinstance(cell, str) else _text(cell) for cell in cells]
            if not any(text.strip() for text in texts):
                continue
            self._check_row(sheet, number, texts)
            found.append((number, texts))
        return found

    def _check_row(self, sheet: str | None, number: int, texts: list[str]) -> None:
        limits = self.limits
        self._cells_left -= sum(1 for text in texts if text)
        if number > limits.rows:
            _refuse(self.file, msg("The sheet has more than {limit} rows.", limit=limits.rows), sheet=sheet)
        if any(texts[limits.columns :]):
            wide = msg("The sheet has more than {limit} columns.", limit=limits.columns)
            _refuse(self.file, wide, sheet=sheet, row=number)
        if any(len(text) > limits.characters for text in texts):
            long = msg("A cell has more than {limit} characters.", limit=limits.characters)
            _refuse(self.file, long, sheet=sheet, row=number)
        if self._cells_left < 0:
            _refuse(self.file, msg("The file has more than {limit} cells.", limit=limits.cells))


def _text(cell: Any) -> str:
    """Returns a cell as a person reads it."""
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
