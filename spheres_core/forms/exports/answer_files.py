"""Writes sets of answers as a file for spreadsheet programs: a workbook, a csv file, or a zip of csv files.

All of it is made in memory: what was sealed is written to no disk on the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from spheres_core.facts import Message
from spheres_core.forms.exports.answer_tables import AnswerTable, Cell, TableOptions, TableWriter
from spheres_core.forms.schemas import Form
from spheres_core.foundation.content.table_files import FileKind, WrittenFile, WrittenTable, open_tables
from spheres_core.foundation.languages.localization import Locale


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
        self._book = open_tables(kind)
        self._sheets: list[tuple[WrittenTable, TableWriter]] = []
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
