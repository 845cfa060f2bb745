"""Finds a short text that matches a pattern, for the examples of answers that a form comes with."""

from __future__ import annotations

import re
from typing import Final

TRIED: Final = "aA1.-@ _/:,é"


def example_of(pattern: str) -> str:
    """Returns the shortest plain text that a safe pattern matches; empty when there is none.

    Such a pattern has only literals, sets, groups, alternatives and counts, so one pass is enough.
    """
    text, _ = _alternatives(pattern, 0)
    return text if re.fullmatch(pattern, text) else ""


def _alternatives(pattern: str, place: int) -> tuple[str, int]:
    """Returns the first alternative's text, and the place after the last one."""
    first, place = _sequence(pattern, place)
    while place < len(pattern) and pattern[place] == "|":
        _, place = _sequence(pattern, place + 1)
    return first, place


def _sequence(pattern: str, place: int) -> tuple[str, int]:
    said = ""
    while place < len(pattern) and pattern[place] not in "|)":
        text, place = _atom(pattern, place)
        least, place = _least(pattern, place)
        said += text * least
    return said, place


def _atom(pattern: str, place: int) -> tuple[str, int]:
    mark = pattern[place]
    if mark == "(":
        text, end = _alternatives(pattern, place + 3)
        return text, end + 1
    if mark == "\\":
        controls = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
        return controls.get(pattern[place + 1], pattern[place + 1]), place + 2
    if mark == "[":
        end = place + 1
        while pattern[end] != "]":
            end += 2 if pattern[end] == "\\" else 1
        return _member(pattern[place : end + 1]), end + 1
    return mark, place + 1


def _member(characters: str) -> str:
    """Returns one character of a set, a plain one if possible."""
    matches = re.compile(characters).fullmatch
    everything = (*TRIED, *map(chr, range(32, 0x180)))
    return next((mark for mark in everything if matches(mark)), "")


def _least(pattern: str, place: int) -> tuple[int, int]:
    """Returns how often at least, and the place after the count."""
    mark = pattern[place : place + 1]
    if mark in ("*", "?"):
        return 0, place + 1
    if mark == "+":
        return 1, place + 1
    if mark == "{":
        end = pattern.index("}", place)
        return int(pattern[place + 1 : end].partition(",")[0]), end + 1
    return 1, place
