"""A sheet as a grid of texts: what each cell shows, where it stands, and which cells show nothing that can be read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple, NoReturn

import msgspec
from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.invisible_characters import without_invisible
from spheres_core.foundation.content.packs import ContentInvalid, Finding

HEADER_ROWS: Final = 5
"""The header of a table is looked for in this many rows; titles may stand above it."""
Shape = Literal["day", "time", "flag"]
ERRORS: Final = frozenset(
    {
        *("#REF!", "#N/A", "#NAME?", "#DIV/0!", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"),
        *("#NOM?", "#VALEUR!", "#NOMBRE!", "#NUL!", "#EPARS!", "#PROPAGATION!"),
    }
)
"""The words with which spreadsheet programs show an error, in English and in French."""


class Limits(Struct, frozen=True):
    """How large a file may be. What lies beyond is refused before it costs memory."""

    file: int = 5_000_000
    """Bytes of the file."""
    uncompressed: int = 60_000_000
    """Bytes of all parts of a workbook together."""
    parts: int = 500
    rows: int = 5_000
    """Rows with something in them, wherever they stand."""
    columns: int = 256
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


class Cell(NamedTuple):
    """One cell: its text, and what stands against reading it."""

    text: str = ""
    shape: Shape | None = None
    """Set when the spreadsheet program turned the typed text into a value of its own."""
    unreadable: Message | None = None
    """Why the cell has no text."""


class GridRow(Struct, frozen=True):
    """One row with its 1-based number, as a spreadsheet program shows it; as many cells as there are headers."""

    number: int
    cells: tuple[str, ...]
    shapes: Mapping[int, Shape] = msgspec.field(default_factory=dict)
    """By the index of a cell: that it is a day, a time or a truth value for the spreadsheet program."""
    unreadable: Mapping[int, Message] = msgspec.field(default_factory=dict)
    """By the index of a cell: why it has no text."""


class Grid(Struct, frozen=True):
    """One sheet: its headers as written, and the rows below that are not empty. Cells are text without outer blanks."""

    file: str
    sheet: str | None
    """None in a csv file, which has one sheet without a name."""
    headers: tuple[str, ...]
    rows: tuple[GridRow, ...]
    top: int = 1
    """The row of the headers."""
    titles: tuple[GridRow, ...] = ()
    """Rows above the headers."""

    def column(self, index: int) -> str:
        """Returns a column's header, or its letter when it has none."""
        return self.headers[index] or letter(index)

    def finding(self, message: Message, row: int, index: int | None = None, *, severity: str = "error") -> Finding:
        column = None if index is None else self.column(index)
        return Finding(self.file, message, sheet=self.sheet, row=row, column=column, severity=severity)


class Opened(Struct, frozen=True):
    """The sheets of a file, and warnings about how it was read."""

    grids: tuple[Grid, ...]
    warnings: tuple[Finding, ...] = ()


class MergedCells(NamedTuple):
    """Cells of a column that are shown as one: the index of the column from 0, and the first and the last row."""

    column: int
    top: int
    bottom: int


Rows = Iterable[tuple[int, Mapping[int, Cell]]]
"""Rows that are not empty: their numbers, and their cells by index from 0."""


def letter(index: int) -> str:
    """Returns the letter of a column by its index from 0: A, B, …, Z, AA."""
    name, left = "", index + 1
    while left:
        left, place = divmod(left - 1, 26)
        name = chr(ord("A") + place) + name
    return name


def read_error(text: str) -> Cell:
    """Returns a cell that shows an error, such as `#REF!`."""
    return Cell(unreadable=msg("This cell shows the error {error}. Write its text instead.", error=text))


def grid_of(file: str, sheet: str | None, rows: Rows) -> Grid | None:
    """Returns the grid of these rows, the first of them as its header; None when there is none."""
    found = [(number, cells) for number, cells in rows if cells]
    if not found:
        return None
    width = 1 + max(max(cells) for _, cells in found)
    top, *below = (_row(number, cells, width) for number, cells in found)
    return Grid(file, sheet, tuple(map(without_invisible, top.cells)), tuple(below), top.number)


def _row(number: int, cells: Mapping[int, Cell], width: int) -> GridRow:
    texts = [""] * width
    for index, cell in cells.items():
        texts[index] = cell.text
    shapes = {index: cell.shape for index, cell in cells.items() if cell.shape is not None}
    unreadable = {index: cell.unreadable for index, cell in cells.items() if cell.unreadable is not None}
    return GridRow(number, tuple(texts), shapes, unreadable)


