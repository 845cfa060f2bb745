"""Blind indexes of what identifies a young person or who refers: two referrals of her can be seen, never merged by
machine, and one can be searched for by an exact name, number or address."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from spheres_core.foundation.content.compared_contacts import names_compared, normalize_email, normalize_phone
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
