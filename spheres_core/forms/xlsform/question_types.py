"""Which XLSForm question types are supported, and under which name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

_PLAIN: Final = {
    "text": "text",
    "string": "text",
    "phone number": "text",
    "integer": "integer",
    "int": "integer",
    "decimal": "decimal",
    "range": "range",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "geopoint": "geopoint",
    "gps": "geopoint",
    "location": "geopoint",
    "geotrace": "geopoint",
    "geoshape": "geopoint",
    "barcode": "text",
    "image": "image",
    "photo": "image",
    "audio": "audio",
    "video": "video",
    "file": "file",
    "email": "text",
    "phonenumber": "text",
    "hidden": "hidden",
    "trigger": "acknowledge",
    "note": "note",
    "calculate": "calculate",
    "acknowledge": "acknowledge",
}
DEVICE: Final = "device"
"""The kind of rows that a device would fill in."""
_METADATA: Final = frozenset({"audit", "start-geopoint", "background-audio", "background-geopoint"}).union(
    name for name, made in QUESTION_TYPE_DICT.items() if "jr:preload" in made.get("bind", {})
)
_FORMER_NAMES: Final = {
    former.lower(): name
    for name in (*_PLAIN, "image", "audio", "video", "file", "start", "end", "today")
    for former, made in QUESTION_TYPE_DICT.items()
    if former not in _PLAIN and not former.startswith("select") and made == QUESTION_TYPE_DICT.get(name)
}
"""Types by the names that older forms give them: `photo` is `image`, `add text prompt` is `text`."""
_LOOKS: Final = {"phone number": "phone", "phonenumber": "phone", "email": "email"}
_OF_A_DEVICE: Final = frozenset({"phonenumber", "email"})
_TYPED: Final = frozenset({"geotrace", "geoshape", "barcode"})
_SELECT: Final = re.compile(
    r"(?P<one>select_one|select one from|select one|select1|add select one prompt using)\s+(?P<a>\S+)"
    r"|(?P<many>select_multiple|select multiple from|select multiple|select all that apply from"
    r"|select all that apply|add select multiple prompt using)\s+(?P<b>\S+)"
    r"|rank\s+(?P<c>\S+)",
)
_FROM_FILE: Final = re.compile(r"select_(?P<kind>one|multiple)_from_file\s+(?P<file>\S+)")
_OTHER: Final = re.compile(r"\s+(or specify other|or_other|or other)$")
_SPAN: Final = re.compile(
    r"(?P<end>begin|end)[ _](?P<what>group|repeat|lgroup|looped group|loop)(\s+over\s+(?P<list>\S+))?"
)

SUPPORTED: Final = (
    "text, note, integer, decimal, range, date, time, dateTime, select_one, select_multiple, rank, "
    "select_one_from_file, select_multiple_from_file, geopoint, geotrace, geoshape, barcode, image, audio, "
    "video, file, email, phonenumber, begin_group, begin_repeat, calculate, hidden, acknowledge, trigger"
)


class QuestionType(NamedTuple):
    """A type cell, understood."""

    kind: str
    """A kind of question, `hidden`, `device`, `group`, `repeat`, `loop`, or `end`."""
    choices: str = ""
    file: str = ""
    """The file beside the form that holds its choices."""
    look: str = ""
    """The appearance that the type implies; what a device would fill in."""
    of_device: bool = False
    """Whether a device fills it in where it has no label."""
    typed: str = ""
    """Types that a device would draw or read elsewhere, and a person types here."""


@lru_cache(maxsize=4096)
def parse_type(cell: str) -> QuestionType | None:
    """Returns what a type cell asks for, or None when such questions are not supported."""
    said = " ".join(cell.split()).lower()
    said = _FORMER_NAMES.get(said, said)
    if said in _PLAIN:
        typed = said if said in _TYPED else ""
        return QuestionType(_PLAIN[said], look=_LOOKS.get(said, ""), of_device=said in _OF_A_DEVICE, typed=typed)
    if said in _METADATA:
        return QuestionType(DEVICE, look=said)
    if span := _SPAN.fullmatch(said):
        if span["end"] == "end":
            return QuestionType("end")
        kind = {"group": "group", "loop": "loop"}.get(span["what"], "repeat")
        return QuestionType(kind, _as_written(cell, span["list"]))
    bare = _OTHER.sub("", said)
    if filed := _FROM_FILE.fullmatch(said):
        return QuestionType(f"select_{filed['kind']}", file=_as_written(cell, filed["file"]))
    if select := _SELECT.fullmatch(bare):
        kind = "select_one" if select["one"] else "select_multiple" if select["many"] else "rank"
        return QuestionType(kind, _as_written(cell, select["a"] or select["b"] or select["c"]))
    return None


def _as_written(cell: str, name: str | None) -> str:
    """Returns a list's name in the author's own case."""
    if not name:
        return ""
    return next((word for word in cell.split() if word.lower() == name), name)
