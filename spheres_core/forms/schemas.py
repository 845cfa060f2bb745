"""The structs of a form version. Immutable: a change of one word is another version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct, field

from spheres_core.facts import Problem, Words

Kind = Literal[
    "text",
    "integer",
    "decimal",
    "date",
    "select_one",
    "select_multiple",
    "acknowledge",
    "calculate",
    "note",
    "group",
    "repeat",
]

Rule = list[Any]
"""A rule tree of `forms.expressions`; a reference holds the full path of the question it means."""

TEXT_LIMIT: Final = 5_000
"""Characters of one text, unless the question says otherwise."""
REPEAT_LIMIT: Final = 100
"""Entries of one repeat, unless the question says otherwise."""


class Choice(Struct, frozen=True, omit_defaults=True):
    """One answer a person may choose. Retired ones stay, so that old answers can be read."""

    name: str
    labels: Words = field(default_factory=dict)
    meaning: str = ""
    """The core's code for this choice when the region's own differs, e.g. `14-17`."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Values that choice filters compare: further columns of the choices sheet."""
    retired: bool = False

    @property
    def code(self) -> str:
        """Returns the code that the core counts: the meaning, or the name where it has none."""
        return self.meaning or self.name


class Question(Struct, frozen=True, omit_defaults=True):
    """One row of the form; groups and repeats hold others. `path` is unique in the form: names joined by dots."""

    name: str
    kind: Kind
    path: str
    labels: Words = field(default_factory=dict)
    hints: Words = field(default_factory=dict)
    relevant: Rule | None = None
    required: Rule | None = None
    constraint: Rule | None = None
    calculation: Rule | None = None
    choice_filter: Rule | None = None
    required_messages: Words = field(default_factory=dict)
    constraint_messages: Words = field(default_factory=dict)
    choices: str = ""
    """The name of its choice list."""
    meaning: str = ""
    appearance: str = ""
    guidance: Words = field(default_factory=dict)
    """More help than the hint, shown when it is asked for and in print."""
    default: str = ""
    """The answer that it begins with, as its author wrote it; see `default_answers`."""
    read_only: bool = False
    """Nobody changes the answer that it begins with."""
    limit: int = 0
    """Most characters of a text or entries of a repeat; 0 is the usual limit."""
    children: tuple[Question, ...] = ()

    @property
    def most(self) -> int:
        """Returns the limit that holds: characters for a text, entries for a repeat."""
        return self.limit or (REPEAT_LIMIT if self.kind == "repeat" else TEXT_LIMIT)

    @property
    def asks_month(self) -> bool:
        """Returns whether a date is asked by month and year; it is kept as the first of the month."""
        return self.kind == "date" and "month-year" in self.appearance.split()


class Form(Struct, frozen=True, omit_defaults=True):
    """One version of a form. Equal content has an equal `version`, wherever it was read."""

    key: str
    version: str
    """The first 12 hex digits of the SHA-256 of the canonical JSON."""
    title: Words
    default_language: str
    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.key, self.version))

    def walk(self) -> Iterator[Question]:
        """Yields every question, groups and repeats before what they hold."""
        yield from _walk(self.questions)

    def question(self, path: str) -> Question | None:
        return next((question for question in self.walk() if question.path == path), None)


class CheckedAnswers(Struct, frozen=True):
    """Answers after checking. Store `values` only when there are no problems."""

    values: dict[str, Any]
    """Clean answers: relevant and answered ones only, calculations included."""
    ignored: tuple[str, ...]
    """Paths of what was sent and dropped: not relevant, or computed here."""
    problems: tuple[Problem, ...]


def _walk(questions: tuple[Question, ...]) -> Iterator[Question]:
    for question in questions:
        yield question
        yield from _walk(question.children)


_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_DECODER: Final = msgspec.json.Decoder(Form)


def encode(form: Form) -> bytes:
    """Returns canonical JSON: keys sorted, defaults left out."""
    return _ENCODER.encode(form)


def decode(data: bytes | str) -> Form:
    """Returns the form version that `encode` wrote."""
    return _DECODER.decode(data)


def hashed(form: Form) -> Form:
    """Returns the same form with the version its content has."""
    content = _ENCODER.encode(msgspec.structs.replace(form, version=""))
    return msgspec.structs.replace(form, version=hashlib.sha256(content).hexdigest()[:12])
