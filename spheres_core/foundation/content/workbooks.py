"""Writing xlsx workbooks for people: what a cell holds is always text, never a formula and never a link."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from msgspec import Struct

LONGEST_COMMENT = 900
ROWS_TO_FILL = 500
"""Rows of an empty sheet that offer their lists to choose from."""


class WrittenColumn(Struct, frozen=True):
    """A column's header, what a note on it explains, and what may be chosen in it."""

    header: str
    about: str = ""
    choices: tuple[str, ...] = ()
    strict: bool = False
    """True when nothing but a choice may stand there; else a list is only offered."""
    width: int = 22


class WrittenSheet(Struct, frozen=True):
    """A sheet: its name (at most 31 characters), its columns and its rows."""

    name: str
    columns: tuple[WrittenColumn, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    locked_head: bool = True
    """The header stays in sight while one scrolls."""


def workbook(sheets: Sequence[WrittenSheet]) -> bytes:
    """The workbook's bytes. The same sheets give a workbook that says the same."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#EFE7EC", "text_wrap": True, "valign": "top", "num_format": "@"}
        )
        body = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        lists = _Lists(book)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, head, body, lists)
        lists.write()
    return buffer.getvalue()


def _write(page: Any, sheet: WrittenSheet, head: Any, body: Any, lists: _Lists) -> None:
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width, body)
        page.write_string(0, index, column.header, head)
        if column.about:
            size = {"x_scale": 2.2, "y_scale": 1.6}
            page.write_comment(0, index, column.about[:LONGEST_COMMENT], size)
        if column.choices:
            last = max(ROWS_TO_FILL, len(sheet.rows))
            rule = {"validate": "list", "source": lists.source(column.choices), "show_error": column.strict}
            page.data_validation(1, index, last, index, rule)
    for number, row in enumerate(sheet.rows, 1):
        for index, text in enumerate(row):
            if text:
                page.write_string(number, index, text, body)
    if sheet.locked_head:
        page.freeze_panes(1, 0)


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
