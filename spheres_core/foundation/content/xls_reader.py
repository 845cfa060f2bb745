"""Reads an .xls workbook of Excel 97 to 2003 and of the programs that still write them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.book import Book
from xlrd.sheet import Cell as XlsCell
from xlrd.sheet import Sheet

from spheres_core.facts import msg
from spheres_core.foundation.content.cell_values import cell_of
from spheres_core.foundation.content.grids import Budget, Cell, Limits, MergedCells, Opened, grid_of, read_error, refuse
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.content.workbook_reader import damaged

_MARK = b"\xd0\xcf\x11\xe0"
_OLDEST_MARK = b"\x09"
"""Workbooks before Excel 5 are no collections of parts."""


def read_xls(data: bytes, file: str, limits: Limits, *, exact: bool) -> Opened:
    """Returns the sheets of an .xls workbook. Raises ContentInvalid for what is none, is damaged or is too large.

    `exact`: texts keep their outer blanks and line ends.
    """
    if data.startswith(b"PK"):
        refuse(file, msg("This is an .xlsx workbook under the name .xls. Give it its own ending."))
    if not data.startswith((_MARK, _OLDEST_MARK)):
        refuse(file, msg("This is not an .xls workbook."))
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), formatting_info=True, ragged_rows=True)
        return _sheets(book, file, limits, exact=exact)
    except ContentInvalid:
        raise
    except Exception as error:  # a damaged workbook breaks its reader in many ways
        if "encrypted" in str(error):
            refuse(file, msg("This workbook is protected by a password. Save it without one."))
        refuse(file, damaged(type(error).__name__))


def _sheets(book: Book, file: str, limits: Limits, *, exact: bool) -> Opened:
    budget = Budget(file, limits)
    grids = []
    for sheet in book.sheets():
        rows = list(budget.rows(sheet.name, _rows(book, sheet, exact=exact)))
        merged = [MergedCells(left, top + 1, bottom) for top, bottom, left, _ in sheet.merged_cells]
        if grid := grid_of(file, sheet.name, budget.filled(rows, merged)):
            grids.append(grid)
    return Opened(tuple(grids))


def _rows(book: Book, sheet: Sheet, *, exact: bool) -> Iterator[tuple[int, Mapping[int, Cell]]]:
    for index in range(sheet.nrows):
        cells = {column: _cell(book, each, exact=exact) for column, each in enumerate(sheet.row(index))}
        kept = {column: cell for column, cell in cells.items() if cell.text.strip() or cell.unreadable}
        if kept:
            yield index + 1, kept


def _cell(book: Book, cell: XlsCell, *, exact: bool) -> Cell:
    def number_format() -> str:
        return str(book.format_map[book.xf_list[cell.xf_index].format_key].format_str)

    match cell.ctype:
        case xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK:
            return Cell()
        case xlrd.XL_CELL_ERROR:
            return read_error(error_text_from_code[cell.value])
        case xlrd.XL_CELL_BOOLEAN:
            return cell_of(bool(cell.value), number_format, exact=exact)
        case xlrd.XL_CELL_DATE:
            day = xlrd.xldate_as_datetime(cell.value, book.datemode)
            return cell_of(day.time() if cell.value < 1 else day, number_format, exact=exact)
        case _:
            return cell_of(cell.value, number_format, exact=exact)
