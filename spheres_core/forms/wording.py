"""Puts answers into the form's words where `${name}` stands in a label, a hint or a message."""

from __future__ import annotations

import re
from typing import Any, Final

from spheres_core.facts import Words
from spheres_core.forms.choice_labels import label_of
from spheres_core.forms.compiled_form import AnswerScope, CompiledForm
from spheres_core.forms.expressions import RuleScope
from spheres_core.forms.expressions.values import text

ANSWER_REFERENCE: Final = re.compile(r"\$\{([A-Za-z0-9_.-]+)\}")
NO_ANSWER_YET: Final = "…"
"""Stands where an answer is not there yet."""


def with_values(words: Words, compiled_form: CompiledForm, scope: AnswerScope, language: str = "") -> Words:
    """Returns the words with each reference replaced by its answer, choices by their labels in the language spoken."""
    if not any("${" in said for said in words.values()):
        return words

    def spoken(tag: str) -> Any:
        return lambda match: answer_text(compiled_form, scope, match[1], tag) or NO_ANSWER_YET

    return {tag: ANSWER_REFERENCE.sub(spoken(tag), said) for tag, said in words.items()}


def answer_text(compiled_form: CompiledForm, scope: AnswerScope, path: str, language: str) -> str:
    """Returns an answer in words."""
    frame: RuleScope | None = scope
    while frame is not None:
        if path in frame.values:
            return value_text(compiled_form, path, frame.values[path], language)
        frame = frame.parent
    return ""


def value_text(compiled_form: CompiledForm, path: str, value: Any, language: str) -> str:
    """Returns a value as a person reads it: the labels of what was chosen, else the text of it."""
    item = compiled_form.questions.get(path)
    if item is None or not item.options:
        return text(value)
    codes = [text(value)] if item.kind == "select_one" else text(value).split()
    return ", ".join(label_of(item.options, code, language, compiled_form.form.default_language) for code in codes)
