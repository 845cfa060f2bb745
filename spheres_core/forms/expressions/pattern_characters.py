"""Sets of characters as bits, and characters written so that both engines read them alike."""

from __future__ import annotations

from typing import Final

NON_ASCII: Final = 1 << 128


ALL_CHARACTERS: Final = (1 << 129) - 1


_DIGITS: Final = sum(1 << ord(c) for c in "0123456789")


_WORD: Final = _DIGITS | sum(1 << ord(c) for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")


_BLANKS: Final = sum(1 << ord(c) for c in " \t\n\r\f\v")


CLASSES: Final = {
    "d": ("0-9", _DIGITS),
    "w": ("A-Za-z0-9_", _WORD),
    "s": (r" \t\n\r\f\v", _BLANKS),
}


CONTROLS: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}


MARKS: Final = frozenset("^$\\.*+?()[]{}|/")


def bit_of(mark: str) -> int:
    return 1 << ord(mark) if ord(mark) < 128 else NON_ASCII


def bits_of_range(first: str, last: str) -> int:
    low, high = ord(first), ord(last)
    bits = NON_ASCII if high > 127 else 0
    if low < 128:
        bits |= (1 << (min(high, 127) + 1)) - (1 << low)
    return bits


def literal(mark: str) -> str:
    return "\\" + mark if mark in MARKS else mark


def set_member(mark: str) -> str:
    """Writes a member of a set; marks that either engine could misread are written by number."""
    if mark.isalnum() or ord(mark) > 127 or mark in " _@%+.":
        return mark
    return f"\\x{ord(mark):02x}"
