"""The value of a cell as a person sees it, whichever program's file holds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from spheres_core.facts import msg
from spheres_core.foundation.content.grids import ERRORS, Cell, read_error
from spheres_core.foundation.content.number_formats import number_text, shown_number


def cell_of(value: object, number_format: Callable[[], str], *, exact: bool) -> Cell:
    """Returns what a cell shows. `number_format` gives the format of a number, such as `0000`.

    `exact`: texts keep their outer blanks and line ends.
    """
    if value is None:
        return Cell()
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE", "flag")
    if isinstance(value, dt.datetime):
        if value.time() == dt.time():
            return Cell(value.date().isoformat(), "day")
        return Cell(value.isoformat(sep=" ", timespec="minutes"), "day")
    if isinstance(value, dt.date):
        return Cell(value.isoformat(), "day")
    if isinstance(value, dt.time):
        return Cell(value.isoformat(timespec="minutes"), "time")
    if isinstance(value, dt.timedelta):
        return Cell(str(value), "time")
    if isinstance(value, int | float):
        return _number(value, number_format())
    text = str(value)
    if text.strip() in ERRORS:
        return read_error(text.strip())
    return Cell(text if exact else plain(text))


def _number(value: float, number_format: str) -> Cell:
    shown = shown_number(value, number_format)
    if shown is None:
        why = msg("This cell shows the number {number} by the format “{format}”, which is not read. Format the "
                  "cell as text and write what it shows.", number=number_text(value), format=number_format)  # fmt: skip
        return Cell(unreadable=why)
    return Cell(shown)


def plain(text: str) -> str:
    """Returns a text without outer blanks, its lines ended one way."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "").replace("_x005F_", "_").strip()