def with_header(grid: Grid, is_header: Callable[[str], bool]) -> Grid:
    """Returns the grid below the row, among the first five, in which most cells are known headers."""
    first = GridRow(grid.top, grid.headers)
    candidates = [first, *grid.rows[: HEADER_ROWS - 1]]
    known = [sum(1 for cell in row.cells if cell and is_header(without_invisible(cell))) for row in candidates]
    place = known.index(max(known))
    if place == 0:
        return grid
    chosen = candidates[place]
    headers = tuple(map(without_invisible, chosen.cells))
    return Grid(grid.file, grid.sheet, headers, grid.rows[place:], chosen.number, tuple(candidates[:place]))


def cell_findings(grid: Grid, shapes: Mapping[int, frozenset[Shape]] | None = None) -> Iterator[Finding]:
    """Yields what stands against the cells of a grid: errors, formulas without a value, texts that became a day.

    `shapes` gives, by index, the columns that are read and what may stand in them; without it, all are read and nothing
    but text may.
    """
    for row in grid.rows:
        for index, why in row.unreadable.items():
            if shapes is None or index in shapes:
                yield grid.finding(why, row.number, index)
        for index, shape in row.shapes.items():
            if shapes is None or (index in shapes and shape not in shapes[index]):
                yield grid.finding(became(shape, row.cells[index]), row.number, index)


def title_findings(grid: Grid) -> Iterator[Finding]:
    """Yields a warning for each row above the header that looks like more than a title."""
    for row in grid.titles:
        if sum(1 for cell in row.cells if cell) > 1:
            said = msg("This row stands above the header in row {row} and is not read.", row=grid.top)
            yield grid.finding(said, row.number, severity="warning")


def became(shape: Shape, text: str) -> Message:
    """Returns what the spreadsheet program made of a cell, and what to do."""
    match shape:
        case "day":
            return msg("The spreadsheet program made a date of this cell ({value}). Format the cell as text and write "
                       "its text again.", value=text)  # fmt: skip
        case "time":
            return msg("The spreadsheet program made a time of this cell ({value}). Format the cell as text and write "
                       "its text again.", value=text)  # fmt: skip
        case "flag":
            return msg("The spreadsheet program made a truth value of this cell ({value}). Format the cell as text and "
                       "write its text again.", value=text)  # fmt: skip


def refuse(
    file: str, message: Message, *, sheet: str | None = None, row: int | None = None, line: int | None = None
) -> NoReturn:
    """Raises ContentInvalid for a file that cannot be read."""
    raise ContentInvalid([Finding(file, message, sheet=sheet, row=row, line=line)])


class Budget:
    """Counts what is read of a file and refuses it beyond its limits."""

    def __init__(self, file: str, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._cells_left = limits.cells

    def rows(self, sheet: str | None, rows: Rows) -> Iterator[tuple[int, Mapping[int, Cell]]]:
        """Yields the rows of a sheet, as long as they are within the limits."""
        limits = self._limits
        for count, (number, cells) in enumerate(rows, 1):
            if count > limits.rows + 1:
                refuse(self._file, msg("The sheet has more than {limit} rows.", limit=limits.rows), sheet=sheet)
            if max(cells, default=0) >= limits.columns:
                wide = msg("The sheet has more than {limit} columns.", limit=limits.columns)
                refuse(self._file, wide, sheet=sheet, row=number)
            if any(len(cell.text) > limits.characters for cell in cells.values()):
                long = msg("A cell has more than {limit} characters.", limit=limits.characters)
                refuse(self._file, long, sheet=sheet, row=number)
            self._cells_left -= len(cells)
            if self._cells_left < 0:
                refuse(self._file, msg("The file has more than {limit} cells.", limit=limits.cells))
            yield number, cells

    def filled(self, rows: Sequence[tuple[int, Mapping[int, Cell]]], merged: Iterable[MergedCells]) -> Rows:
        """Returns the rows, in order, with what merged cells show in each row that they cover. What stands across
        several columns stays in the first of them; rows with nothing else stay empty."""
        numbers = [number for number, _ in rows]
        cells = [dict(cells) for _, cells in rows]
        for column, top, bottom in merged:
            first, last = bisect_left(numbers, top), bisect_right(numbers, bottom)
            if numbers[first : first + 1] != [top] or column not in cells[first]:
                continue
            self._cells_left -= last - first - 1
            if self._cells_left < 0:
                refuse(self._file, msg("The file has more than {limit} cells.", limit=self._limits.cells))
            for place in range(first + 1, last):
                cells[place].setdefault(column, cells[first][column])
        return list(zip(numbers, cells, strict=True))
