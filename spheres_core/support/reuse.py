"""Decides what of a request for advice a referral form may begin with: answers of the same meaning, and no others."""

import re
from collections.abc import Mapping
from typing import Any

from spheres_core.forms.meanings import NEVER_IN_ADVICE
from spheres_core.forms.schemas import Form, Question

_NUMBER = re.compile(r"\[\d+\]")


def without_numbers(path: str) -> str:
    """Returns the path of a question in its form: `household[0].age` is `household.age`."""
    return _NUMBER.sub("", path)


def reusable_answers(form: Form, meanings: Mapping[str, Any]) -> dict[str, Any]:
    """Returns answers of `form` that mean what was answered before, by question name and nested as a form's answers."""
    values: dict[str, Any] = {}
    _fill(form, form.questions, meanings, values)
    return values


def _fill(form: Form, questions: tuple[Question, ...], meanings: Mapping[str, Any], into: dict[str, Any]) -> None:
    for question in questions:
        if question.kind == "group":
            inside: dict[str, Any] = {}
            _fill(form, question.children, meanings, inside)
            if inside:
                into[question.name] = inside
        elif question.meaning in meanings and question.meaning not in NEVER_IN_ADVICE:
            value = _as_asked(form, question, meanings[question.meaning])
            if value is not None:
                into[question.name] = value


def _as_asked(form: Form, question: Question, value: Any) -> Any:
    """Returns the value as this question takes it; None where it cannot."""
    if question.kind == "text":
        return value if isinstance(value, str) else None
    names = {choice.code: choice.name for choice in form.choices.get(question.choices, ()) if not choice.retired}
    if question.kind == "select_one" and isinstance(value, str):
        return names.get(value)
    if question.kind == "select_multiple":
        codes = value if isinstance(value, list) else [value]
        return [names[code] for code in codes if code in names] or None
    return None
