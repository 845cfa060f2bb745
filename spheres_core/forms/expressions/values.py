"""Values as rules see them: truth, number, text and comparison by XPath 1.0 and ODK, each the same in
`static/values.js`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from spheres_core.forms.expressions.dates import DAY, SHORTEST_TIME, Moment, moment_of_days, moment_text, time_of

Value = Any
"""bool, float, str (empty: blank), Moment, or a list of these: the answers to one question in every entry of a
repeat."""

LONGEST_TEXT: Final = 10_000
"""Characters that a rule may join; a longer text is blank."""
NEAREST: Final = 1e-12
"""Numbers that are nearer to each other than this are the same, so that 6.1 - 7.8 is -1.7."""
SPACE: Final = " \t\r\n"
"""White space of XPath."""

_DECIMAL: Final = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_DAYS: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def first(value: Value) -> Value:
    """Returns the value, of several the first; blank when there is none."""
    if isinstance(value, list):
        return value[0] if value else ""
    return "" if value is None else value


def each(*values: Value) -> Iterator[Value]:
    """Yields values one by one, those of every entry of a repeat included."""
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def truth(value: Value) -> bool:
    """Returns whether a value is true: a text that is not empty, a number that is not zero, a date that is one."""
    if value is True or value is False:
        return value
    value = first(value)
    if isinstance(value, Moment):
        return not math.isnan(value.time)
    if isinstance(value, float):
        return value != 0.0 and not math.isnan(value)
    return bool(value)


def number(value: Value, offset: int) -> float:
    """Returns the value as a double; dates are days since 1970, and what is no number is not one (NaN)."""
    if type(value) is float:
        return value
    value = first(value)
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, Moment):
        return value.time / DAY
    written = value.strip(SPACE)
    time = time_of(written, offset)
    if time is not None:
        return time / DAY
    written = written.replace(",", ".")
    return float(written) if _DECIMAL.fullmatch(written) else math.nan


def text(value: Value) -> str:
    """Returns the value as it is joined into a sentence; blank is nothing."""
    value = first(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    return moment_text(value)


def number_text(value: float) -> str:
    """Returns a double as XPath writes it: the fewest digits that tell it from others, and no exponent."""
    if math.isnan(value):
        return "NaN"
    sign = "-" if value < 0 else ""
    if math.isinf(value):
        return f"{sign}Infinity"
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits, point = whole + fraction, len(whole) + int(exponent or 0)
    if point <= 0:
        digits, point = "0" * (1 - point) + digits, 1
    digits = digits.ljust(point, "0")
    after = digits[point:].rstrip("0")
    written = (digits[:point].lstrip("0") or "0") + (f".{after}" if after else "")
    return written if written == "0" else sign + written


def moment(value: Value, offset: int) -> Moment:
    """Returns the value as a date: a number is days since 1970, a truth value is none."""
    value = first(value)
    if isinstance(value, Moment):
        return value._replace(in_days=False)
    if isinstance(value, bool):
        return Moment(math.nan, offset)
    if isinstance(value, float):
        return moment_of_days(value, offset)
    if value == "":
        return Moment(math.nan, offset, blank=True)
    if _DAYS.fullmatch(value):
        return moment_of_days(float(value.partition(".")[0]), offset)
    time = time_of(value, offset)
    return Moment(math.nan if time is None else time, offset)


def stored(value: Value) -> Value:
    """Returns a computed value as other rules read it: numbers stay, all else is text; no number is blank."""
    value = first(value)
    if isinstance(value, float):
        return value + 0.0 if math.isfinite(value) else ""
    return text(value)


def _pairs(left: Value, right: Value, holds: Callable[[Value, Value], bool]) -> bool:
    """Returns whether a comparison holds for any pair; one value is compared with each of several."""
    if isinstance(left, list) or isinstance(right, list):
        return any(holds(one, two) for one in each(left) for two in each(right))
    return holds(left, right)


def _beside(other: Value, value: Value) -> Value:
    """Returns the value as it is compared with another: no value at all makes no pair, but is false as a truth."""
    return "" if value == [] and isinstance(other, bool) else value


def _are_plain(left: Value, right: Value) -> bool:
    """Returns whether both are texts too short to be dates, as most codes are: they are compared as they stand."""
    return type(left) is str and type(right) is str and len(left) < SHORTEST_TIME and len(right) < SHORTEST_TIME


def _same(left: Value, right: Value, offset: int) -> bool:
    if type(left) is str and type(right) is str and left == right:
        return True
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if _is_number(left, offset) or _is_number(right, offset):
        one, two = number(left, offset), number(right, offset)
        return one == two or abs(one - two) < NEAREST
    return text(left) == text(right)


def _is_number(value: Value, offset: int) -> bool:
    """Returns whether a value is compared as a number: dates are, also those written as text."""
    return isinstance(value, float | Moment) or (isinstance(value, str) and time_of(value, offset) is not None)


def equal(left: Value, right: Value, offset: int) -> bool:
    """Returns whether two values are the same, or any pair of several."""
    if _are_plain(left, right):
        return bool(left == right)
    return _pairs(_beside(right, left), _beside(left, right), lambda one, two: _same(one, two, offset))


def different(left: Value, right: Value, offset: int) -> bool:
    """Returns whether two values differ, or any pair of several."""
    if _are_plain(left, right):
        return bool(left != right)
    return _pairs(_beside(right, left), _beside(left, right), lambda one, two: not _same(one, two, offset))


def ordered(left: Value, right: Value, holds: Callable[[float, float], bool], offset: int) -> bool:
    """Returns whether two values, or any pair of several, stand in an order; texts are compared as numbers."""
    if type(left) is float and type(right) is float:
        return holds(left, right)
    return _pairs(left, right, lambda one, two: holds(number(one, offset), number(two, offset)))


def selected(value: Value, code: Value) -> bool:
    """Returns whether a code is among the chosen ones."""
    return text(code).strip(SPACE) in text(value).split(" ")


def chosen(value: Value) -> list[str]:
    """Returns the codes of a multiple: a text that holds them with spaces between."""
    return [code for code in text(value).split(" ") if code]
