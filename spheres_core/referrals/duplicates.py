"""Blind indexes of what identifies a young person: two referrals of her can be seen, never merged by machine."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from spheres_core.foundation.encryption import TenantKeys


def marks(keys: TenantKeys, meanings: Mapping[str, Any]) -> list[tuple[str, bytes]]:
    """Returns (kind, blind index) for her phone, her e-mail, her name with her birth date, where given."""
    found = [
        ("phone", normalize_phone(str(meanings.get("participant_phone") or ""))),
        ("email", normalize_email(str(meanings.get("participant_email") or ""))),
        ("name_and_birth_date", _name_and_birth_date(meanings)),
    ]
    return [(kind, keys.blind(f"referral {kind}", value)) for kind, value in found if value]


def normalize_phone(typed: str) -> str:
    """Returns digits only, without the country code of North America; empty when it cannot be a phone number."""
    digits = re.sub(r"\D", "", typed)
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    return digits if len(digits) >= 7 else ""


def normalize_email(typed: str) -> str:
    """Returns an address in lower case, without surrounding space; empty when it has no at sign."""
    email = typed.strip().casefold()
    return email if "@" in email else ""


def normalize_name(typed: str) -> str:
    """Returns letters only, without accents, in one order: `Tremblay, Marie` and `marie tremblay` are the same."""
    bare = "".join(c for c in unicodedata.normalize("NFD", typed.casefold()) if not unicodedata.combining(c))
    return " ".join(sorted(re.findall(r"[^\W\d_]+", bare)))


def _name_and_birth_date(meanings: Mapping[str, Any]) -> str:
    name, born = normalize_name(str(meanings.get("participant_name") or "")), meanings.get("birth_date")
    return f"{name} {born}" if name and born else ""
