"""Reads an .xlsx workbook, whoever made it: each cell as a person sees it, or why it cannot be read."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._reader import FORMULA_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.cell_values import cell_of
from spheres_core.foundation.content.grids import (
    Budget,
    Cell,
    Grid,
    Limits,
    MergedCells,
    Opened,
    grid_of,
    read_error,
    refuse,
)
from spheres_core.foundation.content.packs import ContentInvalid

_ZIP: Final = b"PK"
_OLD_FILE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MERGED: Final = f"{{{SHEET_MAIN_NS}}}mergeCell"
_STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_COUNTED_ANEW: Final = re.compile(rb'fullCalcOnLoad="(?:1|true)"')
NO_VALUE: Final = msg(
    "This cell has a formula without a value. Open the file in a spreadsheet program and save it, or write the text."
)


def read_workbook(data: bytes, file: str, limits: Limits, *, exact: bool) -> Opened:
    """Returns the sheets of a workbook. Raises ContentInvalid for what is none, is damaged or is too large.

    `exact`: texts keep their outer blanks and line ends.
    """
    parts = _parts(data, file, limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _sheets(data, file, limits, exact=exact, recounted=bool(_COUNTED_ANEW.search(parts)))
    except ContentInvalid:
        raise
    except Exception as error:  # a damaged workbook breaks its reader in many ways
        refuse(file, damaged(type(error).__name__))


def damaged(reason: str) -> Message:
    """Returns that a workbook cannot be opened; `reason` is the name of the error."""
    return msg(
        "This workbook is damaged ({reason}). Open it in a spreadsheet program, save it as .xlsx, or fetch it again.",
        reason=reason,
    )


def _parts(data: bytes, file: str, limits: Limits) -> bytes:
    """Returns the part that lists the sheets. Refuses what is no workbook, or would become too large when opened."""
    if data.startswith(_OLD_FILE):
        if _ENCRYPTED in data:
            refuse(file, msg("This workbook is protected by a password. Save it without one."))
        refuse(file, msg("This is a workbook of an older program under the name .xlsx. Save it as .xlsx."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            found = parts.infolist()
            if len(found) > limits.parts or sum(each.file_size for each in found) > limits.uncompressed:
                refuse(file, msg("This workbook would become too large when it is opened."))
            books = [each for each in found if each.filename.endswith("workbook.xml")]
            listed = b"".join(parts.read(each) for each in books)
    except ContentInvalid:
        raise
    except Exception as error:
        if data.startswith(_ZIP):
            refuse(file, damaged(type(error).__name__))
        refuse(file, msg("This is not an .xlsx workbook."))
    if not books:
        refuse(file, msg("This is not an .xlsx workbook."))
    if _STRICT in listed:
        refuse(file, msg("This workbook is saved as “Strict Open XML”. Save it as “Excel workbook (.xlsx)”."))
    return listed


def _sheets(data: bytes, file: str, limits: Limits, *, exact: bool, recounted: bool) -> Opened:
    reader = ExcelReader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    reader.read()
    book = reader.wb
    lost = [str(each.name) for each in reader.parser.sheets if each.name not in book.sheetnames]
    if lost:
        refuse(file, msg("This workbook is damaged: the sheet “{sheet}” is missing in it.", sheet=lost[0]))
    budget = Budget(file, limits)
    grids: list[Grid] = []
    try:
        for sheet in book.worksheets:
            name = str(sheet.title)
            reading = _Sheet(sheet, file, exact=exact, recounted=recounted)
            try:
                read = sorted(budget.rows(name, reading.rows()), key=lambda row: row[0])
                rows = budget.filled(read, reading.merged)
            except ContentInvalid:
                raise
            except Exception as error:  # a damaged part breaks its reader in many ways
                refuse(file, damaged(type(error).__name__), sheet=name)
            if grid := grid_of(file, name, rows):
                grids.append(grid)
    finally:
        book.close()
    return Opened(tuple(grids))


class _Cells(WorkSheetParser):  # type: ignore[misc]  # openpyxl has no types
    """The rows of a sheet, in whatever order and however far apart; formulas stay known beside their values.

    openpyxl's own reading trusts the sheet's word on its size and drops rows that are not in order.
    """

    def __init__(self, source: Any, merged: list[MergedCells], *given: Any, **named: Any) -> None:
        super().__init__(source, *given, **named)
        self.merged = merged

    def rows(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        for _, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                yield self.parse_row(element)
                element.clear()
            elif element.tag == _MERGED:
                left, top, _, bottom = range_boundaries(element.get("ref", ""))
                self.merged.append(MergedCells(left - 1, top, bottom))

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        has_formula = element.find(FORMULA_TAG) is not None
        shows_nothing = element.get("t") == "str" and element.find(VALUE_TAG) is not None
        cell["is_formula"] = has_formula
        cell["has_no_value"] = has_formula and cell["value"] is None and not shows_nothing
        return cell


class _Sheet:
    def __init__(self, sheet: Any, file: str, *, exact: bool, recounted: bool) -> None:
        self.sheet = sheet
        self.file = file
        self.exact = exact
        self.recounted = recounted
        self.merged: list[MergedCells] = []
        """Known once all rows have been read: they stand behind them."""

    def rows(self) -> Iterator[tuple[int, Mapping[int, Cell]]]:
        """Yields the rows that are not empty."""
        book = self.sheet.parent
        seen: set[int] = set()
        with self.sheet._get_source() as source:
            parser = _Cells(
                source,
                self.merged,
                self.sheet._shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for number, raw in parser.rows():
                cells: dict[int, Cell] = {}
                for each in raw:
                    cell = self.cell(each)
                    index = each["column"] - 1
                    if index in cells:
                        refuse(self.file, damaged("cell"), sheet=str(self.sheet.title), row=number)
                    if cell != Cell() and (cell.text.strip() or cell.unreadable):
                        cells[index] = cell
                if cells and number in seen:
                    refuse(self.file, damaged("row"), sheet=str(self.sheet.title), row=number)
                if cells:
                    seen.add(number)
                    yield number, cells

    def cell(self, raw: dict[str, Any]) -> Cell:
        """Returns a cell as a person sees it."""
        value = raw["value"]
        if raw["has_no_value"] or (self.recounted and raw["is_formula"] and value == 0):
            return Cell(unreadable=NO_VALUE)
        if raw["data_type"] == "e":
            return read_error(str(value).strip())
        return cell_of(value, lambda: self.number_format(raw), exact=self.exact)

    def number_format(self, raw: dict[str, Any]) -> str:
        style = {name: raw[name] for name in ("row", "column", "value", "data_type", "style_id")}
        return str(ReadOnlyCell(self.sheet, **style).number_format)
