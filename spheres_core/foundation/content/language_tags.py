"""Finds the tag of a language, however the author of a spreadsheet wrote it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.core import get_global

SPOKEN: Final = {"français": "fr", "francais": "fr", "québécois": "fr", "anglais": "en", "default": ""}
_CODED: Final = re.compile(r"\(\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\s*\)\s*$")
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def language_tag(name: str) -> str:
    """Returns the tag of a language as authors write it: `Français (fr)`, `fr-CA`, `English`; empty if it has none."""
    coded = _CODED.search(name)
    if coded:
        return _canonical(coded[1])
    spoken = name.strip().lower()
    if spoken in SPOKEN:
        return SPOKEN[spoken]
    if spoken in _language_names():
        return _language_names()[spoken]
    if _TAG.fullmatch(name.strip()):
        return _canonical(name.strip())
    return ""


def coded_language(code: str) -> str:
    """Returns the tag of a language by a code that another system writes: `fra` and `fre` (ISO 639-2 and 639-3) are
    `fr`, `fra-CA` is `fr-CA`; empty when it is no code."""
    if not _TAG.fullmatch(code.strip()):
        return ""
    first, mark, rest = _canonical(code.strip()).partition("-")
    known = get_global("language_aliases")
    return f"{known.get(first, first) if len(first) == 3 else first}{mark}{rest}"


def _canonical(tag: str) -> str:
    first, *rest = tag.replace("_", "-").split("-")
    cased = [part.title() if len(part) == 4 else part.upper() if len(part) == 2 else part for part in rest]
    return "-".join([first.lower(), *cased])


@lru_cache(maxsize=1)
def _language_names() -> dict[str, str]:
    """Returns tags by the English names of languages, as authors of older forms wrote them."""
    names = Locale("en").languages
    return {str(name).lower(): str(tag).replace("_", "-") for tag, name in names.items()}
