"""Compares texts as people type them: capitals, accents, ligatures and kinds of apostrophe do not matter."""

import unicodedata
from typing import Final

_APOSTROPHES: Final = "’ʼ‘‛′ʹʻ`´＇"
"""Marks that people type for the apostrophe of `L'Heureux`, some of which Unicode takes for letters."""
_OPENED: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
    | dict.fromkeys(_APOSTROPHES, "'")
)
"""Letters and marks that Unicode does not decompose."""


def without_accents(text: str) -> str:
    """Returns a text without accents, its capitals and ligatures as they are: for names that machines read."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))


def fold_letters(text: str) -> str:
    """Returns a text in small letters, without accents, its ligatures opened: `Lætitia` and `LAETITIA` are the same."""
    straight = unicodedata.normalize("NFKD", text.translate(_OPENED)).casefold()
    return without_accents(straight).translate(_OPENED)
