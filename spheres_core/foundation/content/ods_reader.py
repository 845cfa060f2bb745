"""Reads an .ods workbook, as LibreOffice and Google Sheets write it. Its cells hold the text that they show."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from spheres_core.facts import msg
from spheres_core.foundation.content.cell_values import plain
from spheres_core.foundation.content.grids import (
    ERRORS,
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
from spheres_core.foundation.content.number_formats import number_text
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.content.workbook_reader import NO_VALUE, damaged

_NAMESPACE: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE: Final = f"{{{_NAMESPACE}table:1.0}}"
_TEXT: Final = f"{{{_NAMESPACE}text:1.0}}"
_OFFICE: Final = f"{{{_NAMESPACE}office:1.0}}"
_CALC: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_KIND: Final = "application/vnd.oasis.opendocument.spreadsheet"
_CELLS: Final = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_SHEETS: Final = f"{_OFFICE}spreadsheet"


def read_ods(data: bytes, file: str, limits: Limits, *, exact: bool) -> Opened:
    """Returns the sheets of an .ods workbook. Raises ContentInvalid for what is none, is damaged or is too large.

    `exact`: texts keep their outer blanks and line ends.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            found = {each.filename: each.file_size for each in parts.infolist()}
            if len(found) > limits.parts or sum(found.values()) > limits.uncompressed:
                refuse(file, msg("This workbook would become too large when it is opened."))
            if "content.xml" not in found or _KIND not in parts.read("mimetype").decode():
                refuse(file, msg("This is not an .ods workbook."))
            if b"encryption-data" in parts.read("META-INF/manifest.xml"):
                refuse(file, msg("This workbook is protected by a password. Save it without one."))
            content = parts.read("content.xml")
        reading = _Content(content, Budget(file, limits), limits, file, exact=exact)
        return Opened(tuple(reading.grids()))
    except ContentInvalid:
        raise
    except Exception as error:  # a damaged workbook breaks its reader in many ways
        if not data.startswith(b"PK"):
            refuse(file, msg("This is not an .ods workbook."))
        refuse(file, damaged(type(error).__name__))


class _Content:
    def __init__(self, content: bytes, budget: Budget, limits: Limits, file: str, *, exact: bool) -> None:
        self.events = iterparse(io.BytesIO(content), events=("start", "end"))
        self.budget = budget
        self.limits = limits
        self.file = file
        self.exact = exact
        self.merged: list[MergedCells] = []

    def grids(self) -> Iterator[Grid]:
        above: list[str] = []
        for event, element in self.events:
            if event == "end":
                above.pop()
            elif element.tag == f"{_TABLE}table" and above[-1:] == [_SHEETS]:
                name = element.get(f"{_TABLE}name", "")
                self.merged = []
                rows = list(self.budget.rows(name, self.rows()))
                if grid := grid_of(self.file, name, self.budget.filled(rows, self.merged)):
                    yield grid
            else:
                above.append(element.tag)

    def rows(self) -> Iterator[tuple[int, Mapping[int, Cell]]]:
        """Yields the rows of the sheet that has begun that are not empty, and reads to its end."""
        number, inner = 1, 0
        for event, element in self.events:
            inner += (event == "start") - (event == "end") if element.tag == f"{_TABLE}table" else 0
            if inner < 0:
                return
            if event == "end" and element.tag == f"{_TABLE}table-row" and not inner:
                repeated = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                cells = self.cells(element, number)
                for place in range(number, number + repeated) if cells else ():
                    yield place, cells
                number += repeated
                element.clear()

    def cells(self, row: Element, number: int) -> dict[int, Cell]:
        cells: dict[int, Cell] = {}
        index = 0
        for each in (each for each in row if each.tag in _CELLS):
            repeated = int(each.get(f"{_TABLE}number-columns-repeated", "1"))
            cell = Cell() if each.tag == _CELLS[1] else self.cell(each)
            if cell.text.strip() or cell.unreadable:
                cells.update(dict.fromkeys(range(index, min(index + repeated, self.limits.columns + 1)), cell))
            if (spanned := int(each.get(f"{_TABLE}number-rows-spanned", "1"))) > 1:
                self.merged.append(MergedCells(index, number, number + spanned - 1))
            index += repeated
        return cells

    def cell(self, element: Element) -> Cell:
        """Returns a cell as a person sees it; a number without a format with its point."""
        shown = "\n".join(_said(each) for each in element if each.tag == f"{_TEXT}p")
        kind = element.get(f"{_OFFICE}value-type", "")
        if element.get(f"{_CALC}value-type") == "error" or shown.strip() in ERRORS:
            return read_error(shown.strip())
        if not kind and not shown and element.get(f"{_TABLE}formula"):
            return Cell(unreadable=NO_VALUE)
        match kind:
            case "boolean":
                return Cell("TRUE" if element.get(f"{_OFFICE}boolean-value") == "true" else "FALSE", "flag")
            case "date":
                return Cell(element.get(f"{_OFFICE}date-value", shown).removesuffix("T00:00:00"), "day")
            case "time":
                return Cell(shown, "time")
            case "float":
                number = number_text(float(element.get(f"{_OFFICE}value", "nan")))
                return Cell(number if number == shown.replace(",", ".") else shown)
            case _:
                return Cell(shown if self.exact else plain(shown))


def _said(paragraph: Element) -> str:
    """Returns the text of a paragraph. Comments and drawings of the cell stand beside it."""
    said = [paragraph.text or ""]
    for each in paragraph:
        match each.tag.removeprefix(_TEXT):
            case "s":
                said.append(" " * min(int(each.get(f"{_TEXT}c", "1")), 100))
            case "tab":
                said.append("\t")
            case "line-break":
                said.append("\n")
            case "span" | "a":
                said.append(_said(each))
        said.append(each.tail or "")
    return "".join(said)
