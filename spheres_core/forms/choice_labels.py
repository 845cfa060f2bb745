"""Labels of choices, and words in the language that is wanted."""

from __future__ import annotations

from spheres_core.facts import Words
from spheres_core.forms.schemas import Choice


def pick(words: Words, language: str, default: str = "") -> str:
    """Returns the text in a language, by its tag or its first part; else in the default, else any."""
    for tag in (language, language.partition("-")[0], default):
        if tag and words.get(tag):
            return words[tag]
    return next((text for text in words.values() if text), "")


def label_of(options: tuple[Choice, ...], code: str, language: str, default: str) -> str:
    """Returns a choice's label, retired ones too; its code when it has none."""
    for choice in options:
        if choice.name == code:
            return pick(choice.labels, language, default) or code
    return code
