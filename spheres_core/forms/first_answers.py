"""The answers that a form begins with: values that its author wrote, and what rules give when it is opened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from spheres_core.forms.answer_types import TYPES, TypedAnswer
from spheres_core.forms.compiled_form import AnswerScope, CompiledForm, CompiledQuestion, compile_form
from spheres_core.forms.default_answers import ANSWERED, default_answer
from spheres_core.forms.expressions import Clock
from spheres_core.forms.expressions.values import stored, text, truth
from spheres_core.forms.schemas import Form


def first_answers_of(form: Form, today: str | Clock, language: str = "") -> dict[str, Any]:
    """Returns the answers that a form begins with, outside of its repeats."""
    scope = AnswerScope(today)
    scope.language = language or form.default_language
    return first_answers(compile_form(form), "", scope)


def first_answers(compiled_form: CompiledForm, parent: str, scope: AnswerScope) -> dict[str, Any]:
    """Returns the answers that the questions in a form, a group or a new entry begin with, in their order: a rule reads
    what stands above it. They are put into the scope."""
    found: dict[str, Any] = {}
    for item in compiled_form.children[parent]:
        if item.kind == "group":
            answer: Any = first_answers(compiled_form, item.path, scope)
        elif item.calculation is not None:
            scope.values[item.path], answer = stored(item.calculation(scope)), None
        else:
            answer = _placed(item, scope) if item.kind in ANSWERED else None
        if answer not in (None, {}):
            found[item.question.name] = answer
    return found


def _placed(item: CompiledQuestion, scope: AnswerScope) -> Any:
    answer = default_answer(item.question, scope.today)
    typed = None if answer is None else TYPES[item.kind](answer, item)
    if item.default_rule is not None:
        typed = answer_by_rule(item, stored(item.default_rule(scope)))
    if typed is None or typed.clean is None:
        return None
    scope.values[item.path] = typed.value
    return typed.clean


def answer_by_rule(item: CompiledQuestion, value: Any) -> TypedAnswer | None:
    """Returns the value of a rule, as `stored` makes it, as an answer to a question; None when it is none."""
    answer = _answer(item, value)
    typed = None if answer is None else TYPES[item.kind](answer, item)
    return typed if typed is not None and typed.problem is None else None


def _answer(item: CompiledQuestion, value: Any) -> Any:
    """Returns the value of a rule as it would be sent to a question; None for nothing."""
    written = text(value)
    if written == "":
        return None
    match item.kind:
        case "integer" | "decimal" | "range":
            number = _number(written)
            return int(number) if number is not None and number.is_integer() else number
        case "date" | "datetime" if isinstance(value, float):
            return _moment(value, days_only=item.kind == "date")
        case "date":
            return written[:10]
        case "datetime":
            return written[:16]
        case "time":
            return written.rpartition("T")[2][:5]
        case "select_multiple" | "rank":
            return written.split()
        case "acknowledge":
            return True if truth(value) else None
        case _:
            return written


def _number(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None


def _moment(days: float, *, days_only: bool) -> str | None:
    """Returns the day, or the day and time, that is so many days after the first of 1970."""
    try:
        moment = dt.datetime(1970, 1, 1) + dt.timedelta(days=days)  # where the person is
    except (OverflowError, ValueError):
        return None
    return moment.date().isoformat() if days_only else moment.isoformat("T", "minutes")
