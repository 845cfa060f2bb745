"""Making a pack of a folder: everything is read, all that is wrong is told in one go, only a sound pack is written."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from spheres_core.facts import Words, msg
from spheres_core.forms.form_files import is_key
from spheres_core.forms.xlsform.reader import inspect
from spheres_core.forms.xlsform.translation import with_translations
from spheres_core.foundation.content import toml
from spheres_core.foundation.content.packs import ContentInvalid, Finding, PackReader, read_content
from spheres_core.foundation.plugins.manifest import FILE, read_manifest
from spheres_core.partners.sheets import directory_sheets, lists
from spheres_core.partners.sheets.directory_sheets import DirectorySheets
from spheres_core.partners.sheets.from_hsds import read_hsds
from spheres_core.partners.sheets.known_names import SheetContext
from spheres_core.partners.sheets.organization_rows import PlacedEntry
from spheres_core.partners.sheets.sheet_source import SheetSource
from spheres_core.partners.sheets.tables import AREAS, CATALOGUE, DIRECTORY, TERMS
from spheres_core.partners.sheets.written_sheets import as_file_values
from spheres_core.site.pack_sheets import pack_sheet
from spheres_core.site.pack_sheets.catalog_texts import core_texts, say
from spheres_core.site.pack_sheets.content_sheets import CONTENT_SHEETS, read_sheet
from spheres_core.site.pack_sheets.folder_scan import MADE_OTHERWISE, Folder, scan_folder
from spheres_core.site.pack_sheets.pack_sheet import PACK, PackSheet
from spheres_core.site.pack_sheets.translation_sheet import TRANSLATIONS, Translations

T = TypeVar("T")
CONTENT: Final = ("partners.toml", "legal.toml", "catalogue.toml", "terms.toml", "indicators.toml",
                  *(each.file for each in CONTENT_SHEETS))  # fmt: skip
FOLDERS: Final = ("pages", "measures", "locales")


class NewPack(Struct, frozen=True):
    """The pack to make, and what its sheets do not say themselves."""

    id: str
    languages: tuple[str, ...] = ()
    """Tags; those of the pack sheet when empty."""
    title: Words = {}
    """The pack sheet's when empty."""
    verified_on: dt.date | None = None
    """The day on which somebody verified what an HSDS file does not date."""
    time_zone: str = "America/Toronto"
    """The zone that times of an HSDS file are in when they name no offset."""
    usual_languages: tuple[str, ...] = ()
    """Tags for when the pack sheet names none either."""


class WrittenPack(Struct, frozen=True):
    """A pack that stands there."""

    root: Path
    files: tuple[str, ...]
    languages: tuple[str, ...]
    organizations: int
    forms: int
    warnings: tuple[Finding, ...]
    sources: Mapping[str, SheetSource] = {}
    """By file that was made of a sheet of its own, the cells behind its keys."""


def write_pack(
    folder: Path, root: Path, wanted: NewPack, *, readers: Sequence[PackReader], now: dt.datetime
) -> WrittenPack:
    """Writes the pack of a folder of sheets at `root`, which is not there yet or empty.

    Raises ContentInvalid with everything that is wrong in any of its files; then nothing was written.
    """
    made = _PackBuilder(scan_folder(folder), wanted, now).made()
    return _written(root, made, readers)


class _PackFiles(Struct):
    """The files of a pack before they are written."""

    id: str
    languages: tuple[str, ...]
    source: Folder
    texts: dict[str, bytes] = {}
    """By place in the pack's folder."""
    copies: dict[str, Path] = {}
    findings: list[Finding] = []
    organizations: int = 0
    forms: int = 0
    sources: dict[str, SheetSource] = {}


