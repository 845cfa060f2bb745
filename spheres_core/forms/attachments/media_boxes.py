"""Boxes of ISO media files (MP4, MOV, M4A): read within their bounds, and written."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

MOST_BOXES: Final = 1_000
"""Boxes beside each other."""


class MediaUnreadable(Exception):
    """The file is none that can be written anew."""


class Box(NamedTuple):
    """A box: its four letters, and where its content lies in the file."""

    kind: bytes
    start: int
    end: int


def boxes_in(data: bytes, start: int, end: int, *, outermost: bool = False) -> Iterator[Box]:
    """Yields the boxes that lie beside each other. Raises `MediaUnreadable` for one that leaves its place.

    `outermost`: the last box may say that it goes on to the end of the file.
    """
    for _ in range(MOST_BOXES):
        if start == end:
            return
        size, head = number(data, start, end, 4), 8
        if size == 1:
            size, head = number(data, start + 8, end, 8), 16
        elif size == 0 and outermost:
            size = end - start
        if size < head or size > end - start:
            raise MediaUnreadable
        yield Box(data[start + 4 : start + 8], start + head, start + size)
        start += size
    raise MediaUnreadable


def inside(data: bytes, box: Box, kind: bytes) -> list[Box]:
    """Returns the boxes of a kind that lie in a box."""
    return [each for each in boxes_in(data, box.start, box.end) if each.kind == kind]


def the_one(data: bytes, box: Box, *path: bytes) -> Box:
    """Returns the one box that lies in others, from outside in. Raises `MediaUnreadable` when there is not just one."""
    for kind in path:
        found = inside(data, box, kind)
        if len(found) != 1:
            raise MediaUnreadable
        box = found[0]
    return box


def number(data: bytes, start: int, end: int, size: int) -> int:
    """Returns a whole number of `size` bytes that must lie before `end`."""
    if start + size > end:
        raise MediaUnreadable
    return int.from_bytes(data[start : start + size], "big")


def numbers(data: bytes, box: Box, *, most: int, width: int = 1, size: int = 4) -> list[tuple[int, ...]]:
    """Returns the rows of a table: after its version a count, then `width` numbers of `size` bytes each."""
    count = number(data, box.start + 4, box.end, 4)
    start = box.start + 8
    if count > most or count * width * size > box.end - start:
        raise MediaUnreadable
    letter = "Q" if size == 8 else "I"
    return list(struct.iter_unpack(f">{width}{letter}", data[start : start + count * width * size]))


def written(kind: bytes, *parts: bytes) -> bytes:
    """Returns a box."""
    return struct.pack(">I", 8 + sum(map(len, parts))) + kind + b"".join(parts)


def written_table(kind: bytes, rows: list[tuple[int, ...]], *, version: int = 0) -> bytes:
    """Returns a box that is a table of numbers of four bytes."""
    flat = [each for row in rows for each in row]
    return written(kind, struct.pack(f">BxxxI{len(flat)}I", version, len(rows), *flat))
