"""Reads a TOML content file into frozen structs; says all that is wrong with it in one go.

A person who mends a file by hand should not meet its errors one by one. Each finding carries the
line on which the entry or key stands, counted per list entry (`organizations[2].roles[0].duty`).
"""

import re
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo

from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding, read_toml
from spheres_core.foundation.content.value_kinds import kind_message

S = TypeVar("S", bound=Struct)
KEY = re.compile(r"[a-z][a-z0-9_]{0,40}")

MISSING: dict[str, Message] = {
    "name": msg("A name in words is needed here; a logo or an empty text is not enough."),
    "verified_on": msg("The day on which this was last verified is needed here (verified_on)."),
    "status": msg("How well this is known is needed here (status)."),
}


class Source:
    """One content file while it is read: where things stand, which languages it must speak, what is
    wrong so far."""

    in_part: tuple[str, ...] = ()
    """Further languages, in which it may say some of its texts."""
    proper_names: frozenset[str] = frozenset()
    """Places, without the numbers of list entries, of names that are the same in every language and need no
    repetition: one language is enough."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.raw, self.text = read_toml(path)
        manifest = path.parent / "plugin.toml"
        self.languages = languages_of(manifest, "languages") or ("fr", "en")
        self.in_part = languages_of(manifest, "languages_in_part")
        self.findings: list[Finding] = []
        self._lines = _lines(self.text)

    def find(self, key: str, message: Message) -> None:
        """Notes something wrong at a place such as `organizations[2].name`."""
        self.findings.append(Finding(self.name, message, line=self.line(key), key=key))

    def line(self, key: str) -> int:
        """Returns the line of a place, or of the nearest thing around it: in the end the first of the file."""
        while key:
            if key in self._lines:
                return self._lines[key]
            key = re.sub(r"(\.[^.\[\]]+|\[\d+\]|^[^.\[\]]+)$", "", key)
        return 1

    def read(self, kind: type[S]) -> S | None:
        """Returns the file as this struct; None when something is wrong with its shape (see `findings`)."""
        _check_struct(self, kind, self.raw, "")
        return None if self.findings else msgspec.convert(self.raw, kind)

    def entries(self, name: str, kind: type[S]) -> list[tuple[str, S]]:
        """Returns the entries of a list that have the right shape, each with its place, so that checks can
        go on beside errors."""
        found = []
        for place, entry in _rows(self.raw.get(name), name):
            try:
                found.append((place, msgspec.convert(entry, kind)))
            except msgspec.ValidationError:
                continue
        return found

    def all_read(self, name: str, entries: Sequence[object]) -> bool:
        """Tells whether every entry of a list had the right shape; only then are entries compared."""
        given = self.raw.get(name, [])
        return isinstance(given, list) and len(given) == len(entries)

    def finish(self) -> None:
        """Raises `ContentInvalid` when anything was found, in the order of the lines."""
        if self.findings:
            raise ContentInvalid(sorted(self.findings, key=lambda f: (f.line or 0, f.key or "")))


def only_one(paths: Sequence[Path]) -> Path:
    """Returns the one file of a topic that has one file."""
    return paths[0]


def check_unique(source: Source, keys: Iterable[tuple[str, str]]) -> None:
    """Keys are short, plain, and given once. `keys` are (place, key)."""
    seen: set[str] = set()
    for place, key in keys:
        if not KEY.fullmatch(key):
            source.find(place, msg("{key} is not a key: small letters, digits and underscores.", key=key))
        elif key in seen:
            source.find(place, msg("The key {key} is given twice.", key=key))
        seen.add(key)


def languages_of(manifest: Path, *keys: str) -> tuple[str, ...]:
    """Returns the tags that a plugin.toml lists under these keys, else under both; nothing where there is none."""
    raw = read_toml(manifest)[0] if manifest.is_file() else {}
    listed = [raw.get(key, ()) for key in keys or ("languages", "languages_in_part")]
    return tuple(str(tag) for tags in listed if isinstance(tags, list) for tag in tags)


def _rows(value: Any, place: str) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(value, list):
        return []
    return [(f"{place}[{i}]", row) for i, row in enumerate(value) if isinstance(row, dict)]


def _check_struct(source: Source, kind: type[Struct], given: Mapping[str, Any], place: str) -> None:
    fields = {each.encode_name: each for each in msgspec.structs.fields(kind)}
    for name in given.keys() - fields.keys():
        source.find(_join(place, name), msg("The key {key} is not known here.", key=name))
    for name, each in fields.items():
        if name in given:
            _check_field(source, each, given[name], _join(place, name), given)
        elif each.required:
            source.find(place, MISSING.get(name, msg("The key {key} is missing.", key=name)))


def _check_field(source: Source, each: FieldInfo, value: Any, place: str, around: Mapping[str, Any]) -> None:
    kind = each.type
    if kind == Words:
        _check_words(source, value, place, around)
    elif kind == dict[str, Words] and isinstance(value, dict):
        for name, words in value.items():
            _check_words(source, words, f"{place}.{name}", {})
    elif kind == tuple[Words, ...] and isinstance(value, list):
        for i, words in enumerate(value):
            _check_words(source, words, f"{place}[{i}]", {})
    elif typing.get_origin(kind) is dict and (inner := _struct_kind(typing.get_args(kind)[1])) is not None:
        for name, row in value.items() if isinstance(value, dict) else ():
            _check_struct(source, inner, row, f"{place}.{name}")
    elif (inner := entry_kind(kind)) is not None and isinstance(value, list):
        for i, row in enumerate(value):
            if isinstance(row, dict):
                _check_struct(source, inner, row, f"{place}[{i}]")
            else:
                source.find(f"{place}[{i}]", msg("A table is expected here."))
    elif (inner := _struct_kind(kind)) is not None and isinstance(value, dict):
        _check_struct(source, inner, value, place)
    else:
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            source.find(place, msg("{key}: {reason}", key=each.encode_name, reason=kind_message(str(error))))


def _check_words(source: Source, value: Any, place: str, around: Mapping[str, Any]) -> None:
    """Words are complete in each language of the plugin, or in the one language that a name exists
    in."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        source.find(place, msg('A text in each language is expected here: fr = "…", en = "…".'))
        return
    is_name = place.rpartition(".")[2] in ("name", "legal_name")
    only = around.get("name_language") if is_name else None
    wanted = (only,) if isinstance(only, str) and only else source.languages
    is_said_once = re.sub(r"\[\d+\]", "", place) in source.proper_names and any(map(str.strip, value.values()))
    for tag in () if is_said_once else wanted:
        if not (value.get(tag) or value.get(tag.partition("-")[0]) or "").strip():
            sentence = (
                msg(
                    "A name in {language} is needed here; a logo or an empty text is not enough.",
                    language=tag,
                )
                if is_name
                else msg("There is no text in {language}.", language=tag)
            )
            source.find(place, sentence)
    spoken = (*wanted, *source.languages, *source.in_part)
    known = {*spoken, *(tag.partition("-")[0] for tag in spoken)}
    for tag in value.keys() - known:
        source.find(place, msg("{language} is not a language of this plugin.", language=tag))


