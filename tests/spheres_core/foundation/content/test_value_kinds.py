"""Whoever sends a value of another kind reads how it is written, whatever msgspec calls it."""

import datetime as dt
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest

from spheres_core.foundation.content.value_kinds import kind_message


class Colour(Enum):
    RED = "red"


class Pair(msgspec.Struct, forbid_unknown_fields=True):
    name: str


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        (dt.date, "28 novembre", "Enter the date like this: 2026-11-28."),
        (dt.date, 20261128, "Enter the date like this: 2026-11-28."),
        (dt.datetime, "28 novembre", "Enter the day and the time like this: 2026-11-28T14:30:00-05:00."),
        (dt.time, "midi", "Enter the time like this: 14:30."),
        (int, "douze", "Enter a whole number, in digits."),
        (int | None, "douze", "Enter a whole number, in digits."),
        (float, "douze", "Enter a number, in digits."),
        (str, 12, "Enter a text."),
        (bool, "oui", "Answer true or false."),
        (list[str], "a", "Enter a list."),
        (Pair, "a", "Enter values with their names."),
        (Pair, {}, "This is needed."),
        (Pair, {"name": "a", "nom": "b"}, "There is no such field here."),
        (Colour, "blue", "Choose one of the answers offered."),
        (Annotated[int, msgspec.Meta(ge=5)], 4, "Please give a number of at least 5."),
        (Annotated[int, msgspec.Meta(le=10)], 11, "Please give a number of at most 10."),
        (Annotated[str, msgspec.Meta(pattern="^https://")], "x", "Enter an address that begins with https://."),
        (Annotated[str, msgspec.Meta(pattern="^[a-z]+$")], "A1", "This is not written as it must be here."),
        (Annotated[str, msgspec.Meta(min_length=1)], "", "This is needed."),
        (Annotated[str, msgspec.Meta(min_length=2)], "a", "This is too short."),
        (Annotated[list[int], msgspec.Meta(max_length=1)], [1, 2], "This is too long."),
        (UUID, "42", "This is not written like the identifiers here."),
    ],
)
def test_each_kind_of_value_has_its_own_sentence(kind: Any, value: Any, sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert(value, kind)

    said = kind_message(str(refused.value))
    assert said.msgid.format(**said.params) == sentence
