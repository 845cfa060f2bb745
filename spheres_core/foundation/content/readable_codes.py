"""Random codes that people read aloud and type: receipts of referrals, codes of participants."""

import secrets
from typing import Final

ALPHABET: Final = "ACDEFHJKNPRTWXY34678"
"""No two that look alike in capitals or small letters (0 O Q, 1 I L, 2 Z, 5 S, 6 b G, 8 B, 9 g q, u v, m rn): what is
read aloud or copied by hand stays itself. Codes given before with other letters are still found."""
LENGTH: Final = 12
"""20 to the 12th: 51 bits. Where a code opens something, it is looked up under a keyed hash."""


def new_readable_code() -> str:
    """Returns a new random code such as `KH4T-7R3X-8WPD`."""
    number, code = secrets.randbelow(len(ALPHABET) ** LENGTH), ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        code += ALPHABET[place]
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def normalize_readable_code(typed: str) -> str:
    """Returns a code as it is compared and hashed: without spaces and hyphens, in capitals."""
    return "".join(c for c in typed.upper() if c.isalnum())
