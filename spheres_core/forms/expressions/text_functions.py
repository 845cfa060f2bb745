"""Functions of texts in rules, each the same in `static/text_functions.js`. Characters are code points."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import re
from typing import Final

from spheres_core.forms.expressions.values import SPACE

DIGESTS: Final = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
"""Algorithms by the name that authors write."""
ENCODINGS: Final = ("base64", "hex")


def normalized(text: str) -> str:
    """Returns a text without white space around it, and with single spaces inside."""
    return re.sub(f"[{SPACE}]+", " ", text).strip(" ")


def part(text: str, start: float, end: float | None) -> str:
    """Returns the characters from one place to before another, counted from 0; negative ones count from the end."""
    length = len(text)
    begin = _place(start, length)
    stop = length if end is None else _place(end, length)
    return text[begin:stop] if begin < stop else ""


def _place(wanted: float, length: int) -> int:
    if math.isnan(wanted):
        return 0
    if math.isinf(wanted):
        return length if wanted > 0 else 0
    place = math.trunc(wanted)
    return min(place, length) if place >= 0 else max(length + place, 0)


def substring(text: str, start: float, length: float) -> str:
    """Returns so many characters from a place that is counted from 1, by XPath's rules for rounding."""
    begin = _half_up(start)
    end = begin + _half_up(length)
    if math.isnan(begin) or math.isnan(end):
        return ""
    first = max(begin, 1.0)
    last = min(end, len(text) + 1.0)
    return text[int(first) - 1 : int(last) - 1] if first < last else ""


def _half_up(value: float) -> float:
    return float(math.floor(value + 0.5)) if math.isfinite(value) else value


def before(text: str, mark: str) -> str:
    """Returns what stands before a mark; nothing when it is not there."""
    return text.partition(mark)[0] if mark and mark in text else ""


def after(text: str, mark: str) -> str:
    """Returns what stands after a mark; nothing when it is not there."""
    if not mark:
        return text
    return text.partition(mark)[2]


def translated(text: str, letters: str, others: str) -> str:
    """Returns a text with letters replaced by those at the same place of the others, and left out where there is
    none."""
    table: dict[str, str] = {}
    for index, letter in enumerate(letters):
        table.setdefault(letter, others[index : index + 1])
    return "".join(table.get(letter, letter) for letter in text)


def at(text: str, index: float) -> str:
    """Returns one of the codes of a multiple, counted from 0."""
    codes = text.split(" ")
    if not math.isfinite(index) or not 0 <= math.trunc(index) < len(codes):
        return ""
    return codes[math.trunc(index)]


def digest(text: str, algorithm: str, encoding: str) -> str:
    """Returns the digest of a text."""
    found = hashlib.new(DIGESTS[algorithm], text.encode(), usedforsecurity=False).digest()
    return found.hex() if encoding == "hex" else base64.b64encode(found).decode()


def decoded(text: str) -> str:
    """Returns the text that was written in base64; nothing when it was not, or holds what no answer may."""
    try:
        found = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return "" if "\0" in found else found
