"""Telephone numbers, e-mail addresses and names in the one form in which they are compared."""

import re

from spheres_core.foundation.content.telephone_numbers import compared_telephone
from spheres_core.foundation.content.text_comparison import fold_letters


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
