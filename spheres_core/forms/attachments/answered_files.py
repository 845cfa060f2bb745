"""Where files stand among answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from spheres_core.forms.schemas import ATTACHMENTS, Form, Question


class AnsweredFile(Struct, frozen=True):
    """One answer that is a file: its shown path, its question, and the handle or id."""

    path: str
    question: Question
    value: str


def answered_files(form: Form, values: Mapping[str, Any]) -> list[AnsweredFile]:
    """Returns the files among checked answers, in the form's order."""
    return list(_found(form.questions, values, "")) if _asks_for_files(form) else []


@lru_cache(maxsize=256)
def _asks_for_files(form: Form) -> bool:
    return any(question.kind in ATTACHMENTS for question in form.walk())


def with_files(form: Form, values: Mapping[str, Any], replaced: Mapping[str, str]) -> dict[str, Any]:
    """Returns the answers with each file's handle replaced."""
    return _replaced(form.questions, values, replaced)


def _found(questions: tuple[Question, ...], values: Mapping[str, Any], above: str) -> Iterator[AnsweredFile]:
    for question in questions:
        value, path = values.get(question.name), above + question.name
        if value is None:
            continue
        if question.kind == "group":
            yield from _found(question.children, value, f"{path}.")
        elif question.kind == "repeat":
            for number, entry in enumerate(value):
                yield from _found(question.children, entry, f"{path}[{number}].")
        elif question.kind in ATTACHMENTS:
            yield AnsweredFile(path, question, str(value))


def _replaced(
    questions: tuple[Question, ...], values: Mapping[str, Any], replaced: Mapping[str, str]
) -> dict[str, Any]:
    made = dict(values)
    for question in questions:
        value = values.get(question.name)
        if value is None:
            continue
        if question.kind == "group":
            made[question.name] = _replaced(question.children, value, replaced)
        elif question.kind == "repeat":
            made[question.name] = [_replaced(question.children, entry, replaced) for entry in value]
        elif question.kind in ATTACHMENTS:
            made[question.name] = replaced.get(str(value), value)
    return made
