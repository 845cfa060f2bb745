"""Writes a pack as the sheets it could be made from, and empty sheets to begin with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.forms.form_files import may_be_form
from spheres_core.forms.xlsform.translation import as_workbook
from spheres_core.foundation.content.packs import read_toml
from spheres_core.foundation.content.sheet_columns import Table, in_language
from spheres_core.foundation.content.struct_reader import Source
from spheres_core.foundation.content.workbooks import WrittenColumn, WrittenSheet, workbook
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.plugins.manifest import FILE, read_manifest
from spheres_core.partners.code_lists import Terms, check_terms, read_catalogue
from spheres_core.partners.directory_file import read_directory
from spheres_core.partners.sheets.tables import DIRECTORY, TERMS
from spheres_core.partners.sheets.written_sheets import (
    SheetAudience,
    catalogue_sheets,
    directory_sheets,
    extras,
    terms_sheet,
)
from spheres_core.site.pack_sheets import pack_sheet
from spheres_core.site.pack_sheets.catalog_texts import say
from spheres_core.site.pack_sheets.content_sheets import CONTENT_SHEETS, written_sheet
from spheres_core.site.pack_sheets.folder_scan import INSTRUCTIONS, MADE_OTHERWISE
from spheres_core.site.pack_sheets.pack_sheet import PACK
from spheres_core.site.pack_sheets.translation_sheet import TRANSLATIONS, headers


class CannotWriteSheets(Invalid):
    """The sheets cannot be written like this."""

    code = "cannot_write_sheets"
    message = msg("The sheets cannot be written.")


class Exported(Struct, frozen=True):
    """The folder that was written, and its files."""

    folder: Path
    files: tuple[str, ...]


def write_sheets(root: Path, out: Path) -> Exported:
    """Writes a pack as the folder of sheets that would make it. Raises ContentInvalid when the pack cannot be read, and
    `CannotWriteSheets` for a plugin with code or a folder that is not empty."""
    manifest = read_manifest(root)
    if manifest.tier != "pack":
        raise CannotWriteSheets(msg("{plugin} has code; only a pack can be written as sheets.", plugin=manifest.id))
    writing = SheetAudience(manifest.languages, manifest.languages[0], say)
    files: dict[str, Callable[[], bytes]] = {}
    directory = _read(root / "partners.toml", lambda path: read_directory([path], manifest.id))
    terms: Terms | None = _read(root / "terms.toml", lambda path: check_terms(Source(path)))
    catalogue = _read(root / "catalogue.toml", lambda path: read_catalogue([path], manifest.id))
    rows = pack_sheet.rows_of(read_toml(root / FILE)[0], extras(directory) if directory else {})
    files["pack.xlsx"] = lambda: workbook([_pack_sheet(rows, writing), *_instructions(writing, [PACK])])
    if directory is not None:
        sheets = directory_sheets(directory, writing)
        files["partners.xlsx"] = lambda: workbook([*sheets, *_instructions(writing, DIRECTORY)])
    if terms is not None:
        files["terms.xlsx"] = lambda: workbook([terms_sheet(terms, writing)])
    if catalogue is not None:
        files["lists.xlsx"] = lambda: workbook(catalogue_sheets(catalogue, writing))
    for sheet in CONTENT_SHEETS:
        if (root / sheet.file).is_file():
            written = written_sheet(sheet, root / sheet.file, writing)
            files[f"{sheet.table.topic}.xlsx"] = partial(workbook, [written, *_instructions(writing, [sheet.table])])
    files |= _others(root)
    return _write(out, files)


def write_empty_sheets(out: Path, languages: Sequence[str], referral: bytes | None = None) -> Exported:
    """Writes a folder of sheets to fill: headers, notes on them, lists to choose from, a referral form to change.

    `referral`: that form, as tables; without it there is none among the sheets.
    """
    writing = SheetAudience(tuple(languages), languages[0], say)
    sheets = [*directory_sheets(None, writing), *_instructions(writing, DIRECTORY)]
    forms = {"forms/referral.xlsx": partial(as_workbook, referral, suffix=".md")} if referral else {}
    return _write(out, {
        "pack.xlsx": lambda: workbook([_pack_sheet(_first_rows(writing), writing), *_instructions(writing, [PACK])]),
        "partners.xlsx": lambda: workbook(sheets),
        "terms.xlsx": lambda: workbook([terms_sheet(None, writing), *_instructions(writing, [TERMS])]),
        "translations.xlsx": lambda: workbook([_translations(writing), *_instructions(writing, [TRANSLATIONS])]),
        **forms,
    })  # fmt: skip


def _read(path: Path, read: Callable[[Path], Any]) -> Any:
    return read(path) if path.is_file() else None


def _others(root: Path) -> dict[str, Callable[[], bytes]]:
    """Forms as workbooks, and every file that has no sheet as it is."""
    found: dict[str, Callable[[], bytes]] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if not path.is_file() or path.is_symlink() or any(part.startswith((".", "__")) for part in name.parts):
            continue
        if name.parts[0] == "forms" and may_be_form(path):
            if path.suffix.lower() == ".xlsx":
                found[name.as_posix()] = path.read_bytes
            else:
                found[f"forms/{path.stem}.xlsx"] = _Form(path)
        elif name.as_posix() not in (FILE, *MADE_OTHERWISE):
            found[name.as_posix()] = path.read_bytes
    return found


class _Form:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self) -> bytes:
        return as_workbook(self.path, suffix=self.path.suffix.lower())


def _write(out: Path, files: Mapping[str, Callable[[], bytes]]) -> Exported:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CannotWriteSheets(msg("{folder} is there already and not empty. Nothing was changed.", folder=str(out)))
    made = {name: make() for name, make in files.items()}
    for name, data in made.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return Exported(out, tuple(made))


def _pack_sheet(rows: Sequence[tuple[str, str, Mapping[str, str]]], writing: SheetAudience) -> WrittenSheet:
    language = writing.language
    shorts = dict.fromkeys(tag.partition("-")[0] for tag in writing.languages)
    shorts |= dict.fromkeys(tag for _, _, words in rows for tag in words)
    what, value, text = PACK.columns
    columns = [_column(what.name(language), what.about, writing), _column(value.name(language), value.about, writing)]
    columns += [_column(f"{text.name(language)} ({tag})", text.about, writing, width=50) for tag in shorts]
    french = language.startswith("fr")
    cells = [((pack_sheet.FRENCH.get(name, name) if french else name), given, *(words.get(tag, "") for tag in shorts))
             for name, given, words in rows]  # fmt: skip
    return WrittenSheet(PACK.name(language), tuple(columns), tuple(cells))


def _column(header: str, about: Message, writing: SheetAudience, *, width: int = 26) -> WrittenColumn:
    return WrittenColumn(header, say(about, writing.language) or about.msgid, width=width)


def _first_rows(writing: SheetAudience) -> list[tuple[str, str, dict[str, str]]]:
    """Returns the first rows of a new region's pack sheet."""
    shorts = list(dict.fromkeys(tag.partition("-")[0] for tag in writing.languages))
    nobody = msg("Who coordinates is not decided yet.")
    return [
        ("languages", "; ".join(writing.languages), {}),
        ("title", "", dict.fromkeys(shorts, "")),
        ("description", "", dict.fromkeys(shorts, "")),
        *((name, "", {}) for name in pack_sheet.ANSWERS),
        ("requires", "", {}),
        (f"{pack_sheet.DIRECTORY}.coordination_to_confirm", "", {s: text for s in shorts if (text := say(nobody, s))}),
    ]


def _translations(writing: SheetAudience) -> WrittenSheet:
    columns = [
        _column(header, TRANSLATIONS.about, writing, width=40)
        for header in headers(writing.languages, writing.language)
    ]
    return WrittenSheet(TRANSLATIONS.name(writing.language), tuple(columns))


def _instructions(writing: SheetAudience, tables: Sequence[Table]) -> list[WrittenSheet]:
    """Returns a sheet that explains the others; it is never read."""
    language = writing.language
    rows: list[tuple[str, ...]] = []
    for table in tables:
        rows.append((table.name(language), "", say(table.about, language) or table.about.msgid))
        for column in table.columns:
            about = say(column.about, language) or column.about.msgid.format(**column.about.params)
            choices = ", ".join(in_language(names, language) for names in column.choices.values())
            rows.append((table.name(language), column.name(language), f"{about} {choices}".strip()))
    french = language.startswith("fr")
    heads = ("feuille", "colonne", "explication") if french else ("sheet", "column", "explanation")
    widths = (18, 30, 100)
    columns = tuple(WrittenColumn(head, width=width) for head, width in zip(heads, widths, strict=True))
    return [WrittenSheet(INSTRUCTIONS[1 if french else 0], columns, tuple(rows))]
