"""Which appearances are supported, and on which kinds of questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final, NamedTuple

from spheres_core.facts import Message, msg
from spheres_core.forms.schemas import Form, Question

_CHOICES: Final = ("select_one", "select_multiple")
_GROUPS: Final = ("group", "repeat")

APPEARANCES: Final = {
    "phone": ("text",),
    "email": ("text",),
    "multiline": ("text",),
    "numbers": ("text",),
    "minimal": ("select_one",),
    "autocomplete": ("select_one",),
    "likert": ("select_one",),
    "columns": _CHOICES,
    "columns-pack": _CHOICES,
    "horizontal": _CHOICES,
    "horizontal-compact": _CHOICES,
    "compact": _CHOICES,
    "quickcompact": _CHOICES,
    "list": _CHOICES,
    "list-nolabel": _CHOICES,
    "label": ("note",),
    "month-year": ("date",),
    "year": ("date",),
    "no-calendar": ("date",),
    "picker": ("range",),
    "rating": ("range",),
    "field-list": _GROUPS,
    "table-list": _GROUPS,
}
"""The kinds of questions that each appearance is for."""

ANSWERS_CHANGED: Final = frozenset({"phone", "email", "month-year", "year"})
"""Appearances by which other answers are kept."""
WITHOUT_EFFECT: Final = frozenset(
    {
        *("quick", "search", "image-map", "map", "maps", "placement-map", "masked", "url", "counter", "thousands-sep"),
        *(
            "vertical",
            "no-ticks",
            "no-buttons",
            "distress",
            "bearing",
            "printer",
            "signature",
            "draw",
            "annotate",
            "new",
        ),
        *("new-front", "selfie", "hide-input", "ethiopian", "coptic", "islamic", "bikram-sambat", "myanmar", "persian"),
        *("picture", "dynamic", "hidden", "pages", "theme-grid", "barcode", "comment", "one-column"),
    }
)
"""Appearances of other programs that change nothing here."""

_LAYOUTS: Final = {
    "likert": "likert",
    "list": "likert",
    "list-nolabel": "likert",
    "rating": "likert",
    "columns": "columns",
    "horizontal": "columns",
    "columns-pack": "packed",
    "horizontal-compact": "packed",
    "compact": "packed",
    "quickcompact": "packed",
    "table-list": "table-list",
}
_COUNTED: Final = re.compile(r"(columns|compact|quickcompact)-([1-9][0-9]?)")
_WIDTHS: Final = re.compile(r"[wh][0-9]{1,2}")
MOST_COLUMNS: Final = 4


class AppearanceProblem(NamedTuple):
    """An appearance that changes nothing."""

    question: Question
    message: Message
    severity: str


def layout_of(word: str) -> str:
    """Returns how an appearance lets choices stand, as `Field.layout` has it; empty when it says nothing of that."""
    if counted := _COUNTED.fullmatch(word):
        return f"of-{min(int(counted[2]), MOST_COLUMNS)}"
    return _LAYOUTS.get(word, "")


def is_known(word: str) -> bool:
    """Returns whether an appearance is supported on some kind of question."""
    return (counted[1] if (counted := _COUNTED.fullmatch(word)) else word) in APPEARANCES


def appearance_problems(form: Form) -> Iterator[AppearanceProblem]:
    for question in form.walk():
        for word in question.looks:
            known = counted[1] if (counted := _COUNTED.fullmatch(word)) else word
            if known not in APPEARANCES:
                yield _unknown(question, word)
            elif question.kind not in APPEARANCES[known]:
                kinds = ", ".join(APPEARANCES[known])
                said = msg("“{word}” is for questions of type {kinds}.", word=word, kinds=kinds)
                yield AppearanceProblem(question, said, "error" if word in ANSWERS_CHANGED else "warning")


def _unknown(question: Question, word: str) -> AppearanceProblem:
    elsewhere = word in WITHOUT_EFFECT or _WIDTHS.fullmatch(word)
    close = [] if elsewhere else get_close_matches(word.lower().replace("_", "-"), APPEARANCES, 1, 0.8)
    if close:
        said = msg("There is no appearance “{word}”. Is it “{close}”?", word=word, close=close[0])
        return AppearanceProblem(question, said, "error" if close[0] in ANSWERS_CHANGED else "warning")
    said = msg("The appearance “{word}” changes nothing here. Known are: {known}.", word=word,
               known=", ".join(APPEARANCES))  # fmt: skip
    return AppearanceProblem(question, said, "warning")