class _PackBuilder:
    """One making: the folder, what surrounds its reading, and what came of it so far."""

    def __init__(self, folder: Folder, wanted: NewPack, now: dt.datetime) -> None:
        self.folder = folder
        self.wanted = wanted
        self.now = now
        named = pack_sheet.languages_named(folder.grids.get(PACK.topic, ()))
        self.languages = wanted.languages or named or wanted.usual_languages
        self.in_part = pack_sheet.languages_named(folder.grids.get(PACK.topic, ()), "languages_in_part")
        self.spoken = (*self.languages, *self.in_part)
        self.out = _PackFiles(wanted.id, self.languages, folder, {}, {}, list(folder.findings))
        self.translations = Translations()

    def made(self) -> _PackFiles:
        if not self.languages:
            said = msg("The languages of the pack are needed: --languages, or the row “languages” of the pack sheet.")
            raise ContentInvalid([*self.folder.findings, Finding(PACK.topic, said)])
        self.translations.read(self.folder.grids.get(TRANSLATIONS.topic, ()), self.spoken)
        self.out.findings += self.translations.findings
        told = pack_sheet.read_pack_sheet(self.folder.grids.get(PACK.topic, ()), self.spoken, self._complete)
        self.out.findings += told.findings
        around = SheetContext(self.languages, say, lambda words, _: self._complete(words), in_part=self.in_part)
        self._partners(around, told)
        self._terms(around)
        self._lists(around)
        self._content_sheets(around)
        self._forms()
        self._carried()
        self._manifest(told)
        return self.out

    def _complete(self, words: Words) -> Words:
        return self.translations.complete(words, self.spoken)

    def _attempt(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except ContentInvalid as invalid:
            self.out.findings += invalid.findings
            return None

    def _partners(self, around: SheetContext, told: PackSheet) -> None:
        grids = {table.topic: self.folder.grids[table.topic] for table in DIRECTORY if table.topic in self.folder.grids}
        elsewhere = self._hsds(around)
        values, words = told.under(pack_sheet.DIRECTORY)
        if not elsewhere and not any(grid.rows for each in grids.values() for grid in each):
            return
        given = DirectorySheets(grids, elsewhere, directory_sheets.extras_of(values, words))
        directory = self._attempt(lambda: directory_sheets.read_directory(given, around))
        if directory is not None:
            self.out.organizations = len(directory.organizations)
            self._write("partners.toml", {"format": 1, **as_file_values(directory)})

    def _hsds(self, around: SheetContext) -> list[PlacedEntry]:
        areas = (
            directory_sheets.read_area_names(self.folder.grids.get(AREAS.topic, ()), around) if self.folder.hsds else {}
        )
        found: list[PlacedEntry] = []
        for path in self.folder.hsds:
            read = self._attempt(partial(
                read_hsds, path, around, areas=areas, zone=self.wanted.time_zone, now=self.now,
                verified_on=self.wanted.verified_on,
            ))  # fmt: skip
            if read is not None:
                found += read.organizations
                self.out.findings += read.findings
        return found

    def _terms(self, around: SheetContext) -> None:
        if grids := self.folder.grids.get(TERMS.topic):
            read = self._attempt(lambda: lists.read_terms(grids, around, sayings=core_texts()))
            if read is not None:
                self.out.findings += read[1]
                if read[0].terms:
                    self._write("terms.toml", as_file_values(read[0]))

    def _lists(self, around: SheetContext) -> None:
        grids = {table.topic: found for table in CATALOGUE if (found := self.folder.grids.get(table.topic))}
        if grids:
            catalogue = self._attempt(lambda: lists.read_lists(grids, around))
            if catalogue is not None and any(
                getattr(catalogue, name) for name in catalogue.__struct_fields__ if name != "format"
            ):
                self._write("catalogue.toml", as_file_values(catalogue))

    def _content_sheets(self, around: SheetContext) -> None:
        for sheet in CONTENT_SHEETS:
            grids = self.folder.grids.get(sheet.table.topic)
            if grids and any(grid.rows for grid in grids):
                source = self._attempt(partial(read_sheet, sheet, grids, around))
                if source is not None:
                    self.out.sources[sheet.file] = source
                    self._write(sheet.file, source.raw)

    def _forms(self) -> None:
        shorts = list(dict.fromkeys(tag.partition("-")[0] for tag in self.spoken))
        seen: dict[str, Path] = {}
        for path in self.folder.forms:
            file, key = self.folder.name(path), path.stem
            if not is_key(key):
                named = msg("A form's file name is small letters, digits and _, such as referral.xlsx.")
                self.out.findings.append(Finding(file, named))
            elif key in seen:
                twice = msg("The form “{form}” stands there twice, in two files.", form=key)
                self.out.findings.append(Finding(file, twice))
            seen[key] = path
            self._form(path, file, key, shorts)
        self.out.forms = len(seen)

    def _form(self, path: Path, file: str, key: str, shorts: Sequence[str]) -> None:
        filled = with_translations(path, shorts, self.translations.find, rows_in_place=True)
        source: Path | bytes = path if filled is None else filled
        suffix = path.suffix.lower() if filled is None else ".xlsx"
        self.out.findings += inspect(
            source, key=key, languages=self.languages, in_part=self.in_part, file=file, suffix=suffix
        ).findings
        if filled is None:
            self.out.copies[f"forms/{path.name}"] = path
        else:
            self.out.texts[f"forms/{key}.xlsx"] = with_translations(path, shorts, self.translations.find) or filled

    def _carried(self) -> None:
        known = {*self.spoken, *(tag.partition("-")[0] for tag in self.spoken)}
        for path in self.folder.carried:
            name = path.as_posix()
            if name in self.out.texts:
                said = msg("There is a sheet for this too: keep one of them.")
                self.out.findings.append(Finding(name, said))
            elif path.parts[0] == "pages" and len(path.parts) > 2 and path.parts[1] not in known:
                said = msg("{language} is not a language of this plugin.", language=path.parts[1])
                self.out.findings.append(Finding(name, said))
            else:
                self.out.copies[name] = self.folder.root / path
        self._pages_in_each_language()

    def _pages_in_each_language(self) -> None:
        """Warns of each page that a language lacks; readers get it in another, so it is no error."""
        written = {(path.parts[1].partition("-")[0], path.parts[2]) for path in self.folder.carried
                   if path.parts[0] == "pages" and len(path.parts) == 3}  # fmt: skip
        for page in sorted({page for _, page in written}):
            for short in dict.fromkeys(tag.partition("-")[0] for tag in self.languages):
                if (short, page) not in written:
                    said = msg("This page is not there; people read it in another language.")
                    self.out.findings.append(Finding(f"pages/{short}/{page}", said, severity="warning"))

    def _manifest(self, told: PackSheet) -> None:
        names = {*self.out.texts, *self.out.copies}
        content: list[str] = [name for name in CONTENT if name in names]
        content += sorted(name for name in names if "/" not in name and name.endswith(".toml") and name not in content)
        content += sorted(name for name in names if name.startswith("forms/"))
        content += [folder for folder in FOLDERS if any(name.startswith(f"{folder}/") for name in names)]
        parts: list[str] = [name.partition(".")[0] for name in CONTENT if name in names]
        parts += ["referral"] if any(name.startswith("forms/referral.") for name in names) else []
        parts += ["pages"] if "pages" in content else []
        raw, findings = pack_sheet.manifest_of(
            told, id=self.wanted.id, languages=self.languages, content=content, parts=parts
        )
        raw["title"] = dict(self.wanted.title) or raw["title"]
        self.out.findings += findings
        self._write(FILE, raw)
        if "README.md" not in names:
            self.out.texts["README.md"] = _readme(self.wanted.id, self.languages[0], content).encode()

    def _write(self, name: str, content: Mapping[str, Any]) -> None:
        self.out.texts[name] = toml.document(content).encode()


def _readme(id: str, language: str, content: Sequence[str]) -> str:
    about = msg("A pack (data only) made of sheets. To change it, let `spheres plugin sheets` write them again.")
    lines = [f"# {id}", "", say(about, language) or about.msgid, "", *(f"- `{name}`" for name in content)]
    return "\n".join(lines) + "\n"


def _written(root: Path, made: _PackFiles, readers: Sequence[PackReader]) -> WrittenPack:
    """Writes the pack beside its place, reads it as any pack is read, and only then moves it there."""
    around = next(folder for folder in root.parents if folder.is_dir())
    beside = Path(tempfile.mkdtemp(prefix=f".{root.name}.", dir=around))
    home = beside / root.name
    try:
        for name, data in made.texts.items():
            _file(home / name).write_bytes(data)
        for name, path in made.copies.items():
            _file(home / name).write_bytes(path.read_bytes())
        findings = _once([*made.findings, *_reread(home, made, readers)])
        if any(each.severity == "error" for each in findings):
            raise ContentInvalid(sorted(findings, key=lambda each: each.severity != "error"))
        if root.exists():
            root.rmdir()
        root.parent.mkdir(parents=True, exist_ok=True)
        home.rename(root)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return WrittenPack(
        root,
        tuple(sorted([*made.texts, *made.copies])),
        made.languages,
        made.organizations,
        made.forms,
        tuple(findings),
        dict(made.sources),
    )


def _file(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _reread(home: Path, made: _PackFiles, readers: Sequence[PackReader]) -> list[Finding]:
    """Returns what the readers of packs find wrong: in its pages, in carried files, in all of it together."""
    wrong = any(each.severity == "error" for each in made.findings)
    found: list[Finding] = []
    try:
        read_manifest(home)
    except ContentInvalid as invalid:
        found += [] if wrong else invalid.findings
    for reader in readers:
        if wrong and reader.pattern in (*MADE_OTHERWISE, "forms/*") and reader.pattern not in made.copies:
            continue
        try:
            read_content(home, made.id, [reader])
        except ContentInvalid as invalid:
            found += invalid.findings
    return found


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """Returns each finding once, in the order of files and rows."""
    once = {(each.place(), msgspec.json.encode(each.message.msgid)): each for each in findings}
    return sorted(once.values(), key=lambda each: (each.file, each.sheet or "", each.row or 0, each.line or 0))
