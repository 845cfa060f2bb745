"""Content files: what a plugin says in data, read by the room that owns the file's topic.

A room registers a `PackReader` for its file; this module finds the files of a plugin and hands them over. Whatever is
wrong is said all in one go, each finding with its file and place.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content import toml
from spheres_core.foundation.content.text_files import TextUnreadable, decode


class Finding(Struct, frozen=True):
    """One problem of a content file. Spreadsheet places have sheet, row (1-based) and column."""

    file: str
    message: Message
    line: int | None = None
    key: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    severity: str = "error"

    def place(self) -> str:
        """Returns `partners.toml:12: organizations[2].name` or `referral.xlsx: survey, row 4, relevant`."""
        at = self.file if self.line is None else f"{self.file}:{self.line}"
        parts = [self.sheet, f"row {self.row}" if self.row else None, self.column, self.key]
        told = ", ".join(part for part in parts if part)
        return f"{at}: {told}" if told else at


class ContentInvalid(Exception):
    """Content cannot be used; `findings` names every reason, errors first."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{f.place()}: {say_plainly(f.message)}" for f in self.findings))


class ContentQuestion(Struct, frozen=True):
    """A question that content puts to people; `meaning` ties it to the core's vocabulary, empty when nothing does."""

    name: str
    label: Words
    meaning: str = ""


class DescribedContent(Struct, frozen=True):
    """One item of content, as an administrator sees it before a plugin is switched on."""

    topic: str
    key: str
    title: Words
    languages: tuple[str, ...] = ()
    """Tags it is written in; empty when that means nothing for it."""
    asks: int = 0
    """Questions it puts to people."""
    collects: tuple[str, ...] = ()
    """Codes of the personal data that it collects by meaning; whatever else it asks is kept sealed."""
    questions: tuple[ContentQuestion, ...] = ()
    """Each question that it puts."""
    record: str = ""
    """The kind of record on which staff answer it; empty when it stands by itself."""


class ContentChange(Struct, frozen=True):
    """One change that adopting content makes to the tenant's own tables, or would make."""

    kind: str
    """add, change, conflict (both changed it: ours holds until somebody decides), absent (its source lets it go: it
    stays and is marked) or clash (somebody else brought it: it is left alone)."""
    what: str
    """The table."""
    key: str
    fields: tuple[str, ...] = ()
    title: Words = {}


class PackReader(Struct, frozen=True):
    """Reads one topic of content from a plugin's folder; a room registers it.

    `read(paths, plugin_id)` gets the plugin's files that match `pattern` (a glob inside the plugin's folder) and
    returns frozen structs, or raises `ContentInvalid`. Pure but for reading those files.

    `adopt(ctx, content, plugin_id, version)`, async, merges what was read into the tenant's own tables and returns
    what that changed: it adds and updates what came from this plugin, never deletes and never overwrites local work.
    Called when a tenant gets the plugin and again when the plugin's content has changed; doing it twice changes
    nothing.

    `describe(content)` returns what an administrator should know of it before.

    `fit(content, plugin_set, plugin_id)` compares it with what else is in a plugin set, once the set has all of its
    plugins' content, and returns it as the set uses it. Raises `ContentInvalid`; findings
    need no line, it follows from their key.

    `beside`: further files that the topic's file names.

    `load_own(db)`, async, returns what the tenant of the transaction says itself on the topic. It is read when the
    tenant is loaded, and stands in `ctx.own_content` until the tenant changes.
    """

    topic: str
    pattern: str
    read: Callable[[Sequence[Path], str], Any]
    adopt: Callable[..., Awaitable[Sequence[ContentChange]]] | None = None
    describe: Callable[[Any], Sequence[DescribedContent]] | None = None
    fit: Callable[[Any, Any, str], Any] | None = None
    beside: tuple[str, ...] = ()
    load_own: Callable[..., Awaitable[Any]] | None = None


