"""Finds what is written like a participant's code: no record of this room holds one, so that none leads to a file."""

import re
from collections.abc import Iterator
from typing import Final

from spheres_core.foundation.content.readable_codes import ALPHABET

_FOUR: Final = "[A-Za-z0-9]{4}"
_BETWEEN: Final = r"[-‐‑–—.·/\s]{0,3}"
_CODE: Final = re.compile(rf"(?<![A-Za-z0-9])({_FOUR})({_BETWEEN})({_FOUR}){_BETWEEN}({_FOUR})(?![A-Za-z0-9])")
_HYPHENS: Final = frozenset("-‐‑–—")
_VOWELS: Final = frozenset("AEIOUY")
_LETTERS: Final = frozenset(ALPHABET)


def find_participant_codes(text: str) -> Iterator[tuple[int, int]]:
    """Yields where a code begins and ends: three groups of four letters and digits, however they are separated.

    Words of a sentence have a vowel each and no digit among their letters, so that three of four letters are no code.
    """
    start = 0
    while found := _CODE.search(text, start):
        is_code = _is_code((found[1], found[3], found[4]), found[2])
        start = found.end() if is_code else found.end(1)
        if is_code:
            yield found.span()


def _is_code(groups: tuple[str, str, str], between: str) -> bool:
    typed = "".join(groups)
    if typed.isdecimal():
        return False
    if between and set(between) <= _HYPHENS and typed == typed.upper():
        return True
    return set(typed.upper()) <= _LETTERS and any(_is_no_word(each) for each in groups)


def _is_no_word(group: str) -> bool:
    if group.isalpha():
        return not _VOWELS & set(group.upper())
    return not group.isdecimal()
