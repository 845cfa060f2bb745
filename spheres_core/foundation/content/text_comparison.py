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


def fold_letters(text: str) -> str:
    """Returns a text in small letters, without accents, its ligatures opened: `Lætitia` and `LAETITIA` are the same."""
    straight = unicodedata.normalize("NFKD", text.translate(_OPENED)).casefold()
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", straight) if not unicodedata.combining(mark))
    return bare.translate(_OPENED)
