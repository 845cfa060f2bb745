"""Values as rules see them: truth, number, text and order, each the same in `static/expressions.js`."""

from __future__ import annotations

import math
import re
from typing import Any, Final

Value = Any
"""None (blank), bool, float, str, or a list of these (a multiple, or one value for each repetition)."""

LONGEST_TEXT: Final = 10_000
"""Characters that a rule may join; a longer text is blank."""

_DECIMAL: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def truth(value: Value) -> bool:
    """Returns whether a value is true; blank, zero, empty text and empty lists are not."""
    if isinstance(value, float):
        return value != 0.0
    return bool(value)


def number(value: Value) -> float | None:
    """Returns the value as a finite double, or blank when it is not written as one."""
    if value is None:
        return None
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float):
        return value
    written = text(value)
    return finite(float(written)) if _DECIMAL.fullmatch(written) else None


def finite(value: float) -> float | None:
    """Returns the number, or None (blank) for what no form can hold:
    infinities and the result of dividing by nothing."""
    return value if math.isfinite(value) else None


def text(value: Value) -> str:
    """Returns the value as it is joined into a sentence; blank is nothing, a multiple its codes with spaces between."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    return " ".join(text(item) for item in value)


def number_text(value: float) -> str:
    """Returns a double as JavaScript writes it, so that both sides join the same texts."""
    if value == 0:
        return "0"
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    sign = "-" if value < 0 else ""
    return sign + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """Places the decimal point: significant digits with the decimal point after `point` of them, by ECMAScript's
    Number::toString."""
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    power = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return (digits if count == 1 else f"{digits[0]}.{digits[1:]}") + power


def equal(left: Value, right: Value) -> bool | None:
    """Returns whether two values are the same, or None when one is blank (then neither `=` nor `!=` holds)."""
    if left is None or right is None:
        return None
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, float) or isinstance(right, float):
        first, second = number(left), number(right)
        return first is not None and first == second
    return text(left) == text(right)


def order(left: Value, right: Value) -> int | None:
    """Returns -1, 0 or 1, or None when the two have no order: one is blank, or a number stands against words."""
    if left is None or right is None:
        return None
    first, second = number(left), number(right)
    if first is not None and second is not None:
        return (first > second) - (first < second)
    if isinstance(left, (bool, float)) or isinstance(right, (bool, float)):
        return None
    said, other = text(left), text(right)
    return (said > other) - (said < other)


def selected(value: Value, code: Value) -> bool:
    """Returns whether a code is among the chosen ones."""
    if value is None or code is None:
        return False
    return text(code) in chosen(value)


def chosen(value: Value) -> list[str]:
    """Returns the codes of a multiple, or of text that holds codes with spaces between."""
    if value is None:
        return []
    if isinstance(value, list):
        return [text(item) for item in value]
    return [code for code in text(value).split(" ") if code]
