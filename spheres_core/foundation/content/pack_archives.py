"""Reads and writes a pack, or the folder of its sheets, as a .zip. It holds data; anything else is refused by name."""

import io
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding

LARGEST: Final = 1_900_000
"""Bytes of the archive: what fits into one request."""
LARGEST_WHOLE: Final = 20_000_000
"""Bytes of all its files together."""
MOST_FILES: Final = 500
LONGEST_NAME: Final = 150
SUFFIXES: Final = frozenset(
    {".toml", ".md", ".po", ".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".json", ".svg", ".png", ".txt"}
)
"""The kinds of files that a pack, or a folder of sheets, is made of. Templates and code are none of them."""
_CODE: Final = frozenset({".py", ".pyc", ".pyd", ".so", ".dll", ".exe", ".sh", ".js", ".html", ".htm", ".jinja", ".j2"})
_IGNORED: Final = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)")
_ODD: Final = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")
_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)
"""The moment that every entry bears, so that the same files give the same archive."""


def read_archive(data: bytes, name: str) -> dict[str, bytes]:
    """Returns the files of an archive by their path. Raises `ContentInvalid` with everything that stands against it.

    A folder around all of them is taken away. Nothing is written anywhere, and nothing is read beyond the limits.
    """
    if len(data) > LARGEST:
        raise _refusal(name, msg("The file is larger than {limit} MB.", limit=LARGEST / 1_000_000))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir() and not _IGNORED.search(each.filename)]
            findings = list(_problems(name, entries))
            if findings:
                raise ContentInvalid(findings)
            found = dict(_contents(archive, entries, name))
    except ContentInvalid:
        raise
    except Exception:  # a damaged archive breaks its reader in many ways
        raise _refusal(name, msg("This is not a .zip file, or it is damaged.")) from None
    return _without_folder_around(found)


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """Returns the archive of these files; the same files always give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def files_of(folder: Path) -> dict[str, bytes]:
    """Returns every file of a folder by its path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files that `read_archive` gave below a new folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _problems(name: str, entries: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    if not entries:
        yield Finding(name, msg("There is nothing in this file."))
    if len(entries) > MOST_FILES:
        yield Finding(name, msg("It holds more than {limit} files.", limit=MOST_FILES))
        return
    if sum(each.file_size for each in entries) > LARGEST_WHOLE:
        yield Finding(name, msg("It would become too large when it is opened."))
        return
    seen: set[str] = set()
    for each in entries:
        if problem := _problem(each):
            yield Finding(each.filename[:LONGEST_NAME], problem)
        elif each.filename.casefold() in seen:
            yield Finding(each.filename, msg("This file is in it twice."))
        seen.add(each.filename.casefold())


def _problem(entry: zipfile.ZipInfo) -> Message | None:
    path = PurePosixPath(entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return msg("A link is not followed: put the file itself here.")
    if path.is_absolute() or ".." in path.parts or _ODD.search(entry.filename) or len(entry.filename) > LONGEST_NAME:
        return msg("A file's name leads outside of the folder, or no system takes it.")
    if entry.flag_bits & 1:
        return msg("This file is protected by a password. Save it without one.")
    if path.suffix.lower() in _CODE:
        return msg("A pack is data: it has no code and no templates.")
    if path.suffix.lower() not in SUFFIXES:
        return msg("A pack has no files of this kind.")
    return None


def _contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str) -> Iterator[tuple[str, bytes]]:
    """Yields each file, read no further than what the archive may hold, whatever it says of its sizes."""
    left = LARGEST_WHOLE
    for each in entries:
        with archive.open(each) as file:
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise _refusal(name, msg("It would become too large when it is opened."))
        yield each.filename, data


def _without_folder_around(files: dict[str, bytes]) -> dict[str, bytes]:
    around = {name.partition("/")[0] for name in files}
    if len(around) == 1 and all("/" in name for name in files) and around.isdisjoint({"forms", "pages", "locales"}):
        return {name.partition("/")[2]: data for name, data in files.items()}
    return files


def _refusal(name: str, message: Message) -> ContentInvalid:
    return ContentInvalid([Finding(name, message)])
