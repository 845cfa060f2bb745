"""Reads what an administrator uploads: a pack, or the sheets of one, in a .zip. All that is wrong is told in one go."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from spheres_core.facts import Words, msg
from spheres_core.foundation.content.pack_archives import files_of, read_archive, write_archive, write_files
from spheres_core.foundation.content.packs import ContentInvalid, Finding, PackReader, read_content, read_toml
from spheres_core.foundation.plugins.manifest import FILE, Manifest, is_id, read_manifest
from spheres_core.partners.sheets.sheet_source import SheetSource
from spheres_core.site.pack_sheets.from_pack import write_empty_sheets, write_sheets
from spheres_core.site.pack_sheets.to_pack import NewPack, write_pack


class Upload(Struct, frozen=True):
    """A file as it was sent, and what is known beside it."""

    name: str
    data: bytes
    id: str
    """The id of a pack that is made of sheets; a pack says its own."""
    languages: tuple[str, ...]
    """The region's tags, for sheets that name none."""
    time_zone: str
    now: dt.datetime


class ReadPack(Struct, frozen=True):
    """A sound pack: its manifest, its archive, and what a person should look at."""

    manifest: Manifest
    archive: bytes
    warnings: tuple[Finding, ...] = ()
    sources: Mapping[str, SheetSource] = {}
    """By file that was made of a sheet, the cells behind its keys."""

    def at_their_cells(self, findings: Iterable[Finding]) -> list[Finding]:
        """Returns findings about files of the pack where whoever sent it finds them: at the cells of its sheets."""
        return [
            self.sources[each.file].at_its_cell(each) if each.file in self.sources and each.key else each
            for each in findings
        ]

    @property
    def title(self) -> Words:
        return self.manifest.title


def read_upload(upload: Upload, readers: Sequence[PackReader]) -> ReadPack:
    """Returns the pack of an upload. Raises `ContentInvalid` with every finding; runs for seconds at most."""
    files = read_archive(upload.data, upload.name)
    with tempfile.TemporaryDirectory(prefix="spheres-upload-") as place:
        return _pack(files, Path(place), readers) if FILE in files else _sheets(files, Path(place), upload, readers)


def sheets_of(root: Path) -> bytes:
    """Returns a pack as the .zip of its sheets. Raises `ContentInvalid`, `CannotWriteSheets` for a code plugin."""
    with tempfile.TemporaryDirectory(prefix="spheres-sheets-") as place:
        out = Path(place) / "sheets"
        write_sheets(root, out)
        return write_archive(files_of(out))


def empty_sheets(languages: Sequence[str]) -> bytes:
    """Returns sheets to fill as a .zip, with notes on what each column means; forms are written in the browser."""
    with tempfile.TemporaryDirectory(prefix="spheres-sheets-") as place:
        out = Path(place) / "sheets"
        write_empty_sheets(out, languages)
        return write_archive(files_of(out))


def _pack(files: Mapping[str, bytes], place: Path, readers: Sequence[PackReader]) -> ReadPack:
    drafted = place / "draft"
    write_files(drafted, files)
    root = drafted.rename(place / _id_of(drafted))
    manifest = read_manifest(root)
    if manifest.tier != "pack":
        said = msg("A plugin with code is not uploaded: whoever runs this installation installs it.")
        raise ContentInvalid([Finding(FILE, said, line=1, key="tier")])
    read_content(root, manifest.id, readers)
    return ReadPack(manifest, write_archive(files))


def _id_of(folder: Path) -> str:
    """Returns the id that a plugin.toml says; what stands against it is said when the manifest is read."""
    said = read_toml(folder / FILE)[0].get("id")
    return said if isinstance(said, str) and is_id(said) else "pack"


def _sheets(files: Mapping[str, bytes], place: Path, upload: Upload, readers: Sequence[PackReader]) -> ReadPack:
    if not is_id(upload.id):
        said = msg("An id is 3 to 31 small letters, digits and underscores, beginning with a letter.")
        raise ContentInvalid([Finding(upload.name, said)])
    source, root = place / "sheets", place / "made" / upload.id
    write_files(source, files)
    root.parent.mkdir()
    wanted = NewPack(upload.id, usual_languages=upload.languages, time_zone=upload.time_zone)
    made = write_pack(source, root, wanted, readers=readers, now=upload.now)
    manifest = read_manifest(root)
    return ReadPack(manifest, write_archive(files_of(root)), made.warnings, made.sources)
