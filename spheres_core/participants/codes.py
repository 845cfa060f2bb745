"""Codes of participants: random, easy to read aloud, compared without regard to how they are typed."""

from __future__ import annotations

import secrets
from typing import Final

ALPHABET: Final = "ACDEFHJKNPRTWXY34678"
"""No two that look or sound alike when they are read aloud."""
LENGTH: Final = 12
"""20 to the 12th: 51 bits of chance."""


def new_code() -> str:
    """Returns a new code such as `KH4T-7R3X-8WPD`."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(drawn[start : start + 4] for start in range(0, LENGTH, 4))


def normalized(code: str) -> str:
    """Returns a code as it is compared: in capitals, without hyphens and spaces."""
    return "".join(each for each in code.upper() if each.isalnum())
