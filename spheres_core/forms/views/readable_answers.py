"""Answers for a reader: what was asked and what was said, by the version that asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from spheres_core.facts import Message, Words, msg
from spheres_core.forms.answers import placed
from spheres_core.forms.compiled_form import Place, Plan, Step
from spheres_core.forms.schemas import Form
from spheres_core.forms.wording import with_values

EPOCH = "0001-01-01"


class ReadableRow(Struct, frozen=True):
    """One line of a set of answers as people read it."""

    label: Words
    shown: tuple[Words | Message | str, ...]
    """What was said: texts as written, choices by their labels; several for a multiple, none for a heading."""
    path: str
    meaning: str = ""
    level: int = 0
    """How deep in groups and entries; headings have the level of what they head."""
    heading: bool = False


def readable(form: Form, values: Mapping[str, Any], language: str = "") -> tuple[ReadableRow, ...]:
    """Rows in the form's order, answered questions only, headings for the groups and entries that hold some.

    `values` are checked answers of this version. Labels are the form's words; pick the reader's language from them.
    """
    plan, root = placed(form, dict(values), EPOCH, settled=False)
    return tuple(_Reader(plan, language).rows("", root, values, 0))


class _Reader:
    def __init__(self, plan: Plan, language: str) -> None:
        self.plan = plan
        self.language = language

    def rows(self, parent: str, place: Place, values: Mapping[str, Any], level: int) -> Iterator[ReadableRow]:
        for step in self.plan.children[parent]:
            value = values.get(step.question.name)
            if value is None or value in ("", [], {}):
                continue
            if step.kind == "group" and isinstance(value, dict):
                yield from self.under_heading(step, place, self.rows(step.path, place, value, level + 1), level)
            elif step.kind == "repeat" and isinstance(value, list):
                yield from self.entries(step, place, value, level)
            else:
                yield self.row(step, place, value, level)

    def entries(self, step: Step, place: Place, value: list[Any], level: int) -> Iterator[ReadableRow]:
        for index, entry in enumerate(value):
            inside = place.repeats[step.path][index]
            label = self.label(step, place)
            numbered = {tag: f"{text} {index + 1}" for tag, text in label.items()}
            yield ReadableRow(numbered, (), inside.prefix, level=level, heading=True)
            yield from self.rows(step.path, inside, entry, level + 1)

    def under_heading(self, step: Step, place: Place, rows: Iterator[ReadableRow], level: int) -> Iterator[ReadableRow]:
        if step.question.labels:
            yield ReadableRow(self.label(step, place), (), step.shown(place), level=level, heading=True)
        yield from rows

    def row(self, step: Step, place: Place, value: Any, level: int) -> ReadableRow:
        return ReadableRow(
            self.label(step, place),
            tuple(self.said(step, value)),
            step.shown(place),
            step.question.meaning,
            level,
        )

    def label(self, step: Step, place: Place) -> Words:
        return with_values(step.question.labels, self.plan, place) or {"": step.question.name}

    def said(self, step: Step, value: Any) -> Iterator[Words | Message | str]:
        if value is True:
            yield msg("Yes")
        elif value is False:
            yield msg("No")
        elif isinstance(value, list) or step.options:
            for code in value if isinstance(value, list) else [value]:
                labels = next((choice.labels for choice in step.options if choice.name == code), None)
                yield labels or str(code)
        else:
            yield str(value)
