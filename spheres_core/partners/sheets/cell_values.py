"""Reads cells of a sheet as the values that `partners.toml` would have, and notes at its cell what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.content import toml
from spheres_core.foundation.content.language_tags import language_tag
from spheres_core.foundation.content.sheet_columns import (
    Column,
    Place,
    SheetRow,
    choice_of,
    day_of,
    flag_of,
    list_of,
    not_a_choice,
    set_at,
)
from spheres_core.partners.sheets.sheet_source import SheetSource
from spheres_core.partners.written_hours.opening_hours import hours_problem, read_hours

_AGES: Final = re.compile(r"(?:de |from )?(\d{1,3})(?: ans)?\s*(?:-|–|—|à|a|to|au)\s*(\d{1,3})(?:\s*(?:ans|years))?")


_FROM_AGE: Final = re.compile(
    r"(\d{1,3})\s*(?:\+|(?:ans )?et plus|ans et \+|and over|or over|and up|years and over)(?:\s*(?:ans|years))?"
)


OLDEST: Final = 120
"""Completed years that stand for "no upper age"."""


def read_cells(
    source: SheetSource, line: SheetRow, columns: Sequence[Column], prefix: str, place: str
) -> dict[str, Any]:
    """Returns the entry that these columns of a row make, as `partners.toml` would have it;
    empty cells are left out."""
    entry: dict[str, Any] = {}
    for column in columns:
        cell = prefix + column.field
        here, at = f"{place}.{column.field}", line.place(cell)
        if column.kind == "words":
            if words := source.reading.translate(line.words(cell), at):
                set_at(entry, column.field, dict(words))
        elif text := line.text(cell):
            value = _value(source, column, text, here, at)
            if value is not None:
                set_at(entry, column.field, value)
    return entry


def _value(source: SheetSource, column: Column, text: str, here: str, at: Place) -> Any:
    """Returns the value of a cell; its text when it cannot be read, which is then noted."""
    if column.kind in ("references", "languages"):
        return [value for part in list_of(text) if (value := _part(source, column, part, here, at))]
    if column.kind == "reference":
        return _part(source, column, text, here, at)
    read, why = _READERS.get(column.kind, _as_text)(text, column, source)
    if why is not None:
        source.reject(here, why, at)
        return text
    return read


def _part(source: SheetSource, column: Column, text: str, here: str, at: Place) -> str | None:
    if column.kind == "languages":
        if tag := language_tag(text):
            return tag
        source.reject(here, msg("“{value}” is no language such as fr or English.", value=text), at)
        return None
    names = source.reading.names[column.of]
    found = names.find(text)
    if found is None and not names.known:
        source.suppress(here)
    elif found is None:
        source.reject(here, names.why_not(text), at)
    return found or text


Read = tuple[Any, Message | None]


def _as_text(text: str, column: Column, source: SheetSource) -> Read:
    return text, None


def _as_list(text: str, column: Column, source: SheetSource) -> Read:
    return list_of(text), None


def _as_day(text: str, column: Column, source: SheetSource) -> Read:
    day = day_of(text)
    return day, None if day else msg("“{value}” is not a day such as 2026-11-21.", value=text)


def _as_flag(text: str, column: Column, source: SheetSource) -> Read:
    flag = flag_of(text)
    return flag, None if flag is not None else msg("Yes or no is expected here, not “{value}”.", value=text)


def _as_number(text: str, column: Column, source: SheetSource) -> Read:
    good = text.lstrip("-").isdigit() and text.isascii()
    return (int(text), None) if good else (None, msg("A whole number is expected here, not “{value}”.", value=text))


def _as_ages(text: str, column: Column, source: SheetSource) -> Read:
    said = text.strip().lower()
    if found := _AGES.fullmatch(said):
        least, most = int(found[1]), int(found[2])
        if least > most:
            proposal = f"{most}-{least}"
            why = msg("The first age is the lower one in “{value}”. Is it “{close}”?", value=text, close=proposal)
            return None, why
        return [least, most], None
    if found := _FROM_AGE.fullmatch(said):
        return [int(found[1]), OLDEST], None
    if said.isdigit() and len(said) <= 3:
        return [int(said), int(said)], None
    why = msg(
        "“{value}” is no span of ages such as 12-17. Spreadsheet programs make a day of it: format the cell as text.",
        value=text,
    )
    return None, why


def _as_hours(text: str, column: Column, source: SheetSource) -> Read:
    return read_hours(text), hours_problem(text, source.languages[0])


def _as_choice(text: str, column: Column, source: SheetSource) -> Read:
    code = choice_of(text, column.choices)
    return code, None if code else not_a_choice(text, column.choices, source.languages[0])


def _as_toml(text: str, column: Column, source: SheetSource) -> Read:
    try:
        return toml.read_value(text), None
    except toml.TomlInvalid as error:
        return None, msg("This is not valid TOML: {reason}", reason=str(error))


_READERS: Final[Mapping[str, Callable[[str, Column, SheetSource], Read]]] = {
    "list": _as_list,
    "day": _as_day,
    "flag": _as_flag,
    "number": _as_number,
    "ages": _as_ages,
    "hours": _as_hours,
    "choice": _as_choice,
    "toml": _as_toml,
}
