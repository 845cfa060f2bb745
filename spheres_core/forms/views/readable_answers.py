"""Answers for a reader: what was asked and what was said, by the version that asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from spheres_core.facts import Message, Words, msg
from spheres_core.forms.answer_placement import place_answers
from spheres_core.forms.compiled_form import AnswerScope, CompiledForm, CompiledQuestion
from spheres_core.forms.schemas import ATTACHMENTS, Form
from spheres_core.forms.wording import with_values
from spheres_core.foundation.content.telephone_numbers import format_telephone
from spheres_core.foundation.languages.localization import clock_text

EPOCH = "0001-01-01"
NO_FILES: Final[Mapping[str, str]] = {}


class ReadableRow(Struct, frozen=True):
    """One line of a set of answers as people read it."""

    label: Words
    shown: tuple[Words | Message | str, ...]
    """The answer: texts as written, choices by their labels, telephone numbers in the reader's form; several for a
    multiple, none for a heading."""
    path: str
    meaning: str = ""
    level: int = 0
    """How deep in groups and entries; headings have the level of what they head."""
    heading: bool = False


def readable_rows(
    form: Form, values: Mapping[str, Any], language: str = "", files: Mapping[str, str] = NO_FILES
) -> tuple[ReadableRow, ...]:
    """Yields rows in the form's order, answered questions only, headings for the groups and entries that hold some.

    `values` are checked answers of this version. Labels are the form's words; pick the reader's language from them.
    `files`: what is said of each file, by its id.
    """
    compiled_form, root = place_answers(form, dict(values), EPOCH, settled=False)
    return tuple(_RowBuilder(compiled_form, language, files).rows("", root, values, 0))


class _RowBuilder:
    def __init__(self, compiled_form: CompiledForm, language: str, files: Mapping[str, str]) -> None:
        self.plan = compiled_form
        self.files = files
        self.language = language

    def rows(self, parent: str, scope: AnswerScope, values: Mapping[str, Any], level: int) -> Iterator[ReadableRow]:
        for item in self.plan.children[parent]:
            value = values.get(item.question.name)
            if value is None or value in ("", [], {}):
                continue
            if item.kind == "group" and isinstance(value, dict):
                yield from self.under_heading(item, scope, self.rows(item.path, scope, value, level + 1), level)
            elif item.kind == "repeat" and isinstance(value, list):
                yield from self.entries(item, scope, value, level)
            else:
                yield self.row(item, scope, value, level)

    def entries(
        self, item: CompiledQuestion, scope: AnswerScope, value: list[Any], level: int
    ) -> Iterator[ReadableRow]:
        for index, entry in enumerate(value):
            inside = scope.repeats[item.path][index]
            label = self.label(item, scope)
            numbered = {tag: f"{text} {index + 1}" for tag, text in label.items()}
            yield ReadableRow(numbered, (), inside.prefix, level=level, heading=True)
            yield from self.rows(item.path, inside, entry, level + 1)

    def under_heading(
        self, item: CompiledQuestion, scope: AnswerScope, rows: Iterator[ReadableRow], level: int
    ) -> Iterator[ReadableRow]:
        if item.question.labels:
            yield ReadableRow(self.label(item, scope), (), item.shown(scope), level=level, heading=True)
        yield from rows

    def row(self, item: CompiledQuestion, scope: AnswerScope, value: Any, level: int) -> ReadableRow:
        return ReadableRow(
            self.label(item, scope),
            tuple(self.said(item, value)),
            item.shown(scope),
            item.question.meaning,
            level,
        )

    def label(self, item: CompiledQuestion, scope: AnswerScope) -> Words:
        return with_values(item.question.labels, self.plan, scope) or {"": item.question.name}

    def said(self, item: CompiledQuestion, value: Any) -> Iterator[Words | Message | str]:
        if value is True:
            yield msg("Yes")
        elif value is False:
            yield msg("No")
        elif isinstance(value, list) or item.options:
            codes = value if isinstance(value, list) else [value]
            for place, code in enumerate(codes, 1):
                labels = next((choice.labels for choice in item.options if choice.name == code), None)
                yield _numbered(labels or str(code), place) if item.kind == "rank" else labels or str(code)
        elif item.kind in ATTACHMENTS:
            yield str(self.files.get(str(value), value))
        elif "phone" in item.question.looks or item.question.meaning.endswith("_phone"):
            yield format_telephone(str(value), self.language)
        else:
            yield self.written(item, value)

    def written(self, item: CompiledQuestion, value: Any) -> str:
        """Returns a single value in figures, times as the reader's language writes them."""
        if item.question.asks_year or item.question.asks_month:
            return str(value)[: 4 if item.question.asks_year else 7]
        if item.kind in ("time", "datetime"):
            day, _, time = str(value).rpartition("T")
            return f"{day} {clock_text(dt.time.fromisoformat(time), self.language.partition('-')[0])}".strip()
        return str(value)


def _numbered(said: Words | str, place: int) -> Words | str:
    """Returns what was chosen with its place, where answers are put in order."""
    return f"{place}. {said}" if isinstance(said, str) else {tag: f"{place}. {text}" for tag, text in said.items()}
