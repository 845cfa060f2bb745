"""Writes sets of answers as a file for spreadsheet programs: a workbook, a csv file, or a zip of csv files.

All of it is made in memory: what was sealed is written to no disk on the way.
"""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, Protocol

from msgspec import Struct

from spheres_core.facts import Message
from spheres_core.forms.exports.answer_tables import AnswerTable, Cell, TableOptions, TableWriter
from spheres_core.forms.schemas import Form
from spheres_core.foundation.content.workbooks import CsvTable, open_workbook
from spheres_core.foundation.languages.localization import Locale

FileKind = Literal["xlsx", "csv"]
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
ZIP: Final = "application/zip"


class WrittenFile(Struct, frozen=True):
    """A file as it is sent: its bytes, their media type, and the ending of its name."""

    content: bytes
    media_type: str
    suffix: str


class _Sheet(Protocol):
    """One table of the file."""

    def begin(self, header: Sequence[str]) -> None: ...
    def add_values(self, values: Sequence[Any]) -> None: ...


class AnswerFile:
    """A file of answers, written referral by referral. `before` heads the columns of the caller's own."""

    def __init__(
        self,
        kind: FileKind,
        tables: Sequence[AnswerTable],
        options: TableOptions,
        locale: Locale,
        before: Sequence[tuple[str, Message]],
    ) -> None:
        self._book = _Workbook() if kind == "xlsx" else _CsvFiles()
        self._sheets: list[tuple[_Sheet, TableWriter]] = []
        for table in tables:
            writer = TableWriter(table, options, locale)
            sheet = self._book.table(table.path or "answers", str(locale.pick(table.title)))
            sheet.begin(writer.header(before))
            self._sheets.append((sheet, writer))

    def add(self, form: Form, answers: Mapping[str, Any], key: str, before: Sequence[Cell]) -> None:
        """Adds a set of answers to the version `form`; `key` ties the rows of its repeats to it."""
        for sheet, writer in self._sheets:
            for row in writer.rows(form, answers, key, before):
                sheet.add_values(row)

    def finish(self) -> WrittenFile:
        """Returns the file; nothing can be added afterwards."""
        return self._book.finish()


class _Workbook:
    def __init__(self) -> None:
        self._file = io.BytesIO()
        self._open = contextlib.ExitStack()
        self._book = self._open.enter_context(open_workbook(self._file, in_memory=True))

    def table(self, _name: str, title: str) -> _Sheet:
        return self._book.table(title)

    def finish(self) -> WrittenFile:
        self._open.close()
        return WrittenFile(self._file.getvalue(), XLSX, ".xlsx")


class _CsvFiles:
    def __init__(self) -> None:
        self._tables: dict[str, CsvTable] = {}

    def table(self, name: str, _title: str) -> _Sheet:
        self._tables[name] = CsvTable()
        return self._tables[name]

    def finish(self) -> WrittenFile:
        if len(self._tables) == 1:
            (only,) = self._tables.values()
            return WrittenFile(only.content(), CSV, ".csv")
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            for name, table in self._tables.items():
                made.writestr(f"{name}.csv", table.content())
        return WrittenFile(file.getvalue(), ZIP, ".zip")
