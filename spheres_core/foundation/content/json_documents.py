"""Reads JSON that people or other systems write, and says on which line something stands, by its JSON pointer."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from spheres_core.facts import msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.content.text_files import TextUnreadable, decode

LONGEST = 5_000_000
"""Characters of a text whose lines are looked up; a longer one was not written by hand."""
_BYTE = re.compile(r"byte (\d+)")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def read_json(data: bytes, file: str) -> tuple[Any, str]:
    """Returns the content and the text of a JSON document, with or without a BOM. `file` is what findings call it.

    Raises `ContentInvalid` with the line of the mistake; a member that an object has twice is one.
    """
    try:
        text = decode(data)
        content = msgspec.json.decode(text)
        twice = _has_member_twice(text)
    except RecursionError:
        raise ContentInvalid([Finding(file, msg("This file is nested too deeply."), key="/")]) from None
    except TextUnreadable as damaged:
        raise ContentInvalid([Finding(file, why, line=line, key="/") for line, why in damaged.problems]) from None
    except (msgspec.DecodeError, ValueError) as error:
        at = _BYTE.search(str(error))
        line = text.encode().count(b"\n", 0, int(at[1])) + 1 if at else text.rstrip().count("\n") + 1
        sentence = msg("This is not valid JSON: {reason}", reason=str(error))
        raise ContentInvalid([Finding(file, sentence, line=line, key="/")]) from None
    if twice:
        why = msg("This stands twice in the same object; only one of the two could be kept.")
        if len(text) > LONGEST:
            raise ContentInvalid([Finding(file, why, key="/")])
        raise ContentInvalid([Finding(file, why, line=line, key=pointer) for pointer, line in _members_twice(text)])
    return content, text


def _has_member_twice(text: str) -> bool:
    found = False

    def look(pairs: list[tuple[str, Any]]) -> None:
        nonlocal found
        found = found or len({name for name, _ in pairs}) != len(pairs)

    json.loads(text, object_pairs_hook=look)
    return found


def _members_twice(text: str) -> Iterator[tuple[str, int]]:
    seen: set[str] = set()
    for pointer, line in _places(text):
        if pointer in seen:
            yield pointer, line
        seen.add(pointer)


def lines(text: str) -> dict[str, int]:
    """Returns line by JSON pointer (RFC 6901), for a text that is valid JSON.
    A member of an object stands at its name."""
    found: dict[str, int] = {}
    for pointer, line in _places(text):
        found.setdefault(pointer, line)
    return found


def _places(text: str) -> Iterator[tuple[str, int]]:
    """Yields each member and each entry of a list once, with its line; a member that stands twice, twice."""
    around: list[tuple[str, list[str | int | None]]] = []
    line, at, named = 1, 0, False
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
                named = True
                yield _pointer(around), line
                continue
            if not named:
                yield pointer, line
            named = False
            if word in "{[":
                around.append((pointer, [None if word == "{" else 0]))


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
