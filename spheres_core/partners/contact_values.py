"""Values of contacts: what is wrong with one, how it is shown, when two are the same, and where a link to it leads."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.telephone_numbers import format_telephone, read_telephone, telephone_link

NUMBERS: Final = ("phone", "text", "fax", "textphone", "pager", "video")
"""Kinds of contacts whose value is a telephone number."""
_SCHEMES: Final[Mapping[str, str]] = {"phone": "tel", "text": "sms", "textphone": "tel", "pager": "tel", "video": "tel"}
"""Nobody calls a fax by tapping on its number."""
_SHAPES: Final[Mapping[str, tuple[re.Pattern[str], Message]]] = {
    "email": (
        re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+"),
        msg("“{value}” is not an e-mail address, such as name@example.org."),
    ),
    "website": (re.compile(r"https://[^\s]+"), msg("“{value}” is not an address that begins with https://.")),
    "address": (re.compile(r"\S.*"), msg("“{value}” is not an address in one line.")),
}
_NOT_A_NUMBER: Final = msg(
    "“{value}” is not a telephone number that can be called. Examples: 450-555-0101; 450-555-0101, ext. 12; 811."
)


def contact_problem(kind: str, value: str) -> Message | None:
    """Returns why a value is not a contact of this kind, with an example; None when it is one."""
    if kind in NUMBERS:
        sentence, good = _NOT_A_NUMBER, read_telephone(value) is not None
    else:
        pattern, sentence = _SHAPES[kind]
        good = bool(pattern.fullmatch(value))
    return None if good else Message(sentence.msgid, {"value": value})


def contact_text(kind: str, value: str, language: str) -> str:
    """Returns a value as readers of a language see it: a number in their form, a website without its scheme."""
    if kind in NUMBERS:
        return format_telephone(value, language)
    if kind == "website" and urlsplit(value).scheme == "https":
        return value.removeprefix("https://").removeprefix("www.").rstrip("/")
    return value


def contact_link(kind: str, value: str) -> str:
    """Returns where a link to a contact leads: `tel:`, `sms:`, `mailto:`, a website; empty for a fax or a place."""
    if kind in NUMBERS:
        return telephone_link(value, _SCHEMES[kind]) if kind in _SCHEMES else ""
    if kind == "email":
        return f"mailto:{value}"
    return value if kind == "website" and value.startswith("https://") else ""


def contact_identity(kind: str, value: str) -> tuple[str, str]:
    """Returns what two contacts have in common when they are one, however their numbers are written."""
    number = read_telephone(value) if kind in NUMBERS else None
    return kind, f"{number.e164};{number.extension}" if number else value.strip()
