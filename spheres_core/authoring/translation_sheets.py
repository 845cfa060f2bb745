"""Writes a catalog as a spreadsheet for translators without tools, and reads it back without losing a text.

One row per text, and per plural form of a text that is numbered. `translation` is the column to write in, and `note`;
all others say which text it is, and are held against the code when the sheet comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from spheres_core.authoring.accepted_texts import AcceptedText, as_accepted
from spheres_core.facts import Message, msg
from spheres_core.foundation.content import po
from spheres_core.foundation.content.grids import CATALOG_LIMITS, Grid, Shape, cell_findings, with_header
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.content.spreadsheets import open_spreadsheet
from spheres_core.foundation.content.text_files import replace_file
from spheres_core.foundation.content.workbooks import (
    WrittenColumn,
    WrittenSheet,
    csv_file,
    unescape_formula,
    workbook,
)
from spheres_core.foundation.languages import extraction
from spheres_core.foundation.languages.extraction import ExtractedText
from spheres_core.foundation.languages.localization import CatalogKey
from spheres_core.foundation.languages.registry import Language, form_of
from spheres_core.foundation.languages.text_checks import (
    APOSTROPHE,
    MOJIBAKE,
    UNTRANSLATED,
    Passage,
    TextProblem,
    check_text,
    compare_with_source,
)

COLUMNS: Final = (
    "catalog", "language", "context", "source", "french", "source_many", "form", "numbers", "existing", "translation",
    "note", "where",
)  # fmt: skip
WIDTHS: Final = (10, 10, 10, 60, 60, 40, 6, 14, 60, 60, 30, 40)
SHEET: Final = "translations"
OPTIONAL: Final = ("french", "note", "where", "numbers")
"""Columns that a sheet may lack when it comes back: they are for whoever reads it."""
TO_WRITE_IN: Final = ("translation", "note")

Entries = Mapping[CatalogKey, tuple[str, ...]]


class Row(Struct, frozen=True):
    """One row. `form` is 0 for a plain sentence, else which plural form, from 1."""

    catalog: str
    language: str
    context: str
    source: str
    french: str
    """The same in French, to read beside the English; empty in a sheet for French."""
    source_many: str
    form: int
    numbers: str
    """Some numbers that take this form."""
    existing: str
    """The translation in the catalog today."""
    translation: str
    note: str
    where: str

    @property
    def key(self) -> CatalogKey:
        return (self.context, self.source)


class NumberedRow(Struct, frozen=True):
    """A row with its number in the sheet, 1-based."""

    number: int
    row: Row


class TranslationSheet(Struct, frozen=True):
    """A sheet that came back."""

    file: str
    sheet: str
    rows: tuple[NumberedRow, ...]


# ---- out ------------------------------------------------------------------------------------------------------------


def rows_of(
    catalog: str,
    language: Language,
    found: Mapping[CatalogKey, ExtractedText],
    known: Entries,
    notes: Mapping[CatalogKey, str],
    french: Entries | None = None,
) -> list[Row]:
    """Returns a row for every text of a catalog and each of its plural forms. `french`: its texts in French."""
    rows = []
    for key, each in found.items():
        said = known.get(key, ())
        many = each.forms[1] if len(each.forms) > 1 else ""
        for form in range(1, language.forms + 1) if many else (0,):
            text = said[max(form - 1, 0)] if len(said) > max(form - 1, 0) else ""
            numbers = _numbers(language, form) if many else ""
            note = notes.get(key, "") if form < 2 else ""
            beside = (french or {}).get(key, ("",))
            in_french = beside[min(max(form - 1, 0), len(beside) - 1)]
            rows.append(Row(catalog, language.tag, each.context, each.forms[0], in_french, many, form, numbers, text,
                            text, note, " ".join(each.files)))  # fmt: skip
    return rows


def _numbers(language: Language, form: int) -> str:
    taken = [number for number in range(200) if form_of(language.plural, number) == form - 1]
    return ", ".join(map(str, taken[:4])) + (", …" if len(taken) > 4 else "")


def write_sheet(path: Path, rows: Sequence[Row], language: Language) -> None:
    """Writes `.xlsx` or `.csv`. A cell is never a formula; a language from the right has its sheet from the right."""
    if path.suffix.lower() == ".csv":
        replace_file(path, csv_file(COLUMNS, [_cells(row) for row in rows]))
    else:
        replace_file(path, workbook([_sheet(rows, language)]))


def _cells(row: Row) -> list[str]:
    return [str(value or "") for value in msgspec.structs.astuple(row)]


def _sheet(rows: Sequence[Row], language: Language) -> WrittenSheet:
    columns = tuple(
        WrittenColumn(name, width=width, shaded=name not in TO_WRITE_IN)
        for name, width in zip(COLUMNS, WIDTHS, strict=True)
    )
    cells = tuple(tuple(_cells(row)) for row in rows)
    return WrittenSheet(SHEET, columns, cells, filtered=True, right_to_left=language.dir == "rtl")


# ---- back -----------------------------------------------------------------------------------------------------------


def read_sheet(path: Path) -> TranslationSheet:
    """Reads a sheet that came back. Raises `ContentInvalid` when it is none of ours."""
    opened = open_spreadsheet(path, limits=CATALOG_LIMITS, exact=True)
    if opened.warnings:  # a guess at the encoding would put wrong accents into a catalog
        raise ContentInvalid([Finding(path.name, msg("This file is not UTF-8 text."))])
    grids = {grid.sheet: grid for grid in opened.grids}
    grid = grids.get(SHEET) or next(iter(opened.grids), Grid(path.name, SHEET, (), ()))
    name = grid.sheet or path.stem
    grid = with_header(grid, lambda written: written.strip().lower() in COLUMNS)
    headers = [each.strip().lower() for each in grid.headers]
    if missing := [each for each in COLUMNS if each not in headers and each not in OPTIONAL]:
        why = msg("The column {column} is missing. Export the sheet anew.", column=", ".join(missing))
        raise ContentInvalid([Finding(path.name, why, sheet=name, row=grid.top, column=missing[0])])
    rows: list[NumberedRow] = []
    read = {index: frozenset[Shape]() for index, header in enumerate(headers) if header in COLUMNS}
    findings = list(cell_findings(grid, read))
    for line in grid.rows:
        cells = line.cells if grid.sheet else [unescape_formula(cell) for cell in line.cells]
        given = dict(zip(headers, cells, strict=True))
        form = given["form"].strip().removesuffix(".0") or "0"
        if not form.isdigit() or len(form) > 2:
            why = msg("Enter a whole number, in digits.")
            findings.append(Finding(path.name, why, sheet=name, row=line.number, column="form"))
            continue
        rows.append(
            NumberedRow(line.number, Row(form=int(form), **{c: given.get(c, "") for c in COLUMNS if c != "form"}))
        )
    if findings:
        raise ContentInvalid(findings)
    return TranslationSheet(path.name, name, tuple(rows))


def catalog_and_language(read: TranslationSheet) -> tuple[str, str]:
    """Returns the catalog and the language tag of the sheet. Raises `ContentInvalid` when they are several, or none."""
    named = {(placed.row.catalog.strip(), placed.row.language.strip()) for placed in read.rows}
    if len(named) != 1:
        row = next((p.number for p in read.rows if (p.row.catalog, p.row.language) != _first(read)), 1)
        why = msg("A sheet is of one catalog in one language; this one names {number}.", number=len(named))
        raise ContentInvalid([Finding(read.file, why, sheet=read.sheet, row=row, column="catalog")])
    return named.pop()


def _first(read: TranslationSheet) -> tuple[str, str]:
    return (read.rows[0].row.catalog, read.rows[0].row.language) if read.rows else ("", "")


class SheetChanges(Struct, frozen=True):
    """Translations and notes that a sheet changes, by text."""

    texts: dict[CatalogKey, tuple[str, ...]]
    notes: dict[CatalogKey, str]
    warnings: tuple[Finding, ...] = ()
    """Translations that seem to be in another language. They are taken all the same."""
    doubted: tuple[TextProblem, ...] = ()
    """The same, to be accepted for the next time."""


def check_sheet(
    read: TranslationSheet,
    language: Language,
    found: Mapping[CatalogKey, ExtractedText],
    known: Entries,
    notes: Mapping[CatalogKey, str],
    accepted: frozenset[AcceptedText] = frozenset(),
) -> SheetChanges:
    """Returns what a sheet changes. Raises `ContentInvalid` with every row that does not fit the code or the catalog.

    An empty translation erases nothing, and what the sheet does not name stays. `accepted`: texts that are in their
    language, whatever they seem.
    """
    findings: list[Finding] = []
    doubted: list[tuple[NumberedRow, TextProblem]] = []
    forms: dict[CatalogKey, dict[int, NumberedRow]] = {}
    for placed in read.rows:
        problem = _problem(placed, forms, found, known, language)
        if problem:
            findings.append(_at(read, placed, *problem))
            continue
        problems = [each for each in _read_over(read, placed, language, found) if as_accepted(each) not in accepted]
        doubted += [(placed, each) for each in problems if each.kind == UNTRANSLATED]
        findings += [_at(read, placed, "translation", each.message) for each in problems if each.kind != UNTRANSLATED]
    texts = {}
    for key, given in forms.items():
        said = {form: text for form, placed in given.items() if (text := _said(placed.row)).strip()}
        wanted = set(range(1, language.forms + 1)) if len(found[key].forms) > 1 else {0}
        if said and set(said) != wanted and not findings:
            missing = ", ".join(str(each) for each in sorted(wanted - set(said)))
            placed = next(iter(given.values()))
            why = msg("Some plural forms are translated and some are not: {missing}.", missing=missing)
            findings.append(_at(read, placed, "translation", why))
        elif said and not findings:
            new = tuple(said[form] for form in sorted(said))
            if new != known.get(key):
                texts[key] = new
    if findings:
        raise ContentInvalid(findings)
    told = {key: first.row.note for key, given in forms.items() if (first := given.get(0) or given.get(1))}
    new_notes = {key: note for key, note in told.items() if note.strip() and note != notes.get(key, "")}
    warnings = [_at(read, placed, "translation", each.message, "warning") for placed, each in doubted]
    return SheetChanges(texts, new_notes, tuple(warnings), tuple(each for _, each in doubted))


def _said(row: Row) -> str:
    return row.translation if row.translation.strip() else row.existing


def _problem(
    placed: NumberedRow,
    forms: dict[CatalogKey, dict[int, NumberedRow]],
    found: Mapping[CatalogKey, ExtractedText],
    known: Entries,
    language: Language,
) -> tuple[str, Message] | None:
    """Returns the problem of a row, or None; a good one is added to `forms`."""
    row = placed.row
    there = found.get(row.key)
    if there is None or row.source_many != (there.forms[1] if len(there.forms) > 1 else ""):
        return "source", msg("No text of the code reads like this: it was changed here, or in the code. Export anew.")
    if row.form not in (range(1, language.forms + 1) if row.source_many else (0,)):
        return "form", msg("This text has no plural form {form} in this language.", form=row.form)
    if row.form in forms.setdefault(row.key, {}):
        return "source", msg("This text stands in row {row} already.", row=forms[row.key][row.form].number)
    said = known.get(row.key, ())
    now = said[max(row.form - 1, 0)] if len(said) > max(row.form - 1, 0) else ""
    if row.translation.strip() and now not in (row.existing, row.translation):
        return "existing", msg("It was translated anew since this sheet was made: “{text}”.", text=now)
    forms[row.key][row.form] = placed
    return None


def _read_over(
    read: TranslationSheet, placed: NumberedRow, language: Language, found: Mapping[CatalogKey, ExtractedText]
) -> Iterator[TextProblem]:
    row = placed.row
    if not row.translation.strip() or row.translation == row.existing:
        return
    passage = Passage(row.translation, language.tag, read.file)
    source = found[row.key].forms
    problems = [*compare_with_source(source, passage, loose=["{n}"] if row.form else ()), *check_text(passage)]
    for each in problems:
        if each.kind in (APOSTROPHE, MOJIBAKE, UNTRANSLATED) or each in problems[:1]:
            yield each


def _at(read: TranslationSheet, placed: NumberedRow, column: str, message: Message, severity: str = "error") -> Finding:
    return Finding(read.file, message, sheet=read.sheet, row=placed.number, column=column, severity=severity)


# ---- into the catalog -----------------------------------------------------------------------------------------------


def write_catalog(
    path: Path, language: Language, domain: str, found: Mapping[CatalogKey, ExtractedText], taken: SheetChanges
) -> None:
    """Writes the changes of a sheet into a catalog; everything else in the file stays, comments too."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, extraction.catalog_text(found.values(), {}, language, domain))
    sources = {key: (each.forms, each.files) for key, each in found.items()}
    po.change_catalog_file(path, taken.texts, taken.notes, sources)
