"""What is read with her is easy to read, in both languages: each text of ten words or more, and all together."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import polib
import pytest

from spheres_core.consents.views import plain_words, who_sees_what
from spheres_core.facts import Message
from tests.spheres_core.consents.reading_ease import EASE_OF_SIXTH_GRADE, english_grade, french_ease, words_of

ROOT: Final = Path(__file__).parents[3]
PAGES: Final = ROOT / "spheres_core/participants/templates/participants"
GRADE: Final = 6
HARD: Final = (
    "The processing of confidential information necessitates documented authorization by the parental authority.",
    "Le traitement des renseignements confidentiels nécessite une autorisation documentée du titulaire de l’autorité.",
)
FRENCH: Final = {
    each.msgid: each.msgstr for each in polib.pofile(str(ROOT / "locales/fr_CA/LC_MESSAGES/spheres.po")) if each.msgstr
}


def said_to_her() -> list[str]:
    """Sentences of the pages that are read with her, up to where they speak to workers."""
    found: list[str] = []
    for name in ("consents", "limits", "receipt", "consent_ended"):
        page = (PAGES / f"{name}.html").read_text(encoding="utf-8")
        found += re.findall(
            r'_\("((?:[^"\\]|\\.)+)"', re.split(r"For workers|Write down that|When it was expl", page)[0]
        )
    source = Path(who_sees_what.__file__).read_text(encoding="utf-8")
    found += re.findall(r'say\(\s*(?:msg\()?"([^"]+)"', source)
    for value in vars(plain_words).values():
        given: Any = value.values() if isinstance(value, dict) else [value]
        found += [each.msgid for each in given if isinstance(each, Message)]
    return [re.sub(r"\{\w+\}", "x", each) for each in dict.fromkeys(found)]


@pytest.mark.parametrize(
    ("language", "is_easy"),
    [("en", lambda text: english_grade(text) <= GRADE), ("fr", lambda text: french_ease(text) >= EASE_OF_SIXTH_GRADE)],
)
def test_what_is_read_with_her_is_read_easily_at_eleven(language: str, is_easy: Callable[[str], bool]) -> None:
    french = {re.sub(r"\{\w+\}", "x", key): re.sub(r"\{\w+\}", "x", value) for key, value in FRENCH.items()}
    texts = [each if language == "en" else french[each] for each in said_to_her()]

    assert len(texts) > 60
    assert is_easy(" ".join(f"{each}." for each in texts))
    assert [each for each in texts if len(words_of(each)) >= 10 and not is_easy(each)] == []
    assert not is_easy(HARD[language == "fr"])
