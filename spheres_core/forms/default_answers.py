"""Answers that a form begins with: a value that the author wrote in `default`, or the day itself."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final, NamedTuple

from spheres_core.facts import Message, msg
from spheres_core.forms.answer_types import TYPES
from spheres_core.forms.schemas import Form, Question
from spheres_core.forms.written_times import day_in

TODAY: Final = "today()"
ANSWERED: Final = frozenset(TYPES)
"""Kinds of questions that people answer."""
_CONFIRMED: Final = frozenset({"ok", "yes", "true", "true()", "1"})
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,15}([.][0-9]{1,15})?")


def default_answer(question: Question, today: str) -> Any:
    """Returns the answer that a question begins with, as it would be sent; None when it has none."""
    written = question.default
    if not written or question.default_rule is not None:
        return None
    match question.kind:
        case "integer":
            return int(written)
        case "decimal" | "range":
            number = float(written)
            return int(number) if question.kind == "range" and number.is_integer() else number
        case "date":
            day = today if written == TODAY else day_in(written) or written
            return f"{day[:4]}-01-01" if question.asks_year else f"{day[:7]}-01" if question.asks_month else day
        case "select_multiple" | "rank":
            return written.split()
        case "acknowledge":
            return True
        case _:
            return written


def default_answers(form: Form, today: str) -> dict[str, Any]:
    """Returns the answers that a form begins with, outside of its repeats."""
    return answers_to(form.questions, today)


def answers_to(questions: tuple[Question, ...], today: str) -> dict[str, Any]:
    """Returns the answers that these questions, and those in their groups, begin with."""
    found: dict[str, Any] = {}
    for question in questions:
        if question.kind == "group":
            answer: Any = answers_to(question.children, today)
        else:
            answer = default_answer(question, today) if question.kind in ANSWERED else None
        if answer not in (None, {}):
            found[question.name] = answer
    return found


def default_problem(question: Question, codes: Collection[str]) -> Message | None:
    """Returns why a question cannot begin with what its author wrote; `codes` are those of its choices."""
    written = question.default
    if not written:
        return None
    if question.kind not in ANSWERED:
        return msg("Nothing can be answered here, so it cannot begin with an answer.")
    if written == TODAY and question.kind == "date":
        return None
    return _wrong_value(question, written, codes)


def _wrong_value(question: Question, written: str, codes: Collection[str]) -> Message | None:
    if _readable(question, written):
        typed = TYPES[question.kind](default_answer(question, ""), _Asked(question, frozenset(codes)))
        chosen = typed.clean if isinstance(typed.clean, list) else []
        if typed.problem is None and all(each in codes for each in chosen):
            return None
    return msg("A question of type {type} cannot begin with “{value}”.", type=question.kind, value=written)


def _readable(question: Question, written: str) -> bool:
    match question.kind:
        case "integer":
            return bool(_WHOLE.fullmatch(written))
        case "decimal" | "range":
            return bool(_DECIMAL.fullmatch(written))
        case "acknowledge":
            return written.lower() in _CONFIRMED
        case _:
            return True


class _Asked(NamedTuple):
    question: Question
    offered: frozenset[str]
