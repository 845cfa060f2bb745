"""Functions of numbers in rules, each the same in `static/number_functions.js`.

Functions that no two machines compute to the last bit are cut to twelve significant digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final

MOST_DIGITS: Final = 300
"""Digits that a number may be rounded to, before or after the point."""
LARGEST_MULTIPLIED: Final = 64
"""Powers up to this one are multiplied, so that they are exact."""
_RANDOM_MODULUS: Final = 2_147_483_647
_RANDOM_FACTOR: Final = 16_807


def divided(one: float, two: float) -> float:
    """Returns a quotient; dividing by nothing is infinite."""
    if two != 0.0:
        return one / two
    if one == 0.0 or math.isnan(one):
        return math.nan
    return math.copysign(math.inf, one) * math.copysign(1.0, two)


def remainder(one: float, two: float) -> float:
    """Returns the remainder of a division, with the sign of what is divided."""
    if two == 0.0 or math.isnan(two) or not math.isfinite(one):
        return math.nan
    return math.fmod(one, two)


def whole(value: float) -> float:
    """Returns a number without what follows its point."""
    return math.copysign(float(math.trunc(value)), value) if math.isfinite(value) else value


def floor(value: float) -> float:
    """Returns the largest whole number that is not larger."""
    return math.copysign(float(math.floor(value)), value) if math.isfinite(value) else value


def ceiling(value: float) -> float:
    """Returns the smallest whole number that is not smaller."""
    return math.copysign(float(math.ceil(value)), value) if math.isfinite(value) else value


def rounded(value: float, digits: float = 0.0) -> float:
    """Returns a number with so many digits after its point, or before it when negative; halves go away from zero."""
    if math.isnan(digits) or abs(digits) > MOST_DIGITS:
        return math.nan
    power = float(f"1e{abs(math.trunc(digits))}")
    return _to_whole(value * power) / power if digits > 0 else _to_whole(value / power) * power


def _to_whole(value: float) -> float:
    if not math.isfinite(value):
        return value
    size = abs(value)
    below = float(math.floor(size))
    return math.copysign(below + 1.0 if size - below >= 0.5 else below, value)


def cut(value: float) -> float:
    """Returns a number with twelve significant digits."""
    return float(f"{value:.11e}") if math.isfinite(value) else value


def _computed(compute: Callable[..., float], *values: float) -> float:
    """Returns what a library computes; what it refuses is not a number, or is infinite."""
    if any(math.isnan(value) for value in values):
        return math.nan
    try:
        return cut(compute(*values))
    except ValueError:
        return math.nan
    except OverflowError:
        return math.inf


def one_of(compute: Callable[[float], float]) -> Callable[[float], float]:
    """Returns a function of one number that never raises."""
    return lambda value: _computed(compute, value)


def angle(one: float, two: float) -> float:
    """Returns the angle of a point, in radians."""
    return _computed(math.atan2, one, two)


def square_root(value: float) -> float:
    """Returns a square root, which every machine computes alike."""
    return math.nan if value < 0 or math.isnan(value) else math.sqrt(value)


def logarithm(compute: Callable[[float], float]) -> Callable[[float], float]:
    """Returns a logarithm; that of zero is negative and infinite."""
    return lambda value: -math.inf if value == 0.0 else _computed(compute, value)


def power(base: float, exponent: float) -> float:
    """Returns a power, as browsers compute it."""
    if exponent == 0.0:
        return 1.0
    if math.isnan(base) or math.isnan(exponent) or (abs(base) == 1.0 and math.isinf(exponent)):
        return math.nan
    if exponent.is_integer() and 0 < exponent <= LARGEST_MULTIPLIED:
        result = 1.0
        for _ in range(int(exponent)):
            result *= base
        return result
    odd = exponent.is_integer() and math.fmod(exponent, 2.0) != 0.0
    if base == 0.0 and exponent < 0:
        return math.copysign(math.inf, base) if odd else math.inf
    try:
        return cut(math.pow(base, exponent))
    except ValueError:
        return math.nan
    except OverflowError:
        return -math.inf if base < 0 and odd else math.inf


def smallest(values: Iterable[float]) -> float:
    """Returns the smallest number; not a number when one is none, or there are none."""
    return _outermost(values, lambda one, two: one < two)


def largest(values: Iterable[float]) -> float:
    """Returns the largest number; not a number when one is none, or there are none."""
    return _outermost(values, lambda one, two: one > two)


def _outermost(values: Iterable[float], further: Callable[[float, float], bool]) -> float:
    found = math.nan
    begun = False
    for value in values:
        if math.isnan(value):
            return math.nan
        if not begun or further(value, found):
            begun, found = True, value
    return found


def total(values: Iterable[float]) -> float:
    """Returns a sum, added in order."""
    result = 0.0
    for value in values:
        result += value
    return result


def drawn(seed: str) -> float:
    """Returns a number from 0 to 1 that seems drawn by lot: FNV-1a of the seed, then one step of Park and Miller."""
    mixed = 0x811C9DC5
    for letter in seed:
        mixed = (mixed ^ ord(letter)) * 0x01000193 & 0xFFFFFFFF
    state = mixed % _RANDOM_MODULUS or 1
    for _ in range(3):
        state = state * _RANDOM_FACTOR % _RANDOM_MODULUS
    return (state - 1) / (_RANDOM_MODULUS - 1)
