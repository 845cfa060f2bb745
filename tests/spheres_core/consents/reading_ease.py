"""Measures how easily a text is read: the school grade of Flesch and Kincaid for English, the ease of Kandel and Moles
for French, from words, sentences and syllables (counted as groups of vowels).
"""

from __future__ import annotations

import re
from typing import Final

VOWELS: Final = "aeiouyàâäéèêëîïôöùûüœæ"
EASE_OF_SIXTH_GRADE: Final = 70
"""Of Kandel and Moles: 70 and more is easy, for readers of eleven."""


def words_of(text: str) -> list[str]:
    """Returns the words of a text."""
    return re.findall(r"[^\W\d_]+", text.casefold())


def syllables(word: str) -> int:
    """Returns how many syllables a word has, at least one; an e at its end is silent."""
    heard = re.sub(r"(?<=[^aeiouy])e?s?$|(?<=[^aeiouy])ent$", "", word) or word
    return max(1, len(re.findall(f"[{VOWELS}]+", heard)))


def rates(text: str) -> tuple[float, float]:
    """Returns words to a sentence, and syllables to a word."""
    words = words_of(text)
    sentences = [each for each in re.split(r"[.!?:;]+", text) if words_of(each)]
    return len(words) / len(sentences), sum(map(syllables, words)) / len(words)


def english_grade(text: str) -> float:
    """Returns the school grade by which an English text is understood."""
    length, weight = rates(text)
    return 0.39 * length + 11.8 * weight - 15.59


def french_ease(text: str) -> float:
    """Returns the ease of a French text: 100 very easy, 0 very hard."""
    length, weight = rates(text)
    return 207 - 1.015 * length - 73.6 * weight
