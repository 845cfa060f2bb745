"""Reads and writes PO catalogs.

Babel and polib let through what a text editor, a merge or a cut download does to a catalog: a text without its end is
shortened in silence, the later of two equal entries wins, a BOM makes the header the translation of the first sentence.
Here each line is held against the format, as gettext's `msgfmt` does; polib undoes the escapes and writes changes.
"""

import codecs
import re
import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import polib
from babel.messages.pofile import normalize
from msgspec import Struct, field

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.content.text_files import TextUnreadable, decode, replace_file

Key = tuple[str, str]
"""(context, msgid); context is empty when there is none."""

CHARSETS: Final = ("utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252")
"""Character sets that a header may name, as Python calls them."""
_WIDTH: Final = 100
"""Characters of a line where a catalog is changed in place."""

_PART: Final = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[([0-9])\])?)[ \t]+("(?:[^"\\]|\\.)*")')
_MORE: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TEXT: Final = re.compile(r'(?:msg\w+(?:\[\d\])?[ \t]*)?"')
_CHARSET: Final = re.compile(rb'charset=([^\s"\\;]+)')
_FORMS: Final = re.compile(r"nplurals\s*=\s*(\d)")


class Entry(Struct, frozen=True):
    """One text of a catalog."""

    context: str
    forms: tuple[str, ...]
    """The msgid, and the msgid_plural of a text with a number in it."""
    texts: tuple[str, ...]
    """The translation, or each of its plural forms; empty texts where there is none."""
    line: int
    """Line of its msgid, 1-based."""
    fuzzy: bool = False
    note: str = ""
    """The translators' comment."""

    @property
    def key(self) -> Key:
        return (self.context, self.forms[0])

    @property
    def is_translated(self) -> bool:
        return not self.fuzzy and all(self.texts)


class CatalogFile(Struct, frozen=True):
    """A PO file: its header by name, and its entries but for obsolete ones."""

    header: Mapping[str, str]
    entries: tuple[Entry, ...]

    def translations(self) -> dict[Key, tuple[str, ...]]:
        """Returns the texts that can be shown; untranslated and fuzzy ones are left out."""
        return {each.key: each.texts for each in self.entries if each.is_translated}

    def notes(self) -> dict[Key, str]:
        """Returns the translators' comments, where there are any."""
        return {each.key: each.note for each in self.entries if each.note}


EMPTY: Final = CatalogFile({}, ())


