"""Reads a csv file as spreadsheet programs write it: any separator, with a mark of its encoding or an old code page."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.cell_values import plain
from spheres_core.foundation.content.grids import ERRORS, Budget, Cell, Limits, Opened, grid_of, read_error, refuse
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.content.text_files import TextUnreadable, decode

_DELIMITERS: Final = ",;\t|"
_SEPARATOR_LINE: Final = re.compile(r"\"?sep=(.)\"?\r?\n", re.IGNORECASE)
_LOOKED_AT: Final = 20
"""Rows by which the separator is found."""
_MARK: Final = b"\xef\xbb\xbf"


def read_csv(data: bytes, file: str, limits: Limits, *, exact: bool) -> Opened:
    """Returns the one sheet of a csv file. Raises ContentInvalid for what is no text, is cut or is too large."""
    text, warnings = _decoded(data, file)
    named = _SEPARATOR_LINE.match(text)
    if named:
        text = text[named.end() :]
    delimiter = named[1] if named else _delimiter(text)
    rows = Budget(file, limits).rows(None, _rows(text, delimiter, file, limits, exact=exact))
    grid = grid_of(file, None, list(rows))
    return Opened((grid,) if grid else (), warnings)


def _rows(
    text: str, delimiter: str, file: str, limits: Limits, *, exact: bool
) -> Iterator[tuple[int, Mapping[int, Cell]]]:
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                refuse(file, msg("A cell has more than {limit} characters.", limit=limits.characters), row=number)
            refuse(file, msg("A quotation mark is not closed, or stands inside a cell that has none around it."),
                   row=number)  # fmt: skip
        cells = {index: _cell(written, exact=exact) for index, written in enumerate(record) if written.strip()}
        if cells:
            yield number, cells


def _cell(written: str, *, exact: bool) -> Cell:
    if written.strip() in ERRORS:
        return read_error(written.strip())
    return Cell(written if exact else plain(written))


def exact_rows(text: str, delimiter: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yields the last line of each row and its cells by the title above, with every blank and control character: for
    tables whose cells are data of programs. A cell that is not there is empty."""
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
    for row in rows:
        yield rows.line_num, {name: row[name] for name in rows.fieldnames or ()}


def _delimiter(text: str) -> str:
    """Returns the separator by which most of the first rows have the same number of cells."""

    def fit(delimiter: str) -> tuple[int, int]:
        widths: Counter[int] = Counter()
        try:
            for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
                widths[len(record)] += len(record) > 1
                if sum(widths.values()) == _LOOKED_AT:
                    break
        except csv.Error:
            return (0, 0)
        width, times = max(widths.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
        return (times, width) if times else (0, 0)

    return max(_DELIMITERS, key=fit)


def not_utf8() -> Message:
    return msg("This is not UTF-8 text. Save it as “CSV UTF-8”.")


def _decoded(data: bytes, file: str) -> tuple[str, tuple[Finding, ...]]:
    if data.startswith(b"PK\x03\x04"):
        refuse(file, msg("This is an .xlsx workbook under the name .csv. Give it its own ending."))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = _as_utf8(data, file)
    if b"\0" in data:
        refuse(file, not_utf8())
    try:
        return decode(data), ()
    except TextUnreadable as damaged:
        if _is_utf8(data):
            raise ContentInvalid([Finding(file, why, line=line) for line, why in damaged.problems]) from None
    try:
        text = data.decode("windows-1252")
    except UnicodeDecodeError:
        refuse(file, not_utf8())
    if data.startswith(_MARK):
        refuse(file, not_utf8())
    said = msg("This file is not UTF-8 and was read as Windows-1252: look at its accents.")
    return text, (Finding(file, said, severity="warning"),)


def _as_utf8(data: bytes, file: str) -> bytes:
    """Returns what spreadsheet programs save as “Unicode text”, which is UTF-16, as UTF-8."""
    try:
        return data.decode("utf-16").encode()
    except UnicodeError:
        refuse(file, not_utf8())


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
