"""Values of contacts: whether one fits its kind, and where a link to it leads."""

import re

_VALUES = {
    "phone": re.compile(r"\+?\d[\d \-().]{1,20}(?:\s*(?:ext\.?|poste)\s*\d+)?"),
    "text": re.compile(r"\+?\d[\d \-().]{1,20}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+"),
    "website": re.compile(r"https://[^\s]+"),
    "address": re.compile(r"\S.*"),
}


def is_contact_value(kind: str, value: str) -> bool:
    """Returns whether a value looks like a contact of this kind."""
    return bool(_VALUES[kind].fullmatch(value))


def contact_link(kind: str, value: str) -> str:
    """Returns where a link to a contact leads: `tel:`, `sms:`, `mailto:`, a website; empty for a place."""
    scheme = {"phone": "tel:", "text": "sms:", "email": "mailto:"}.get(kind)
    if kind in ("phone", "text"):
        number, _, extension = value.replace("poste", "ext").partition("ext")
        digits = "".join(c for c in number if c.isdigit() or c == "+")
        tail = "".join(c for c in extension if c.isdigit())
        return f"{scheme}{digits}" + (f";ext={tail}" if tail else "")
    return f"{scheme}{value}" if scheme else value if kind == "website" else ""
