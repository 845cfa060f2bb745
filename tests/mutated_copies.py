"""Copies of a file as editors, downloads, merges and other systems leave them: cut, with a BOM, in a code page, …"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from typing import Final

from tests.examples import examples

COPIES: Final = examples(120)
"""Copies made of each file."""


def _cut(text: str, chance: random.Random) -> bytes:
    data = text.encode()
    return data[: chance.randrange(len(data))]


def _bom(text: str, chance: random.Random) -> bytes:
    return b"\xef\xbb\xbf" + text.encode()


def _code_page(text: str, chance: random.Random) -> bytes:
    for name in chance.sample(("cp1252", "cp850", "mac-roman"), 3):
        with contextlib.suppress(UnicodeEncodeError):
            return text.encode(name)
    return text.encode("utf-16")


def _line_ends(text: str, chance: random.Random) -> bytes:
    return text.replace("\n", chance.choice(("\r\n", "\r"))).encode()


def _raw_newline(text: str, chance: random.Random) -> bytes:
    at = chance.randrange(len(text))
    return f"{text[:at]}\n{text[at:]}".encode()


def _markers(text: str, chance: random.Random) -> bytes:
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    return "".join([*lines[:at], "<<<<<<< HEAD\n", lines[at], "=======\n", lines[at], ">>>>>>> other\n",
                    *lines[at + 1 :]]).encode()  # fmt: skip


def _twice(text: str, chance: random.Random) -> bytes:
    lines = text.splitlines(keepends=True)
    at, length = chance.randrange(len(lines)), chance.choice((1, 1, 2, 4))
    return "".join([*lines[: at + length], *lines[at : at + length], *lines[at + length :]]).encode()


def _nul(text: str, chance: random.Random) -> bytes:
    at = chance.randrange(len(text))
    return f"{text[:at]}\x00{text[at:]}".encode()


KINDS: Final[dict[str, Callable[[str, random.Random], bytes]]] = {
    "cut": _cut,
    "bom": _bom,
    "code page": _code_page,
    "line ends": _line_ends,
    "raw newline": _raw_newline,
    "markers": _markers,
    "twice": _twice,
    "nul": _nul,
}
CUTS: Final = 3
"""How many times as many copies are cut as of any other kind: a cut does the most, unseen."""


def mutated_copies(*texts: str, seed: str) -> Iterator[tuple[str, bytes]]:
    """Yields `COPIES` copies with what was done to each; the same ones for the same seed.

    Of several texts, parts of one long file, each copy takes the next.
    """
    chance = random.Random(seed)
    kinds = [*KINDS, *["cut"] * (CUTS - 1)]
    for number in range(COPIES):
        kind = kinds[number % len(kinds)]
        yield kind, KINDS[kind](texts[number % len(texts)], chance)
