"""Which appearances are supported, and on which kinds of questions."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final, NamedTuple

from spheres_core.facts import Message, msg
from spheres_core.forms.schemas import Form, Question

APPEARANCES: Final = {
    "phone": ("text",),
    "email": ("text",),
    "multiline": ("text",),
    "minimal": ("select_one",),
    "month-year": ("date",),
}
"""The kinds of questions that each appearance is for."""

LOOKS: Final = frozenset({"multiline", "minimal"})
"""Appearances that change no answer."""


class AppearanceProblem(NamedTuple):
    """An appearance that changes nothing."""

    question: Question
    message: Message
    severity: str


def appearance_problems(form: Form) -> Iterator[AppearanceProblem]:
    for question in form.walk():
        for word in question.appearance.split():
            if word not in APPEARANCES:
                yield _unknown(question, word)
            elif question.kind not in APPEARANCES[word]:
                kinds = ", ".join(APPEARANCES[word])
                said = msg("“{word}” is for questions of type {kinds}.", word=word, kinds=kinds)
                yield AppearanceProblem(question, said, "warning" if word in LOOKS else "error")


def _unknown(question: Question, word: str) -> AppearanceProblem:
    close = get_close_matches(word.lower().replace("_", "-"), APPEARANCES, 1, 0.8)
    if close:
        said = msg("There is no appearance “{word}”. Is it “{close}”?", word=word, close=close[0])
        return AppearanceProblem(question, said, "error")
    said = msg("The appearance “{word}” changes nothing here. Known are: {known}.", word=word,
               known=", ".join(APPEARANCES))  # fmt: skip
    return AppearanceProblem(question, said, "warning")
