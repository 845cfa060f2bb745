"""Writes tables as a file for spreadsheet programs: a workbook, a csv file, or a zip of csv files. All in memory."""

import contextlib
import io
import zipfile
from collections.abc import Sequence
from typing import Any, Final, Literal, Protocol

from msgspec import Struct

from spheres_core.foundation.content.workbooks import CsvTable, open_workbook

FileKind = Literal["xlsx", "csv"]
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
ZIP: Final = "application/zip"


class WrittenFile(Struct, frozen=True):
    """A file as it is sent: its bytes, their media type, and the ending of its name."""

    content: bytes
    media_type: str
    suffix: str


class WrittenTable(Protocol):
    """One table of the file."""

    def begin(self, header: Sequence[str]) -> None: ...
    def add_values(self, values: Sequence[Any]) -> None: ...


class TableFile(Protocol):
    """A file of tables; one after the other is begun and filled."""

    def table(self, name: str, title: str) -> WrittenTable:
        """Returns a new table; `name` is its file's in a zip, `title` its sheet's."""

    def finish(self) -> WrittenFile:
        """Returns the file; nothing can be added afterwards."""


def open_tables(kind: FileKind) -> TableFile:
    """Returns an empty file of this kind."""
    return _Workbook() if kind == "xlsx" else _CsvFiles()


class _Workbook:
    def __init__(self) -> None:
        self._file = io.BytesIO()
        self._open = contextlib.ExitStack()
        self._book = self._open.enter_context(open_workbook(self._file, in_memory=True))

    def table(self, _name: str, title: str) -> WrittenTable:
        return self._book.table(title)

    def finish(self) -> WrittenFile:
        self._open.close()
        return WrittenFile(self._file.getvalue(), XLSX, ".xlsx")


class _CsvFiles:
    def __init__(self) -> None:
        self._tables: dict[str, CsvTable] = {}

    def table(self, name: str, _title: str) -> WrittenTable:
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
