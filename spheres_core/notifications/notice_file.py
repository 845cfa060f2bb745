"""Reads `notices.toml`: the texts of e-mails as a region says them. They say no more than the program's own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct, field

from spheres_core.facts import Words, msg
from spheres_core.foundation.content.packs import DescribedContent
from spheres_core.foundation.content.struct_reader import Source, only_one
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.notifications.notices import NOTICES, telling_words
from spheres_core.notifications.schemas import Notice

TOPIC: Final = "notices"
FILE: Final = "notices.toml"
LONGEST_SUBJECT: Final = 60
"""Characters of a subject: what a telephone shows of it."""
LONGEST: Final = 400
MOST: Final = 4
"""Sentences of a body: each is a paragraph."""
KINDS: Final = tuple(each.kind for each in NOTICES)


class OwnNotice(Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of one notice. What is left out is said as the program says it."""

    subject: Words = field(default_factory=dict)
    body: tuple[Words, ...] = ()


class NoticesFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `notices.toml`."""

    format: Literal[1]
    notices: dict[str, OwnNotice] = field(default_factory=dict)


def read_notices(paths: Sequence[Path], plugin_id: str) -> Mapping[str, OwnNotice]:
    """Returns the texts of a pack by the kind of notice. Raises `ContentInvalid` with every finding."""
    return check_notices(Source(only_one(paths))).notices


def check_notices(source: Source) -> NoticesFile:
    """Returns the texts that a source holds, proofread, wherever they were written. Raises `ContentInvalid`."""
    given = source.raw.get("notices", {})
    for kind, texts in given.items() if isinstance(given, dict) else ():
        place = f"notices.{kind}"
        if kind not in KINDS:
            known = ", ".join(KINDS)
            source.find(place, msg("{name} is not a notice. Notices are: {known}.", name=kind, known=known))
        elif isinstance(texts, dict):
            _proofread(source, place, texts)
    found = source.read(NoticesFile)
    source.finish()
    assert found is not None
    return found


def worded(notice: Notice, plugins: PluginSet) -> Notice:
    """Returns a notice as this region says it: its own text where a pack has one, the region's before its base's."""
    for _, notices in reversed(plugins.gather(TOPIC)):
        if (own := notices.get(notice.kind)) is not None:
            return msgspec.structs.replace(notice, subject=own.subject or notice.subject, body=own.body or notice.body)
    return notice


def describe_notices(notices: Mapping[str, OwnNotice]) -> list[DescribedContent]:
    """Returns the texts as an administrator sees them before they are on: by their subject."""
    return [DescribedContent(TOPIC, kind, own.subject or {"en": kind, "fr": kind}) for kind, own in notices.items()]


def _proofread(source: Source, place: str, texts: Mapping[str, object]) -> None:
    subject, body = texts.get("subject"), texts.get("body")
    if isinstance(subject, dict):
        for text in filter(_is_text, subject.values()):
            if len(text) > LONGEST_SUBJECT or "\n" in text:
                said = msg("A subject is one line of at most {most} characters.", most=LONGEST_SUBJECT)
                source.find(f"{place}.subject", said)
            _read_words(source, f"{place}.subject", text)
    if isinstance(body, list):
        if len(body) > MOST:
            source.find(f"{place}.body", msg("A message has at most {most} sentences.", most=MOST))
        for i, words in enumerate(body):
            for text in filter(_is_text, words.values() if isinstance(words, dict) else ()):
                if len(text) > LONGEST:
                    source.find(f"{place}.body[{i}]", msg("It is longer than {most} characters.", most=LONGEST))
                _read_words(source, f"{place}.body[{i}]", text)


def _is_text(given: object) -> bool:
    return isinstance(given, str)


def _read_words(source: Source, place: str, text: str) -> None:
    if "{" in text or "}" in text:
        source.find(place, msg("A sentence of a message has no placeholders: it is the same for everybody."))
    if found := telling_words(text):
        said = msg("“{word}” would tell a bystander what this message is about.", word=found[0])
        source.find(place, said)
