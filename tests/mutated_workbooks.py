"""Copies of a workbook as libraries, transfers and hands leave them: cut, with error cells, gaps, wrong sizes, …"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Final

from tests.mutated_copies import COPIES
from tests.workbooks import repacked

_CELL: Final = re.compile(r"<c r=\"([A-Z]+)([0-9]+)\"([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_ROW: Final = re.compile(r"<row r=\"([0-9]+)\".*?(?:</row>|(?<=/)>)", re.DOTALL)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _bom(data: bytes, chance: random.Random) -> bytes:
    return b"\xef\xbb\xbf" + data


def _one_byte(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :]


def _part_cut(data: bytes, chance: random.Random) -> bytes:
    name = chance.choice(_parts(data))
    return repacked(
        data, lambda each, content: content[: chance.randrange(len(content) + 1)] if each == name else content
    )


def _part_lost(data: bytes, chance: random.Random) -> bytes:
    name = chance.choice(_parts(data))
    return repacked(data, lambda each, content: None if each == name else content)


def _code_page(data: bytes, chance: random.Random) -> bytes:
    return repacked(
        data,
        lambda each, content: content.decode().encode("cp1252", "xmlcharrefreplace") if _has_words(each) else content,
    )


def _error_cells(data: bytes, chance: random.Random) -> bytes:
    error = chance.choice(["#REF!", "#N/A", "#VALUE!"])
    return _cells(data, chance, lambda place: f'<c r="{place}" t="e"><v>{error}</v></c>')


def _formulas(data: bytes, chance: random.Random) -> bytes:
    return _cells(data, chance, lambda place: f'<c r="{place}"><f>CONCATENATE("a","b")</f></c>')


def _wrong_size(data: bytes, chance: random.Random) -> bytes:
    size = chance.choice(["A1", "B2:C3", "A1:XFD1048576"])
    return _sheets(data, lambda xml: re.sub(r"<dimension [^>]*/>", f'<dimension ref="{size}"/>', xml))


def _gaps(data: bytes, chance: random.Random) -> bytes:
    after, gap = chance.randrange(1, 8), chance.choice([1, 19, 20, 61, 400, 6_000])

    def shifted(xml: str) -> str:
        def moved(number: str) -> str:
            return str(int(number) + (gap if int(number) > after else 0))

        xml = re.sub(r'<row r="([0-9]+)"', lambda found: f'<row r="{moved(found[1])}"', xml)
        return re.sub(r'<c r="([A-Z]+)([0-9]+)"', lambda found: f'<c r="{found[1]}{moved(found[2])}"', xml)

    return _sheets(data, shifted)


def _turned(data: bytes, chance: random.Random) -> bytes:
    def turned(xml: str) -> str:
        rows = [found[0] for found in _ROW.finditer(xml)]
        start, end = xml.index(rows[0]), xml.index(rows[-1]) + len(rows[-1])
        chance.shuffle(rows)
        return xml[:start] + "".join(rows) + xml[end:]

    return _sheets(data, turned)


def _parts(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.namelist()


def _has_words(name: str) -> bool:
    return name.startswith("xl/worksheets/sheet") or name == "xl/sharedStrings.xml"


def _sheets(data: bytes, change: Callable[[str], str]) -> bytes:
    def part(name: str, content: bytes) -> bytes:
        is_sheet = name.startswith("xl/worksheets/sheet") and b"<row" in content
        return change(content.decode()).encode() if is_sheet else content

    return repacked(data, part)


def _cells(data: bytes, chance: random.Random, made: Callable[[str], str]) -> bytes:
    """Puts something else into some cells of each sheet, below its header."""

    def changed(xml: str) -> str:
        places = [found[1] + found[2] for found in _CELL.finditer(xml) if int(found[2]) > 1]
        chosen = set(chance.sample(places, min(len(places), 3)))
        return _CELL.sub(lambda found: made(found[1] + found[2]) if found[1] + found[2] in chosen else found[0], xml)

    return _sheets(data, changed)


KINDS: Final[dict[str, Callable[[bytes, random.Random], bytes]]] = {
    "cut": _cut,
    "bom": _bom,
    "one byte": _one_byte,
    "part cut": _part_cut,
    "part lost": _part_lost,
    "code page": _code_page,
    "error cells": _error_cells,
    "formulas": _formulas,
    "wrong size": _wrong_size,
    "gaps": _gaps,
    "turned": _turned,
}


def mutated_workbooks(data: bytes, *, seed: str) -> Iterator[tuple[str, bytes]]:
    """Yields `COPIES` copies with what was done to each; the same ones for the same seed."""
    chance = random.Random(seed)
    for number in range(COPIES):
        kind = list(KINDS)[number % len(KINDS)]
        yield kind, KINDS[kind](data, chance)
