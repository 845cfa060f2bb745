"""Writes spreadsheets for people, xlsx and csv: a text in a cell is never a formula and never a link.

`workbook` and `csv_file` write a few sheets at once; `open_workbook` and `CsvTable` write large tables row by row.
"""

import contextlib
import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, Final

import xlsxwriter
from msgspec import Struct

LONGEST_COMMENT = 900
ROWS_TO_FILL = 500
"""Rows of an empty sheet that offer their lists to choose from."""
MOST_ROWS: Final = 1_048_575
"""Rows that a sheet holds below its header."""
_BEGINNING: Final = dt.datetime(1980, 1, 1)
"""The day that every small workbook says it was made on: the same sheets are the same bytes."""
_TEXT_ONLY: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FORMULA_STARTS: Final = tuple("=+-@'\t\r")


class WrittenColumn(Struct, frozen=True):
    """A column's header, the text of a note on it, and the values to choose from."""

    header: str
    about: str = ""
    choices: tuple[str, ...] = ()
    strict: bool = False
    """True when nothing but a choice may stand there; else a list is only offered."""
    width: int = 22
    shaded: bool = False
    """True when it only says what the row is about: nobody writes here."""


class WrittenSheet(Struct, frozen=True):
    """A sheet: its name (at most 31 characters), its columns and its rows."""

    name: str
    columns: tuple[WrittenColumn, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    locked_head: bool = True
    """The header stays in sight while one scrolls."""
    filtered: bool = False
    """The header offers to filter and to sort."""
    right_to_left: bool = False


def workbook(sheets: Sequence[WrittenSheet]) -> bytes:
    """Returns the workbook's bytes. The same sheets give a workbook that says the same."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **_TEXT_ONLY}) as book:
        book.set_properties({"created": _BEGINNING})
        formats = _Formats(book)
        lists = _Lists(book)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, formats, lists)
        lists.write()
    return buffer.getvalue()


def csv_file(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Returns a csv file in UTF-8 with its mark, as spreadsheet programs expect it; see `unescape_formula`."""
    table = CsvTable()
    table.begin(headers)
    for row in rows:
        table.add_values(row)
    return table.content()


def escape_formula(text: str) -> str:
    """Returns a cell of a csv file that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def unescape_formula(text: str) -> str:
    """Returns the text that `escape_formula` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text


@contextlib.contextmanager
def open_workbook(file: IO[bytes], *, in_memory: bool = False) -> Iterator["LargeWorkbook"]:
    """Yields a workbook that is written to the file row by row, with little memory; it is whole when the block ends.

    `in_memory`: nothing of it is written to a disk meanwhile; it takes memory for each cell.
    """
    with xlsxwriter.Workbook(file, {"constant_memory": not in_memory, "in_memory": in_memory, **_TEXT_ONLY}) as book:
        yield LargeWorkbook(book)
        if not book.worksheets():
            book.add_worksheet()


class LargeWorkbook:
    """A workbook of tables as they are in a database: numbers stay numbers. Write one table after the other."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book

    def table(self, title: str) -> "LargeTable":
        """Returns a table that gets its sheet with its first row; without a row it has none."""
        return LargeTable(self._book, title)


class LargeTable:
    """One table of a large workbook. Rows that a sheet cannot hold are left out."""

    def __init__(self, book: xlsxwriter.Workbook, title: str) -> None:
        self._book, self._title = book, title
        self._sheet: Any = None
        self._rows = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Adds a row; the names of the first row become the header."""
        if self._sheet is None:
            self.begin(list(row))
        self.add_values(list(row.values()))

    def begin(self, header: Sequence[str]) -> None:
        """Makes the sheet with its header, also when no row will follow."""
        number = len(self._book.worksheets()) + 1
        self._sheet = self._book.add_worksheet(f"{number} {_sheet_name(self._title)}"[:31].rstrip())
        self._sheet.write_row(0, 0, header)
        self._sheet.freeze_panes(1, 0)

    def add_values(self, values: Sequence[Any]) -> None:
        """Adds a row under the header that `begin` wrote."""
        self._rows += 1
        if self._rows <= MOST_ROWS:
            self._sheet.write_row(self._rows, 0, values)


def _sheet_name(title: str) -> str:
    """Returns a title without what no spreadsheet program takes in the name of a sheet."""
    return " ".join(title.translate(dict.fromkeys(map(ord, "[]:*?/\\'"), " ")).split())


class CsvTable:
    """A csv file that is written row by row, in memory: UTF-8 with its mark, and no text in it is a formula."""

    def __init__(self) -> None:
        self._out = io.StringIO()
        self._writer = csv.writer(self._out)

    def begin(self, header: Sequence[str]) -> None:
        """Writes the header."""
        self.add_values(header)

    def add_values(self, values: Sequence[Any]) -> None:
        """Adds a row; see `unescape_formula`. Numbers stay as they are."""
        self._writer.writerow([escape_formula(each) if isinstance(each, str) else each for each in values])

    def content(self) -> bytes:
        """Returns the file."""
        return self._out.getvalue().encode("utf-8-sig")


class _Formats:
    """The formats of a workbook's cells. All are text, so that a program changes no phone number or date."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        text = {"num_format": "@", "text_wrap": True, "valign": "top"}
        self.header = book.add_format({**text, "bold": True, "bg_color": "#EFE7EC"})
        self.body = book.add_format(text)
        self.body_right_to_left = book.add_format({**text, "reading_order": 2})
        self.shaded = book.add_format({**text, "bg_color": "#F3EADC"})

    def of(self, sheet: WrittenSheet, column: WrittenColumn) -> Any:
        if column.shaded:
            return self.shaded
        return self.body_right_to_left if sheet.right_to_left else self.body


def _write(page: Any, sheet: WrittenSheet, formats: _Formats, lists: "_Lists") -> None:
    if sheet.right_to_left:
        page.right_to_left()
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width, formats.of(sheet, column))
        page.write_string(0, index, column.header, formats.header)
        if column.about:
            size = {"x_scale": 2.2, "y_scale": 1.6}
            page.write_comment(0, index, column.about[:LONGEST_COMMENT], size)
        if column.choices:
            last = max(ROWS_TO_FILL, len(sheet.rows))
            rule = {"validate": "list", "source": lists.source(column.choices), "show_error": column.strict}
            page.data_validation(1, index, last, index, rule)
    for number, row in enumerate(sheet.rows, 1):
        for index, (column, text) in enumerate(zip(sheet.columns, row, strict=False)):
            if text:
                page.write_string(number, index, text, formats.of(sheet, column))
    if sheet.locked_head:
        page.freeze_panes(1, 0)
    if sheet.filtered:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


class _Lists:
    """Lists to choose from, in a hidden sheet: a list inside a rule may have 255 characters only."""

    NAME = "_lists"

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.known: dict[tuple[str, ...], int] = {}

    def source(self, choices: tuple[str, ...]) -> str:
        column = self.known.setdefault(choices, len(self.known))
        letter = xlsxwriter.utility.xl_col_to_name(column)
        return f"={self.NAME}!${letter}$1:${letter}${len(choices)}"

    def write(self) -> None:
        if not self.known:
            return
        page = self.book.add_worksheet(self.NAME)
        page.hide()
        for choices, column in self.known.items():
            for row, text in enumerate(choices):
                page.write_string(row, column, text)
