"""Which XLSForm question types are supported, and under which name."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_PLAIN: Final = {
    "text": "text",
    "string": "text",
    "phone number": "text",
    "integer": "integer",
    "int": "integer",
    "decimal": "decimal",
    "date": "date",
    "note": "note",
    "calculate": "calculate",
    "acknowledge": "acknowledge",
}
_SELECT: Final = re.compile(
    r"(?P<one>select_one|select one from|select one|select1|add select one prompt using)\s+(?P<a>\S+)"
    r"|(?P<many>select_multiple|select multiple from|select multiple|select all that apply from"
    r"|select all that apply|add select multiple prompt using)\s+(?P<b>\S+)",
)
_OTHER: Final = re.compile(r"\s+(or specify other|or_other|or other)$")
_SPAN: Final = re.compile(
    r"(?P<end>begin|end)[ _](?P<what>group|repeat|lgroup|looped group|loop)(\s+over\s+(?P<list>\S+))?"
)

SUPPORTED: Final = (
    "text, note, integer, decimal, date, select_one, select_multiple, begin_group, begin_repeat, calculate, acknowledge"
)


class QuestionType(NamedTuple):
    """A type cell, understood."""

    kind: str
    """A kind of question, `group`, `repeat`, `loop`, or `end`."""
    choices: str = ""
    phone: bool = False


def parse_type(cell: str) -> QuestionType | None:
    """Returns what a type cell asks for, or None when such questions are not supported."""
    said = " ".join(cell.split()).lower()
    if said in _PLAIN:
        return QuestionType(_PLAIN[said], phone=said == "phone number")
    if span := _SPAN.fullmatch(said):
        if span["end"] == "end":
            return QuestionType("end")
        kind = {"group": "group", "loop": "loop"}.get(span["what"], "repeat")
        return QuestionType(kind, _as_written(cell, span["list"]))
    bare = _OTHER.sub("", said)
    if select := _SELECT.fullmatch(bare):
        kind = "select_one" if select["one"] else "select_multiple"
        return QuestionType(kind, _as_written(cell, select["a"] or select["b"]))
    return None


def _as_written(cell: str, name: str | None) -> str:
    """Returns a list's name in the author's own case."""
    if not name:
        return ""
    return next((word for word in cell.split() if word.lower() == name), name)
