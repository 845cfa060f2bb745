"""Blind indexes of what identifies a young person or who refers: two referrals of her can be seen, never merged by
machine, and one can be searched for by an exact name, number or address."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from spheres_core.foundation.content.telephone_numbers import compared_telephone
from spheres_core.foundation.content.text_comparison import fold_letters
from spheres_core.foundation.encryption import TenantKeys

ALIKE: Final = ("phone", "email", "name_and_birth_date")
"""Kinds by which two referrals could be about the same person."""
_OF_NUMBERS: Final = {"phone": "participant_phone", "referrer_phone": "referrer_phone"}
_OF_ADDRESSES: Final = {"email": "participant_email", "referrer_email": "referrer_email"}
_OF_NAMES: Final = {"name": "participant_name", "referrer_name": "referrer_name"}
"""The meaning of what each kind is the blind index of."""


def marks(keys: TenantKeys, meanings: Mapping[str, Any]) -> list[tuple[str, bytes]]:
    """Returns (kind, blind index) for the telephone, e-mail and name of her and of who refers, and for her name with
    her birth date, where given. A name with an apostrophe has two: `L'Heureux` is found by `L Heureux` and by
    `LHeureux`."""

    def told(meaning: str) -> str:
        return str(meanings.get(meaning) or "")

    found = [
        *((kind, normalize_phone(told(meaning))) for kind, meaning in _OF_NUMBERS.items()),
        *((kind, normalize_email(told(meaning))) for kind, meaning in _OF_ADDRESSES.items()),
        *((kind, name) for kind, meaning in _OF_NAMES.items() for name in names_compared(told(meaning))),
    ]
    if born := meanings.get("birth_date"):
        found += [("name_and_birth_date", f"{name} {born}") for name in names_compared(told("participant_name"))]
    return _blind(keys, found)


def searched_marks(keys: TenantKeys, typed: str) -> list[tuple[str, bytes]]:
    """Returns the marks of all that somebody may mean who types this into a search. What has a digit is no name: the
    letters of a reference are not those of somebody who is called by an initial."""
    names = [] if any(mark.isdigit() for mark in typed) else names_compared(typed)
    return _blind(
        keys,
        [
            *((kind, normalize_phone(typed)) for kind in _OF_NUMBERS),
            *((kind, normalize_email(typed)) for kind in _OF_ADDRESSES),
            *((kind, name) for kind in _OF_NAMES for name in names),
        ],
    )


def _blind(keys: TenantKeys, found: Iterable[tuple[str, str]]) -> list[tuple[str, bytes]]:
    return [(kind, keys.blind(f"referral {kind}", value)) for kind, value in found if value]


def normalize_phone(typed: str) -> str:
    """Returns the number in E.164 without `+` and without the country code of North America, as the indexes have had
    it from the beginning; without its extension. Digits only where it is no number, empty when they are too few."""
    digits = re.sub(r"\D", "", typed)
    if number := compared_telephone(typed) or compared_telephone(digits):
        return number.removeprefix("+1").removeprefix("+") if number.startswith("+") else ""
    if len(digits) == 11 and digits.startswith("1"):
        return normalize_phone(digits[1:])
    return digits if len(digits) >= 7 else ""


def normalize_email(typed: str) -> str:
    """Returns an address in lower case, without surrounding space; empty when it has no at sign."""
    email = typed.strip().casefold()
    return email if "@" in email else ""


def normalize_name(typed: str) -> str:
    """Returns letters only, without accents or ligatures, in one order: `Tremblay, Lætitia` and `laetitia tremblay` are
    the same."""
    return " ".join(sorted(re.findall(r"[^\W\d_]+", fold_letters(typed))))


def names_compared(typed: str) -> list[str]:
    """Returns a name as it is compared, with its apostrophes as spaces and left out; none when it is empty."""
    if not typed:
        return []
    names = dict.fromkeys((normalize_name(typed), normalize_name(fold_letters(typed).replace("'", ""))))
    return [name for name in names if name]
