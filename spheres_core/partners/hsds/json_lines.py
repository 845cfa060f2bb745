"""On which line of a JSON text something stands, by its JSON pointer: a person mends a file with an editor."""

import re
from collections.abc import Sequence

import msgspec

from spheres_core.foundation.content.packs import Finding

LONGEST = 5_000_000
"""Characters of a text whose lines are looked up; a longer one was not written by hand."""
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def lines(text: str) -> dict[str, int]:
    """Returns line by JSON pointer (RFC 6901), for a text that is valid JSON.
    A member of an object stands at its name."""
    found: dict[str, int] = {}
    around: list[tuple[str, list[str | int | None]]] = []
    line, at = 1, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", at, token.start())
        at = token.start()
        word = token[0]
        if word in "}]":
            around.pop()
        elif word == "," and around:
            place = around[-1][1]
            place[0] = place[0] + 1 if isinstance(place[0], int) else None
        elif word != ":":
            pointer = _pointer(around)
            if around and around[-1][1][0] is None:
                around[-1][1][0] = str(msgspec.json.decode(word))
                found.setdefault(_pointer(around), line)
                continue
            found.setdefault(pointer, line)
            if word in "{[":
                around.append((pointer, [None if word == "{" else 0]))
    return found


def _pointer(around: Sequence[tuple[str, list[str | int | None]]]) -> str:
    if not around:
        return ""
    pointer, (name,) = around[-1]
    return join(pointer, "" if name is None else name)


def join(pointer: str, name: str | int) -> str:
    """Returns the pointer to a member, as RFC 6901 writes it."""
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"


def with_lines(findings: Sequence[Finding], text: str) -> list[Finding]:
    """Returns the findings, each with the line of its place or of the nearest thing around it."""
    if not findings or len(text) > LONGEST:
        return list(findings)
    known = lines(text)
    return [msgspec.structs.replace(each, line=each.line or _nearest(known, each.key or "")) for each in findings]


def _nearest(known: dict[str, int], pointer: str) -> int | None:
    while pointer not in known and pointer:
        pointer = pointer.rpartition("/")[0]
    return known.get(pointer)
