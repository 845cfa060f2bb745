"""Which questions of a form ask for her own words, so that they are kept apart from what a worker answers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from spheres_core.forms.expressions import references_of
from spheres_core.forms.meanings import HER_WORDS
from spheres_core.forms.references import QuestionNames, rules_of
from spheres_core.forms.schemas import NEVER_ASKED, Form, Question


@lru_cache(maxsize=512)
def her_words_in(form: Form) -> frozenset[str]:
    """Returns the paths of the questions that ask for her words, and of all that follow from one of them.

    A question whose rule reads her words says something of them, so it is kept as they are; so is all in its group.
    """
    names = QuestionNames(form)
    found = {question.path for question in form.walk() if question.meaning == HER_WORDS}
    while more := {path for path in names.by_path if path not in found and _follows(names, path, found)}:
        found |= more
    return frozenset(found)


@lru_cache(maxsize=512)
def without_her_words(form: Form) -> Form:
    """Returns the same version with these questions never asked: for who may not write her words."""
    hers = her_words_in(form)

    def closed(questions: tuple[Question, ...]) -> tuple[Question, ...]:
        return tuple(
            msgspec.structs.replace(each, relevant=NEVER_ASKED if each.path in hers else each.relevant,
                                    children=closed(each.children))
            for each in questions
        )  # fmt: skip

    return msgspec.structs.replace(form, questions=closed(form.questions)) if hers else form


def apart(form: Form, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns checked answers in two: those of the worker, and those in her words."""
    return _apart(form.questions, values, her_words_in(form))


def together(ours: Mapping[str, Any], hers: Mapping[str, Any]) -> dict[str, Any]:
    """Returns both as one set of answers again."""
    found = dict(ours)
    for name, value in hers.items():
        beside = found.get(name)
        found[name] = together(beside, value) if isinstance(beside, dict) and isinstance(value, dict) else value
    return found


def _follows(names: QuestionNames, path: str, found: set[str]) -> bool:
    above = path.rpartition(".")[0]
    if above in found:
        return True
    read = {name for _, tree in rules_of(names.by_path[path]) for name in references_of(tree)}
    return any(names.find(name, path) in found for name in read)


def _apart(
    questions: tuple[Question, ...], values: Mapping[str, Any], hers: frozenset[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    ours_found: dict[str, Any] = {}
    hers_found: dict[str, Any] = {}
    for each in questions:
        if each.name not in values:
            continue
        if each.path in hers:
            hers_found[each.name] = values[each.name]
        elif each.kind == "group" and isinstance(values[each.name], dict):
            inside = _apart(each.children, values[each.name], hers)
            for found, part in zip((ours_found, hers_found), inside, strict=True):
                if part:
                    found[each.name] = part
        else:
            ours_found[each.name] = values[each.name]
    return ours_found, hers_found
