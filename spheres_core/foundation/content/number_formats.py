"""A number as a spreadsheet program shows it by the format of its cell."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

GENERAL: Final = frozenset({"general", "standard", "@", ""})
_TOKEN: Final = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]|([0#.,]+)|(%)|([-+ ()$€£:.\u00a0\u202f])|(.)', re.DOTALL)
_CONDITION: Final = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[0-9.]+)\]")
_HOLDS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}


def number_text(value: float) -> str:
    """Returns a number without a format: 15 digits at most, as spreadsheet programs show them."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    short = f"{value:.15g}"
    return repr(value) if "e" in short else short


def shown_number(value: float, format: str) -> str | None:
    """Returns a number by the format of its cell, such as `000-000-0000`; None when the format is not understood."""
    if format.casefold() in GENERAL:
        return number_text(value)
    sections = _sections(format)
    if conditional := _CONDITION.match(sections[0]):
        holds = _HOLDS[conditional[1]](value, float(conditional[2]))
        section = sections[0] if holds or len(sections) < 2 else sections[1]
    else:
        section = sections[1] if value < 0 and len(sections) > 1 else sections[0]
        section = sections[2] if value == 0 and len(sections) > 2 else section
    sign = "-" if value < 0 and (len(sections) < 2 or conditional) else ""
    pieces = _pieces(section)
    return None if pieces is None else sign + _filled(pieces, abs(value))


def _sections(format: str) -> list[str]:
    return re.findall(r'(?:"[^"]*"|\\.|[^;"\\])+', format) or [""]


def _pieces(section: str) -> list[tuple[str, bool]] | None:
    """Returns the parts of a format, each with whether it stands for digits; None for what is not a plain number."""
    pieces: list[tuple[str, bool]] = []
    for quoted, escaped, digits, percent, mark, other in _TOKEN.findall(section):
        if other:
            return None
        text = digits or quoted or escaped or percent or mark
        pieces.append((text, bool(digits)))
    return pieces


def _filled(pieces: list[tuple[str, bool]], value: float) -> str:
    slots = "".join(text for text, is_digits in pieces if is_digits)
    if not slots:
        return "".join(text for text, _ in pieces)
    percent = 100 if ("%", False) in pieces else 1
    whole, _, fraction = slots.partition(".")
    thousands = "," in whole
    whole = whole.replace(",", "")
    exact = Decimal(repr(value)) * percent
    rounded = exact.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    digits, _, decimals = f"{rounded:f}".partition(".")
    digits = ("" if digits == "0" else digits).rjust(whole.count("0"), "0")
    kept = fraction.count("0")
    while len(decimals) > kept and decimals.endswith("0"):
        decimals = decimals[:-1]
    if thousands or sum(1 for _, is_digits in pieces if is_digits) == 1:
        grouped = f"{int(digits or 0):,}" if thousands else digits
        shown = grouped + (f".{decimals}" if decimals else "")
        return "".join(shown if is_digits else text for text, is_digits in pieces)
    return _interleaved(pieces, digits, decimals)


def _interleaved(pieces: list[tuple[str, bool]], digits: str, decimals: str) -> str:
    """Returns digits put into a format with marks between them, from the right: `(000) 000-0000`."""
    said: list[str] = []
    left = digits + decimals
    for place, (text, is_digits) in enumerate(reversed(pieces)):
        if not is_digits:
            said.append(text)
            continue
        wanted = len(re.sub("[.,]", "", text))
        is_first = not any(other for _, other in pieces[: len(pieces) - place - 1])
        taken = left if is_first else left[len(left) - wanted :] if wanted else ""
        said.append(taken)
        left = left[: len(left) - len(taken)]
    return "".join(reversed(said))
