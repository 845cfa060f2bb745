"""Files beside a form that its cells name: lists of choices, and what questions and choices show or play."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from spheres_core.facts import Words, msg
from spheres_core.forms.form_media import MEDIA, medium_problem, reference
from spheres_core.forms.schemas import Choice
from spheres_core.forms.xlsform.findings import cell_finding
from spheres_core.forms.xlsform.question_parameters import parsed
from spheres_core.forms.xlsform.question_types import QuestionType
from spheres_core.forms.xlsform.rule_cells import YES
from spheres_core.forms.xlsform.sheets import CHOICE_COLUMNS, MOST_ROWS, Sheet, SheetRow, XlsformSheets, read_sheet
from spheres_core.foundation.content.item_lists import SUFFIXES, read_items
from spheres_core.foundation.content.packs import ContentInvalid, Finding

_OF_CHOICES: Final = ("name", "label")
_OF_FEATURES: Final = ("id", "title")
"""Where a file has the codes and the words of its choices, if the form says nothing else."""
_NOT_OF_A_NAME: Final = re.compile(r"[^A-Za-z0-9_-]+")


class FilesOfForm:
    """Reads the files that a form names, each once, and keeps what is wrong with them."""

    def __init__(self, source: XlsformSheets, *, to_come: bool = False) -> None:
        self.source = source
        self.to_come = to_come
        """Whether lists may be laid beside the form later."""
        self.lists: dict[str, tuple[Choice, ...]] = {}
        """Lists of choices from files, by the name under which the form knows them."""
        self.findings: list[Finding] = []
        self._names: dict[tuple[str, str, str], str] = {}
        self._read: dict[str, bytes | None] = {}

    def content(self, name: str) -> bytes | None:
        if name not in self._read:
            self._read[name] = self.source.files(name)
        return self._read[name]

    def choice(self, row: SheetRow, sheet: Sheet) -> Choice:
        """Returns the choice of a row."""
        return Choice(
            name=row.cell("name"),
            labels=row.words("label", self.source.default_language) or {self.source.default_language: row.cell("name")},
            meaning=row.cell("meaning").strip(),
            media=self.media(row, sheet),
            columns={
                column: cell
                for (column, language), cell in row.cells.items()
                if not language and column not in CHOICE_COLUMNS.values()
            },
            retired=row.cell("retired").strip().lower() in YES,
        )

    def media(self, row: SheetRow, sheet: Sheet) -> Mapping[str, Words]:
        """Returns what a row shows or plays, by column and language."""
        found: dict[str, Words] = {}
        for column in MEDIA:
            named = row.words(column, self.source.default_language)
            kept = {language: self._reference(row, sheet, column, language, name) for language, name in named.items()}
            if any(kept.values()):
                found[column] = {language: each for language, each in kept.items() if each}
        return found

    def _reference(self, row: SheetRow, sheet: Sheet, column: str, language: str, name: str) -> str:
        content = self.content(name)
        if message := medium_problem(column, content):
            spoken = language if (column, language) in row.cells else ""
            severity = "warning" if content is None else "error"
            place = (self.source, sheet, row.number, column, message)
            self.findings.append(cell_finding(*place, language=spoken, severity=severity))
        return reference(name, content) if content is not None else ""

    def list_name(self, row: SheetRow, kind: QuestionType, known: Mapping[str, object]) -> str:
        """Returns the name of the list that a question's file holds; `known` are names that lists have already."""
        parameters = parsed(row.cell("parameters"))
        value, label = _OF_FEATURES if kind.file.lower().endswith(".geojson") else _OF_CHOICES
        wanted = (kind.file, parameters.get("value", value), parameters.get("label", label))
        if wanted not in self._names:
            stem = name = _NOT_OF_A_NAME.sub("_", kind.file.rpartition(".")[0]) or "choices"
            number = 1
            while name in known or name in self.lists:
                number += 1
                name = f"{stem}_{number}"
            self._names[wanted] = name
            self.lists[name] = self._choices(row, *wanted)
        return self._names[wanted]

    def _choices(self, row: SheetRow, file: str, value: str, label: str) -> tuple[Choice, ...]:
        is_list = file.lower().endswith(SUFFIXES)
        content = self.content(file) if is_list else None
        if content is None:
            said = (
                msg("The choices are to be read from “{file}”: put this file into the folder of the form.", file=file)
                if is_list
                else msg("Choices are read from {kinds}; “{file}” is none.", kinds=", ".join(SUFFIXES), file=file)
            )
            severity = "warning" if is_list and self.to_come else "error"
            place = (self.source, self.source.survey, row.number, "type", said)
            self.findings.append(cell_finding(*place, severity=severity))
            return ()
        usual = {each: column for each, column in CHOICE_COLUMNS.items() if column not in ("name", "label")}
        try:
            columns = usual | {value.lower(): "name", label.lower(): "label"}
            sheet = read_sheet(read_items(content, file, MOST_ROWS), "choices", columns, self.findings)
        except ContentInvalid as invalid:
            self.findings += invalid.findings
            return ()
        self._check(file, sheet, value, label)
        return tuple(self.choice(each, sheet) for each in sheet.rows)

    def _check(self, file: str, sheet: Sheet, value: str, label: str) -> None:
        for column, written in (("name", value), ("label", label)):
            if not sheet.has(column):
                said = msg("The column “{column}” is missing.", column=written)
                self.findings.append(Finding(file, said, row=sheet.top, column=written))
        if not sheet.rows or len(sheet.rows) > MOST_ROWS:
            self.findings.append(Finding(file, msg("A file has from 1 to {limit} choices.", limit=MOST_ROWS)))
        seen: set[str] = set()
        for row in sheet.rows:
            name = row.cell("name")
            if not name or " " in name or name in seen or not row.words("label", self.source.default_language):
                said = msg("Each choice has a name of its own, without blanks, and words.")
                self.findings.append(Finding(file, said, row=row.number, column=value))
            seen.add(name)