def read_catalog_file(path: Path, file: str = "", *, keep: bool = True) -> CatalogFile:
    """Returns what a PO file says; an absent one is empty. `file` is what findings call it.

    `keep`: whoever reads the same content again is given the same, as by commands that count, compare and check it. A
    core catalog takes 3 MB so.

    Raises `ContentInvalid` with the line of everything that is not as a PO file should be.
    """
    name = file or name_of(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return EMPTY
    except OSError as error:
        reason = msg("This file cannot be read: {reason}", reason=type(error).__name__)
        raise ContentInvalid([Finding(name, reason)]) from None
    found, problems = _parse_once(data) if keep else _parse(data)
    if problems:
        raise ContentInvalid([Finding(name, why, line=line) for line, why in problems])
    return found


def _parse(data: bytes) -> tuple[CatalogFile, tuple[tuple[int, Message], ...]]:
    """Returns what a catalog says, and the lines with what is wrong there."""
    reader = _Reader()
    try:
        reader.read(decode(data, _charset_of(data)))
    except TextUnreadable as damaged:
        reader.problems = damaged.problems
    problems = tuple(sorted(reader.problems, key=lambda each: each[0]))
    return CatalogFile(reader.header, tuple(reader.entries)), problems


_parse_once: Final = lru_cache(maxsize=32)(_parse)


def name_of(path: Path) -> str:
    """Returns what a catalog is called in findings: its place from the `locales` folder on."""
    return "/".join(path.parts[-4:]) if path.parent.name == "LC_MESSAGES" else path.name


def _charset_of(data: bytes) -> str:
    """Returns the character set that the header names; UTF-8 where it names none. Raises `TextUnreadable`."""
    named = _CHARSET.search(data[: data.find(b"\nmsgid", 1) if b"\nmsgid" in data else len(data)])
    if named is None:
        return "utf-8"
    written = named[1].decode("ascii", "replace")
    line = data.count(b"\n", 0, named.start()) + 1
    try:
        charset = codecs.lookup(written).name
    except (LookupError, ValueError):
        charset = ""
    if charset not in CHARSETS:
        why = msg("The header names the character set {charset}, which cannot be read here: save the file as UTF-8 "
                  "and write charset=UTF-8.", charset=written)  # fmt: skip
        raise TextUnreadable([(line, why)])
    if charset not in ("utf-8", "ascii") and not data.isascii() and _is_utf_8(data):
        why = msg("The header names the character set {charset}, but the file is UTF-8.", charset=written)
        raise TextUnreadable([(line, why)])
    return charset


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


class _Draft(Struct):
    """An entry while its lines are read."""

    line: int = 0
    parts: dict[str, str] = field(default_factory=dict)
    """Texts with their escapes, by keyword."""
    last: str = ""
    flags: str = ""
    notes: list[str] = field(default_factory=list)
    broken: bool = False
    """A line of it was refused already."""

    @property
    def is_whole(self) -> bool:
        return self.last.startswith("msgstr")

    def takes(self, keyword: str) -> bool:
        """Says whether a part may come next."""
        if keyword.startswith("msgstr["):
            number = sum(part.startswith("msgstr[") for part in self.parts)
            return "msgid_plural" in self.parts and "msgstr" not in self.parts and keyword == f"msgstr[{number}]"
        before = {"msgctxt": ("",), "msgid": ("", "msgctxt"), "msgid_plural": ("msgid",), "msgstr": ("msgid",)}
        return self.last in before[keyword]


class _Reader:
    """Goes through the lines of a catalog; `problems` are lines with what is wrong there."""

    def __init__(self) -> None:
        self.header: dict[str, str] = {}
        self.entries: list[Entry] = []
        self.problems: list[tuple[int, Message]] = []
        self._draft = _Draft()
        self._lines: dict[Key, int] = {}
        self._forms = 0

    def read(self, text: str) -> None:
        for found in _CONTROL.finditer(text):
            at = text.count("\n", 0, found.start()) + 1
            self.problems.append((at, msg("This text holds a character that no text has.")))
        for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
            self._line(number, line.strip(" \t"))
        self._close()
        if not self._lines and not self.problems:
            self.problems.append((1, msg("This file is empty.")))

    def _line(self, number: int, line: str) -> None:
        if not line:
            return
        if line.startswith("#"):
            if self._draft.parts or self._draft.broken:
                self._close()
            self._comment(line)
        elif part := _PART.fullmatch(line):
            self._part(number, part[1], part[3])
        elif _MORE.fullmatch(line) and self._draft.last:
            self._draft.parts[self._draft.last] += line[1:-1]
        else:
            self._refuse(number, line)

    def _comment(self, line: str) -> None:
        if line.startswith("#,"):
            self._draft.flags += f"{line[2:]},"
        elif line[1:2] in ("", " "):
            self._draft.notes.append(line[2:])

    def _part(self, number: int, keyword: str, text: str) -> None:
        if not self._draft.takes(keyword) and keyword in ("msgctxt", "msgid"):
            self._close()
        draft = self._draft
        if not draft.takes(keyword) and not draft.broken:
            self.problems.append((number, msg("{part} is not expected here.", part=keyword)))
            draft.broken = True
        draft.line = number if keyword == "msgid" or not draft.line else draft.line
        draft.parts[keyword] = text[1:-1]
        draft.last = keyword

    def _refuse(self, number: int, line: str) -> None:
        """Notes a line that is none of a PO file; the lines that follow it in the same entry are not judged."""
        if not self._draft.broken:
            why = msg("This is not a line of a PO file: “{text}”.", text=line[:60])
            if _TEXT.match(line):
                why = msg("This text does not end on its line: a quotation mark is missing, or a line break that is "
                          "written \\n.")  # fmt: skip
            self.problems.append((number, why))
        self._draft.broken = True

    def _close(self) -> None:
        draft, self._draft = self._draft, _Draft()
        if draft.broken or not draft.parts:
            return
        if not draft.is_whole:
            self.problems.append((draft.line, msg("This entry is cut: it has no msgstr.")))
            return
        parts = {name: polib.unescape(text) if "\\" in text else text for name, text in draft.parts.items()}
        entry = _entry(draft, parts)
        if (earlier := self._lines.setdefault(entry.key, entry.line)) != entry.line:
            self.problems.append((entry.line, msg("This text stands in line {line} already.", line=earlier)))
        elif entry.key == ("", ""):
            self.header = _header(entry.texts[0])
            declared = _FORMS.search(self.header.get("Plural-Forms", ""))
            self._forms = int(declared[1]) if declared else 0
        else:
            self.problems += [(entry.line, why) for why in _problems(entry, self._forms)]
            self.entries.append(entry)


def _entry(draft: _Draft, parts: Mapping[str, str]) -> Entry:
    many = (parts["msgid_plural"],) if "msgid_plural" in parts else ()
    texts = tuple(text for name, text in parts.items() if name.startswith("msgstr"))
    flags = {each.strip() for each in draft.flags.split(",")}
    note = "\n".join(draft.notes).strip("\n")
    return Entry(parts.get("msgctxt", ""), (parts["msgid"], *many), texts, draft.line, "fuzzy" in flags, note)


def _header(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.split("\n") if ":" in line)
    return {name.strip(): said.strip() for name, _, said in pairs}


def _problems(entry: Entry, forms: int) -> Iterator[Message]:
    """Yields what shows that an entry lost a part of its translation."""
    if len(entry.forms) > 1 and forms and len(entry.texts) != forms:
        yield msg("This entry has {number} plural forms; the header says {wanted}.",
                  number=len(entry.texts), wanted=forms)  # fmt: skip
    for text in entry.texts if entry.is_translated else ():
        source = entry.forms[0]
        if text.startswith("\n") != source.startswith("\n") or text.endswith("\n") != source.endswith("\n"):
            yield msg("The text and its translation do not both begin, or do not both end, with a line break.")


def quoted(text: str) -> str:
    """Returns a text as it stands after a keyword of a PO file, one line of it on each line."""
    return normalize(text, width=0)


def change_catalog_file(
    path: Path,
    texts: Mapping[Key, tuple[str, ...]],
    notes: Mapping[Key, str],
    sources: Mapping[Key, tuple[tuple[str, ...], tuple[str, ...]]],
) -> None:
    """Writes translations and notes into a PO file that can be read; everything else in it stays, comments too.

    `sources` gives the forms and the files of texts that the catalog may not have yet.
    """
    data = path.read_bytes()
    whole, after = _without_last_comments(data)
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / path.name
        draft.write_bytes(whole)
        catalog = polib.pofile(str(draft), encoding=_charset_of(data), wrapwidth=_WIDTH)
        _change_entries(catalog, texts, notes, sources)
        catalog.save(str(draft))
        replace_file(path, draft.read_bytes() + after)


def _change_entries(
    catalog: polib.POFile,
    texts: Mapping[Key, tuple[str, ...]],
    notes: Mapping[Key, str],
    sources: Mapping[Key, tuple[tuple[str, ...], tuple[str, ...]]],
) -> None:
    entries = {(entry.msgctxt or "", entry.msgid): entry for entry in catalog if not entry.obsolete}
    for key in {**texts, **notes}:
        entry = entries.get(key)
        if entry is None:
            forms, files = sources[key]
            many = {"msgid_plural": forms[1]} if len(forms) > 1 else {}
            where = [(file, "") for file in files]
            entry = polib.POEntry(msgctxt=key[0] or None, msgid=forms[0], occurrences=where, **many)
            catalog.append(entry)
        if note := notes.get(key):
            entry.tcomment = note
        if key in texts:
            if entry.msgid_plural:
                entry.msgstr_plural = dict(enumerate(texts[key]))
            else:
                entry.msgstr = texts[key][0]
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]


def _without_last_comments(data: bytes) -> tuple[bytes, bytes]:
    """Returns a catalog and the comments after its last entry, with which polib would lose that entry."""
    lines = data.splitlines(keepends=True)
    end = len(lines)
    while end and (not lines[end - 1].strip() or (lines[end - 1].startswith(b"#") and lines[end - 1][1:2] != b"~")):
        end -= 1
    return b"".join(lines[:end]), b"".join(lines[end:])