def with_lines(root: Path, findings: Iterable[Finding]) -> list[Finding]:
    """Returns findings about files of a folder, those about TOML with the line of their key."""
    sources: dict[str, Source] = {}
    found: list[Finding] = []
    for each in findings:
        if not each.file.endswith(".toml"):
            found.append(each)
            continue
        source = sources.setdefault(each.file, Source(root / each.file))
        found.append(msgspec.structs.replace(each, line=each.line or source.line(each.key or "")))
    return found


def entry_kind(kind: Any) -> type[Struct] | None:
    """Returns the struct that a list of this type holds; None when it holds none."""
    inner = typing.get_args(kind)[0] if typing.get_origin(kind) is tuple else None
    return _struct_kind(inner)


def _struct_kind(kind: Any) -> type[Struct] | None:
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    for option in options:
        if isinstance(option, type) and issubclass(option, Struct):
            return option
    return None


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\"-]+)\s*\]\]?\s*(#.*)?$")
_ASSIGNMENT = re.compile(r"\s*([A-Za-z0-9_\"-]+)\s*=\s*(.*)$")


def _lines(text: str) -> dict[str, int]:
    """Returns lines by place: tables, entries of lists, keys, and the entries of a list that is written over
    several lines."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    here, in_list, in_text = "", "", False
    for number, line in enumerate(text.splitlines(), 1):
        if in_text or (line.count('"""') == 1):
            in_text = in_text != (line.count('"""') % 2 == 1)
            continue
        if in_list:
            if line.strip().startswith("]"):
                in_list = ""
            elif line.strip().startswith("{"):
                lines[_next(in_list, counts)] = number
            continue
        if header := _HEADER.match(line):
            here = _numbered(header[2].replace('"', ""), counts, new=header[1] == "[[")
            lines.setdefault(here, number)
        elif assignment := _ASSIGNMENT.match(line):
            place = _join(here, assignment[1].replace('"', ""))
            lines.setdefault(place, number)
            if assignment[2].strip() == "[":
                in_list = place
    return lines


def _next(place: str, counts: dict[str, int]) -> str:
    counts[place] = counts.get(place, -1) + 1
    return f"{place}[{counts[place]}]"


def _numbered(dotted: str, counts: dict[str, int], *, new: bool) -> str:
    """Returns the entry that `organizations.roles` means now: `organizations[2].roles[0]`."""
    place = ""
    parts = dotted.split(".")
    for i, part in enumerate(parts):
        place = _join(place, part)
        if new and i == len(parts) - 1:
            return _next(place, counts)
        if place in counts:
            place = f"{place}[{counts[place]}]"
    return place
