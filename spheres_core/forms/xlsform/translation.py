"""Writes a form's spreadsheet again, as xlsx, with empty cells filled from a translation sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from spheres_core.forms.xlsform.sheets import TRANSLATED, Sheet, XlsformSheets, open_source
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.content.workbooks import WrittenColumn, WrittenSheet, workbook

Find = Callable[[Mapping[str, str], str], str]
"""From the texts of a cell by language, and the language that is missing, to the text in it; empty when unknown."""
_TEXTS: Final = {"survey": TRANSLATED, "choices": ("label",), "settings": ("form_title",)}
_AUTONYMS: Final = {"fr": "Français", "en": "English"}


def with_translations(path: Path, languages: Sequence[str], find: Find, *, rows_in_place: bool = False) -> bytes | None:
    """Returns the form as a workbook whose empty cells are filled; None when nothing is to fill, or a cell of it cannot
    be read.

    `languages` are short tags. Columns stay where they are; a missing one is added at the end. `rows_in_place`: rows
    keep their numbers, as findings about the file need them; else they follow their header without a gap.
    """
    try:
        source = open_source(path, file=path.name, suffix=path.suffix.lower())
    except ContentInvalid:
        return None
    if any(each.severity == "error" for each in source.findings):
        return None
    sheets = [_filled(sheet, source, languages, find) for sheet in (source.survey, source.choices, source.settings)]
    if not any(filled for _, filled in sheets):
        return None
    return workbook([_written(sheet, rows_in_place=rows_in_place) for sheet, _ in sheets])


def as_workbook(form: Path | bytes, *, suffix: str) -> bytes:
    """Returns the form as a workbook, cell by cell. Raises ContentInvalid when a cell of it cannot be read."""
    source = open_source(form, file=form.name if isinstance(form, Path) else f"form{suffix}", suffix=suffix)
    broken = [each for each in source.findings if each.severity == "error"]
    if broken:
        raise ContentInvalid(broken)
    plain = [(sheet, _cells(sheet)) for sheet in (source.survey, source.choices, source.settings)]
    return workbook([_written((sheet.name, _headers(sheet), cells)) for sheet, cells in plain if sheet.headers])


Written = tuple[str, list[str], dict[int, dict[str, str]]]
"""A sheet's name, its headers, and its cells by row and header."""


def _headers(sheet: Sheet) -> list[str]:
    return [header.written for header in sheet.headers]


def _cells(sheet: Sheet) -> dict[int, dict[str, str]]:
    return {row.number: dict(row.written) for row in sheet.rows}


def _filled(sheet: Sheet, source: XlsformSheets, languages: Sequence[str], find: Find) -> tuple[Written, bool]:
    headers, cells, filled = _headers(sheet), _cells(sheet), False
    for row in sheet.rows:
        for column in _TEXTS[sheet.name]:
            words = row.words(column, source.default_language)
            for language in languages if words else ():
                if not _said(words, language) and (text := find(words, language)):
                    header = _header(sheet, column, language)
                    headers += [header] if header not in headers else []
                    cells[row.number][header] = text
                    filled = True
    return (sheet.name, headers, cells), filled


def _said(words: Mapping[str, str], language: str) -> str:
    return next((text for tag, text in words.items() if tag.partition("-")[0] == language and text), "")


def _header(sheet: Sheet, column: str, language: str) -> str:
    for header in sheet.headers:
        if header.column == column and header.language.partition("-")[0] == language:
            return header.written
    return f"{column}::{_AUTONYMS.get(language, language)} ({language})"


def _written(sheet: Written, *, rows_in_place: bool = False) -> WrittenSheet:
    name, headers, cells = sheet
    numbers = range(2, max(cells, default=1) + 1) if rows_in_place else sorted(cells)
    rows = tuple(tuple(cells.get(number, {}).get(header, "") for header in headers) for number in numbers)
    return WrittenSheet(name, tuple(WrittenColumn(header, width=28) for header in headers), rows)
