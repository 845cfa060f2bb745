"""The column `trigger`: a calculation waits for an answer, on the server and in the browser alike."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest

from spheres_core.forms.answers import check
from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.reader import XlsformResult, inspect
from spheres_core.foundation.content.packs import say_plainly

TODAY: Final = dt.date(2026, 11, 28)


def read(*rows: str) -> XlsformResult:
    lines = "\n".join(f"| | {row} |" for row in ("type | name | label | calculation | trigger", *rows))
    return inspect(f"| survey |\n{lines}\n".encode(), key="form", suffix=".md")


def form_of(reading: XlsformResult) -> Form:
    assert reading.form is not None, reading.findings
    return reading.form


def told(reading: XlsformResult) -> list[tuple[int | None, str]]:
    return [(each.row, say_plainly(each.message)) for each in reading.findings if each.column == "trigger"]


WAITING: Final = (
    "text | name | Nom | |",
    "text | nickname | Surnom | |",
    "integer | age | Âge | |",
    "calculate | years | | ${age} + 1 | ${name}, ${nickname}",
)


@pytest.mark.parametrize(
    ("answers", "years"),
    [({}, None), ({"age": 16}, None), ({"age": 16, "name": "Camille"}, 17), ({"age": 16, "nickname": "Cam"}, 17)],
)
def test_what_is_triggered_is_computed_once_a_trigger_is_answered(answers: dict[str, Any], years: int | None) -> None:
    reading = read(*WAITING)

    assert check(form_of(reading), answers, today=TODAY).values.get("years") == years
    assert told(reading) == [
        (5, "Here this is computed once name, nickname is answered, and again whenever what it reads changes.")
    ]


def test_a_trigger_of_a_repeat_is_the_one_of_its_own_entry() -> None:
    form = form_of(
        read(
            "begin_repeat | child | Enfant | |",
            "text | who | Qui? | |",
            "calculate | named | | 'yes' | ${who}",
            "end_repeat | | | |",
        )
    )

    kept = check(form, {"child": [{"who": "Ana"}, {}]}, today=TODAY).values
    assert [entry.get("named") for entry in kept["child"]] == ["yes", None]


@pytest.mark.parametrize(
    "rows",
    [
        ("text | a | A | | ${b}", "text | b | B | |"),
        ("note | a | A | |", "calculate | b | | 1 | ${a}", "text | c | C | |"),
        ("begin_repeat | r | R | |", "text | a | A | |", "end_repeat | | | |", "calculate | b | | 1 | ${a}"),
    ],
)
def test_a_trigger_that_cannot_be_waited_for_changes_nothing_and_is_told(rows: tuple[str, ...]) -> None:
    reading = read(*rows)

    computed = [each.calculation for each in form_of(reading).walk() if each.calculation is not None]
    assert all(tree[0] in ("figure", "ref") for tree in computed)
    assert [said for _, said in told(reading)] == ["The column “trigger” is not used."]
