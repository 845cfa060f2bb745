"""Opens what a spreadsheet program wrote: xlsx, xls, ods and csv, whoever made it, with the place of each cell.

A file is looked at before it is opened: how large it is, how large it would become, how many cells it has. A workbook
of a few kilobytes can unfold into gigabytes; nobody's partner list does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.csv_reader import read_csv
from spheres_core.foundation.content.grids import LIMITS, Limits, Opened, refuse
from spheres_core.foundation.content.ods_reader import read_ods
from spheres_core.foundation.content.workbook_reader import read_workbook
from spheres_core.foundation.content.xls_reader import read_xls

_READERS: Final = {
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".xls": read_xls,
    ".ods": read_ods,
    ".csv": read_csv,
}
SUFFIXES: Final = tuple(_READERS)
"""Endings of spreadsheets that are read. Macros of an .xlsm workbook are never run."""
UNREAD_SUFFIXES: Final = frozenset(
    {
        *(".xlsb", ".xlt", ".xltx", ".xltm"),
        *(".fods", ".ots", ".numbers", ".gsheet", ".tsv", ".tab", ".dif", ".slk"),
    }
)
"""Endings of spreadsheets that are refused by name."""


def open_spreadsheet(
    source: Path | bytes, *, file: str = "", suffix: str = "", limits: Limits = LIMITS, exact: bool = False
) -> Opened:
    """Returns the sheets of a spreadsheet; findings call it `file`. Raises ContentInvalid when it cannot be read.

    `suffix` says what bytes are. `exact`: texts keep their outer blanks and line ends, for what must come back as it
    went out.
    """
    if isinstance(source, Path):
        file, suffix = file or source.name, suffix or source.suffix
    suffix = suffix.lower()
    if suffix not in SUFFIXES:
        refuse(file, unread(suffix))
    data = read_file(source, file, limits)
    return _READERS[suffix](data, file, limits, exact=exact)


def is_unread_spreadsheet(path: Path) -> bool:
    """Returns whether this is a spreadsheet of a kind that is not read, by its ending."""
    return path.suffix.lower() in UNREAD_SUFFIXES


def unread(suffix: str) -> Message:
    """Returns why a file of this kind is refused."""
    return msg("A file of kind “{suffix}” is not read. Save it as .xlsx or as “CSV UTF-8” (.csv).", suffix=suffix)


def read_file(source: Path | bytes, file: str, limits: Limits) -> bytes:
    """Returns the bytes of a file. Raises ContentInvalid when it cannot be read or is too large."""
    try:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > limits.file:
            refuse(file, msg("The file is larger than {limit} MB.", limit=limits.file // 1_000_000))
        return source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        refuse(file, msg("This file cannot be read: {reason}", reason=type(error).__name__))
