"""Answers that a form begins with: a value that the author wrote in `default`, or the day itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Any, Final

from spheres_core.facts import Message, msg
from spheres_core.forms.schemas import Form, Question

TODAY: Final = "today()"
ANSWERED: Final = frozenset(("text", "integer", "decimal", "date", "select_one", "select_multiple", "acknowledge"))
"""Kinds of questions that people answer."""
_CONFIRMED: Final = frozenset({"ok", "yes", "true", "true()", "1"})
_COMPUTED: Final = re.compile(r"\$\{|^[a-z-]+\(.*\)$", re.DOTALL)
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,15}([.][0-9]{1,15})?")


def default_answer(question: Question, today: str) -> Any:
    """Returns the answer that a question begins with, as it would be sent; None when it has none."""
    written = question.default
    if not written:
        return None
    match question.kind:
        case "integer":
            return int(written)
        case "decimal":
            return float(written)
        case "date":
            day = today if written == TODAY else written
            return f"{day[:7]}-01" if question.asks_month else day
        case "select_multiple":
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
    if _COMPUTED.search(written):
        return msg("A question begins with a value, or a date with today(): “{value}” is not computed.", value=written)
    return _wrong_value(question, written, codes)


def _wrong_value(question: Question, written: str, codes: Collection[str]) -> Message | None:
    right = {
        "integer": lambda: bool(_WHOLE.fullmatch(written)),
        "decimal": lambda: bool(_DECIMAL.fullmatch(written)),
        "date": lambda: _is_day(written),
        "select_one": lambda: written in codes,
        "select_multiple": lambda: all(each in codes for each in written.split()),
        "acknowledge": lambda: written.lower() in _CONFIRMED,
        "text": lambda: len(written) <= question.most,
    }[question.kind]()
    return (
        None
        if right
        else msg("A question of type {type} cannot begin with “{value}”.", type=question.kind, value=written)
    )


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
