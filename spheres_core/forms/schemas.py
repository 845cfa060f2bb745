"""The structs of a form version. Immutable: a change of one word is another version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Struct, field

from spheres_core.facts import Problem, Words

Kind = Literal[
    "text",
    "integer",
    "decimal",
    "range",
    "date",
    "time",
    "datetime",
    "select_one",
    "select_multiple",
    "rank",
    "geopoint",
    "image",
    "audio",
    "video",
    "file",
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
PLACE_LIMIT: Final = 500
"""Characters of a place, unless the question says otherwise."""
ATTACHMENTS: Final = frozenset({"image", "audio", "video", "file"})
"""Kinds of questions that are answered with a file."""
NEVER_ASKED: Final[Rule] = ["false"]
"""The rule of a question that is not asked here at all."""
DAY_PARTS: Final = ("year", "month", "day")
TIME_PARTS: Final = ("hour", "minute")
LARGEST_BOUND: Final = 10**9
"""No range goes further, in either direction."""
_MOST: Final[Mapping[str, int]] = {"repeat": REPEAT_LIMIT, "geopoint": PLACE_LIMIT}


class Steps(NamedTuple):
    """The numbers that a question of type `range` offers: from `lowest` to `highest`, `step` apart."""

    lowest: Decimal
    highest: Decimal
    step: Decimal

    @property
    def whole(self) -> bool:
        """Returns whether all of them are whole numbers."""
        return _as_range(self) is not None

    @property
    def size(self) -> int:
        return int((self.highest - self.lowest) // self.step) + 1

    def holds(self, number: float) -> bool:
        whole = _as_range(self)
        if whole is not None:
            return isinstance(number, int) and number in whole
        exact = Fraction(repr(number))
        return self.lowest <= exact <= self.highest and (exact - Fraction(self.lowest)) % Fraction(self.step) == 0


@lru_cache(maxsize=512)
def _as_range(steps: Steps) -> range | None:
    """Returns the same numbers where all of them are whole."""
    if any(each != each.to_integral_value() for each in (steps.lowest, steps.step)):
        return None
    return range(int(steps.lowest), int(steps.highest) + 1, int(steps.step))


def steps_of(parameters: Mapping[str, str]) -> Steps:
    """Returns the numbers of a range, those of ODK where its author says nothing: 1 to 10. ValueError when they are no
    numbers, or go nowhere."""
    return _steps(parameters.get("start", "1"), parameters.get("end", "10"), parameters.get("step", "1"))


@lru_cache(maxsize=512)
def _steps(*written: str) -> Steps:
    try:
        start, end, step = (Decimal(each) for each in written)
    except InvalidOperation:
        raise ValueError(written) from None
    if not all(each.is_finite() and abs(each) < LARGEST_BOUND for each in (start, end, step)) or not step:
        raise ValueError(written)
    return Steps(min(start, end), max(start, end), abs(step))


class Choice(Struct, frozen=True, omit_defaults=True):
    """One answer a person may choose. Retired ones stay, so that old answers can be read."""

    name: str
    labels: Words = field(default_factory=dict)
    meaning: str = ""
    """The core's code for this choice when the region's own differs, e.g. `14-17`."""
    media: Mapping[str, Words] = field(default_factory=dict)
    """Files that are shown or played with it; see `Question.media`."""
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
    parameters: Mapping[str, str] = field(default_factory=dict)
    """How it is asked, by the names of XLSForm: `start`, `end` and `step` of a range, `randomize`, `seed`, `rows`."""
    media: Mapping[str, Words] = field(default_factory=dict)
    """Files that are shown or played with it, by column (`image`, `audio` …) and language: `<hash>/<name>`; see
    `form_media`."""
    guidance: Words = field(default_factory=dict)
    """More help than the hint, shown when it is asked for and in print."""
    default: str = ""
    """The answer that it begins with, as its author wrote it; see `default_answers`."""
    default_rule: Rule | None = None
    """The rule of a `default` that depends on other answers or on the day."""
    repeat_count: Rule | None = None
    """The number of entries of a repeat, where nobody adds or removes any."""
    read_only: bool = False
    """Nobody changes the answer that it begins with."""
    limit: int = 0
    """Most characters of a text or entries of a repeat; 0 is the usual limit."""
    children: tuple[Question, ...] = ()

    @property
    def most(self) -> int:
        """Returns the limit that holds: characters for a text, entries for a repeat."""
        return self.limit or _MOST.get(self.kind, TEXT_LIMIT)

    @property
    def looks(self) -> tuple[str, ...]:
        """Returns the words of its appearance."""
        return tuple(self.appearance.split())

    @property
    def is_computed(self) -> bool:
        """Returns whether its answer follows from a rule: nobody gives it, even where it is shown."""
        return self.calculation is not None

    @property
    def asks_month(self) -> bool:
        """Returns whether a date is asked by month and year; it is kept as the first of the month."""
        return self.kind == "date" and "month-year" in self.looks

    @property
    def asks_year(self) -> bool:
        """Returns whether a date is asked by its year; it is kept as the first of January."""
        return self.kind == "date" and "year" in self.looks and not self.asks_month

    @property
    def parts(self) -> tuple[str, ...]:
        """Returns the fields that a page asks a day or a time in, in the order in which they are written: a browser's
        own field for them speaks the browser's language and not the page's."""
        if self.asks_year:
            return DAY_PARTS[:1]
        if self.asks_month:
            return DAY_PARTS[:2]
        return {"date": DAY_PARTS, "time": TIME_PARTS, "datetime": (*DAY_PARTS, *TIME_PARTS)}.get(self.kind, ())

    @property
    def steps(self) -> Steps:
        """Returns the numbers that a range offers."""
        return steps_of(self.parameters)


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


def is_never_asked(question: Question) -> bool:
    """Returns whether a question is not asked here at all: it takes a file, and the region takes none; or it asks for
    her words, of whoever may not write them."""
    return question.relevant == NEVER_ASKED


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
