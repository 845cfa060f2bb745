"""Blind indexes of what identifies a young person: two referrals of her can be seen, never merged by machine."""

import re
from collections.abc import Mapping
from typing import Any

from spheres_core.foundation.content.telephone_numbers import compared_telephone
from spheres_core.foundation.content.text_comparison import fold_letters
from spheres_core.foundation.encryption import TenantKeys


def marks(keys: TenantKeys, meanings: Mapping[str, Any]) -> list[tuple[str, bytes]]:
    """Returns (kind, blind index) for her phone, her e-mail, her name with her birth date, where given. A name with an
    apostrophe has two: `L'Heureux` is found by `L Heureux` and by `LHeureux`."""
    found = [
        ("phone", normalize_phone(str(meanings.get("participant_phone") or ""))),
        ("email", normalize_email(str(meanings.get("participant_email") or ""))),
        *(("name_and_birth_date", each) for each in _names_and_birth_date(meanings)),
    ]
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


def _names_and_birth_date(meanings: Mapping[str, Any]) -> list[str]:
    typed, born = str(meanings.get("participant_name") or ""), meanings.get("birth_date")
    if not (typed and born):
        return []
    names = dict.fromkeys((normalize_name(typed), normalize_name(fold_letters(typed).replace("'", ""))))
    return [f"{name} {born}" for name in names if name]
