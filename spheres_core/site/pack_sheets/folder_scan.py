"""Scans a folder: sheets by topic, forms, files of other directories, pages, and what is none of these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from spheres_core.facts import Message, msg
from spheres_core.forms.form_files import may_be_form
from spheres_core.foundation.content.grids import Grid
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.content.sheet_columns import Table, normalized
from spheres_core.foundation.content.spreadsheets import SUFFIXES, is_unread_spreadsheet, open_spreadsheet, unread
from spheres_core.partners.sheets.tables import CATALOGUE, DIRECTORY, TERMS
from spheres_core.site.pack_sheets.content_sheets import CONTENT_SHEETS
from spheres_core.site.pack_sheets.pack_sheet import PACK
from spheres_core.site.pack_sheets.translation_sheet import TRANSLATIONS
from spheres_core.site.theme_file import LOGOS

TABLES: Final = (PACK, *DIRECTORY, TERMS, *CATALOGUE, *(each.table for each in CONTENT_SHEETS), TRANSLATIONS)
"""Every sheet that is read."""
INSTRUCTIONS: Final = ("instructions", "mode d'emploi")
SHEET_OF_A_FORM: Final = "survey"
CARRIED: Final = ("pages", "locales", "measures")
"""Folders that go into the pack as they are."""
MADE_OTHERWISE: Final = {
    "partners.toml": "partners",
    "terms.toml": "terms",
    "catalogue.toml": "catalogue",
    **{each.file: each.table.topic for each in CONTENT_SHEETS},
}
LARGEST_CARRIED: Final = 5_000_000
MOST_FILES: Final = 1_000

_TOPICS: Final = {normalized(name): table for table in TABLES for name in (*table.names, table.topic, *table.also)}
_FORM: Final = re.compile(r"^\s*\|\s*survey\s*\|", re.MULTILINE)
_IGNORED: Final = {normalized(name) for name in INSTRUCTIONS}


class Folder(Struct):
    """The files of a folder, by what they are."""

    root: Path
    grids: dict[str, list[Grid]] = field(default_factory=dict)
    """Sheets by topic."""
    forms: list[Path] = field(default_factory=list)
    hsds: list[Path] = field(default_factory=list)
    carried: list[Path] = field(default_factory=list)
    """Files, relative to the folder, that go into the pack as they are."""
    findings: list[Finding] = field(default_factory=list)

    def name(self, path: Path) -> str:
        """Returns a file's name as findings show it."""
        return path.relative_to(self.root).as_posix()

    def find(self, path: Path, message: Message, *, severity: str = "error") -> None:
        self.findings.append(Finding(self.name(path), message, severity=severity))


def scan_folder(root: Path) -> Folder:
    """Looks through a folder; what is wrong with its files goes into `findings`."""
    folder = Folder(root)
    for path in sorted(root.iterdir()):
        if path.name.startswith((".", "~", "_")) or path.name == "__pycache__":
            continue
        if path.is_symlink():
            folder.find(path, msg("A link is not followed: put the file itself here."))
        elif path.is_dir():
            _take_folder(folder, path)
        else:
            _take_file(folder, path)
    return folder


def topic_of(name: str) -> Table | None:
    """Returns the sheet that a name means."""
    return _TOPICS.get(normalized(name))


def _take_folder(folder: Folder, path: Path) -> None:
    if path.name == "forms":
        for each in sorted(path.iterdir()):
            _take_form(folder, each)
    elif path.name in CARRIED:
        files = [each for each in sorted(path.rglob("*")) if each.is_file() and not each.name.startswith((".", "~"))]
        for each in files[:MOST_FILES]:
            _carry(folder, each)
    else:
        folder.find(path, _unknown(path.name, [*CARRIED, "forms"]), severity="warning")


def _take_form(folder: Folder, path: Path) -> None:
    if path.name.startswith((".", "~")) or path.stem == "README":
        return
    if path.is_symlink():
        folder.find(path, msg("A link is not followed: put the file itself here."))
    elif is_unread_spreadsheet(path):
        folder.find(path, unread(path.suffix))
    elif path.is_file() and may_be_form(path):
        folder.forms.append(path)
    else:
        folder.find(path, msg("This file is not used."), severity="warning")


