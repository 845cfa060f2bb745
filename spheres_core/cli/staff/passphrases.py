"""Makes passwords to hand over, of syllables, so that they can be read aloud and typed from paper."""

from __future__ import annotations

import secrets
from typing import Final

CONSONANTS: Final = "bdfgjklmnprstvz"
VOWELS: Final = "aeiou"
WORDS: Final = 5
"""Words of two syllables: (15 x 5) to the power of 10 is 62 bits."""


def make_passphrase() -> str:
    """Returns a new one, such as `bolu-remi-sako-dipe-tufa`."""
    return "-".join(_syllable() + _syllable() for _ in range(WORDS))


def _syllable() -> str:
    return secrets.choice(CONSONANTS) + secrets.choice(VOWELS)
