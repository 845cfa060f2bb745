"""Reads tables written as Markdown: a line begins with `|`, and a table's first cell names its sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from spheres_core.facts import msg
from spheres_core.foundation.content.cell_values import plain
from spheres_core.foundation.content.grids import ERRORS, Cell, Rows, read_error
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.content.text_files import TextUnreadable, decode

_PIPE: Final = re.compile(r"(?<!\\)\|")
_RULE: Final = re.compile(r":?-+:?|")


def read_markdown_tables(data: bytes, file: str) -> tuple[Rows, tuple[Finding, ...]]:
    """Returns the lines of the tables as rows, the sheet's name in their first cell, and what is wrong with lines.

    Lines that begin with `#`, empty ones and sentences are left out. A row's number counts table lines only.
    """
    try:
        text = decode(data)
    except TextUnreadable as damaged:
        raise ContentInvalid([Finding(file, why, line=line) for line, why in damaged.problems]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ContentInvalid([Finding(file, msg("This file is not UTF-8 text."), line=line)])
    findings: list[Finding] = []
    return tuple(_rows(text, file, findings)), tuple(findings)


def _rows(text: str, file: str, findings: list[Finding]) -> Iterator[tuple[int, dict[int, Cell]]]:
    number = 0
    for line, written in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        stripped = written.strip()
        if not stripped.startswith("|"):
            if number and _PIPE.search(stripped) and not stripped.startswith("#"):
                said = msg("This line has cells and does not begin with “|”: a cell stands in one line.")
                findings.append(Finding(file, said, line=line))
            continue
        parts = [part.strip().replace("\\|", "|") for part in _PIPE.split(stripped)[1:]]
        if parts[-1].startswith("#"):
            parts.pop()
        if all(_RULE.fullmatch(part) for part in parts) and any(parts):
            continue
        cells = {index: _cell(part) for index, part in enumerate(parts) if part}
        if cells:
            number += 1
            yield number, cells


def _cell(part: str) -> Cell:
    return read_error(part) if part in ERRORS else Cell(plain(part))