def _carry(folder: Folder, path: Path) -> None:
    if path.is_symlink():
        folder.find(path, msg("A link is not followed: put the file itself here."))
    elif path.stat().st_size > LARGEST_CARRIED:
        folder.find(path, msg("The file is larger than {limit} MB.", limit=LARGEST_CARRIED // 1_000_000))
    else:
        folder.carried.append(path.relative_to(folder.root))


def _take_file(folder: Folder, path: Path) -> None:
    suffix = path.suffix.lower()
    if path.name == "plugin.toml":
        folder.find(path, msg("This folder is a plugin already. Its sheets are written by `spheres plugin sheets`."))
    elif suffix == ".toml" or path.name in ("README.md", *LOGOS):
        _carry(folder, path)
    elif suffix == ".json":
        folder.hsds.append(path)
    elif suffix in SUFFIXES:
        _take_spreadsheet(folder, path)
    elif is_unread_spreadsheet(path):
        folder.find(path, unread(path.suffix))
    elif suffix == ".md" and _FORM.search(path.read_text(encoding="utf-8-sig", errors="replace")):
        folder.forms.append(path)
    else:
        folder.find(path, msg("This file is not used."), severity="warning")


def _take_spreadsheet(folder: Folder, path: Path) -> None:
    try:
        opened = open_spreadsheet(path, file=folder.name(path))
    except ContentInvalid as invalid:
        folder.findings += invalid.findings
        return
    folder.findings += opened.warnings
    if any(_is_survey(grid) for grid in opened.grids):
        folder.forms.append(path)
        return
    own = topic_of(path.stem)
    taken = [(grid, _table(grid, own, len(opened.grids))) for grid in opened.grids if not _is_to_ignore(grid)]
    for grid, table in taken:
        if table is None:
            folder.findings.append(Finding(grid.file, _unknown_sheet(grid, path), sheet=grid.sheet))
        elif earlier := folder.grids.get(table.topic):
            name = grid.sheet or path.stem
            twice = msg("The sheet “{sheet}” stands there twice: {file} has it too.", sheet=name, file=earlier[0].file)
            folder.findings.append(Finding(grid.file, twice, sheet=grid.sheet))
        else:
            folder.grids[table.topic] = [grid]
    if own is None and not taken:
        folder.find(path, _unknown(path.stem, _names()))


def _is_survey(grid: Grid) -> bool:
    """Returns whether this is an XLSForm: it has a sheet of that name, or its first cell says so."""
    return normalized(grid.sheet or grid.headers[0]) == SHEET_OF_A_FORM


def _is_to_ignore(grid: Grid) -> bool:
    return bool(grid.sheet) and (str(grid.sheet).startswith("_") or normalized(str(grid.sheet)) in _IGNORED)


def _table(grid: Grid, own: Table | None, sheets: int) -> Table | None:
    """Returns the table of a sheet: by its name, else by the file's when it is the only one or has no name."""
    named = topic_of(grid.sheet) if grid.sheet else None
    without_name = (
        grid.sheet is None or sheets == 1 or re.fullmatch(r"(sheet|feuille?|feuil)\s*\d*", normalized(grid.sheet))
    )
    return named or (own if without_name else None)


def _unknown_sheet(grid: Grid, path: Path) -> Message:
    return _unknown(grid.sheet or path.stem, _names())


def _names() -> Iterator[str]:
    for table in TABLES:
        yield from table.names


def _unknown(name: str, known: Iterable[str]) -> Message:
    names = {normalized(each): each for each in known}
    if close := get_close_matches(normalized(name), names, 1, 0.6):
        return msg("“{value}” is not known here. Is it “{close}”?", value=name, close=names[close[0]])
    return msg("“{value}” is not known here. One of these is expected: {choices}.",
               value=name, choices=", ".join(dict.fromkeys(names.values())))  # fmt: skip