def read_content(root: Path, plugin_id: str, readers: Iterable[PackReader]) -> dict[str, Any]:
    """Returns all content of a plugin, by topic. Raises `ContentInvalid` with the findings of all its files."""
    content: dict[str, Any] = {}
    findings: list[Finding] = []
    for reader in readers:
        paths = _matching(root, reader.pattern)
        if not paths:
            continue
        try:
            content[reader.topic] = reader.read(paths, plugin_id)
        except ContentInvalid as invalid:
            findings.extend(invalid.findings)
    if findings:
        raise ContentInvalid(findings)
    return content


CONTENTS_KEPT: Final = 128
"""Contents of plugins that stay read in a process."""


def content_of(root: Path, plugin_id: str, digest: str, readers: Iterable[PackReader]) -> Mapping[str, Any]:
    """Returns the same, read once for all plugin sets; `digest` is its `content_hash`. Raises `ContentInvalid`."""
    return _content_once(root, plugin_id, digest, tuple([(each.topic, each.pattern, each.read) for each in readers]))


@lru_cache(maxsize=CONTENTS_KEPT)
def _content_once(root: Path, plugin_id: str, _digest: str, readers: tuple[tuple[Any, ...], ...]) -> dict[str, Any]:
    return read_content(root, plugin_id, [PackReader(*each) for each in readers])


def content_hash(root: Path, version: str, readers: Iterable[PackReader]) -> str:
    """Returns a hash that changes when any content file of the plugin, or its version, changes."""
    digest = hashlib.sha256(version.encode())
    patterns = {name for reader in readers for name in (reader.pattern, *reader.beside)}
    for path in sorted({path for name in patterns for path in _matching(root, name)}):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def _matching(root: Path, pattern: str) -> list[Path]:
    home = root.resolve()
    found = (path for path in sorted(home.glob(pattern)) if path.is_file())
    return [path for path in found if path.resolve().is_relative_to(home)]


def read_text(path: Path, file: str = "") -> str:
    """Returns the text of a file without its BOM; `file` is what findings call it.

    Raises `ContentInvalid` with the line when it is not UTF-8, or when a merge left its markers in it.
    """
    name = file or path.name
    try:
        return decode(path.read_bytes())
    except OSError as error:
        reason = msg("This file cannot be read: {reason}", reason=type(error).__name__)
        raise ContentInvalid([Finding(name, reason)]) from None
    except TextUnreadable as damaged:
        raise ContentInvalid([Finding(name, why, line=line) for line, why in damaged.problems]) from None


def read_toml(path: Path, file: str = "") -> tuple[dict[str, Any], str]:
    """Returns the content and the text of a TOML file. Raises `ContentInvalid` with the line of the mistake."""
    name = file or path.name
    text = read_text(path, name)
    if toml.may_be_cut(text):
        why = msg("The last line has no end: if the file is whole, add a line break.")
        raise ContentInvalid([Finding(name, why, line=text.count("\n") + 1)])
    try:
        return toml.read_document(text), text
    except RecursionError:
        raise ContentInvalid([Finding(name, msg("This file is nested too deeply."))]) from None
    except toml.TomlInvalid as error:
        reason = msg("This is not valid TOML: {reason}", reason=str(error))
        raise ContentInvalid([Finding(name, reason, line=error.line)]) from None


def line_of(text: str, key: str, *, value: str | None = None) -> int | None:
    """Returns the 1-based line of a dotted key such as `settings.referrals.minimum_age`, or None.

    With `value`, the first line of that key (or of the list under it) that also holds the value.
    """
    *parents, last = re.sub(r"\[\d+\]", "", key).split(".")
    header, seen, under = ".".join(parents), "", False
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if table := re.match(r"\[\[?\s*([^\]]+?)\s*\]\]?", stripped):
            seen, under = table[1].replace('"', ""), False
            if seen == key:
                return number
            continue
        if re.match(rf'["\']?{re.escape(last)}["\']?\s*[=.]', stripped):
            under = seen == header or not header
        if (under or (seen == key)) and (value is None or value in line):
            return number
    return None


def say_plainly(message: Message) -> str:
    """Returns a message in English, for logs and for developers."""
    said = {name: say_plainly(value) if isinstance(value, Message) else value for name, value in message.params.items()}
    return message.msgid.format(**said) if said else message.msgid
