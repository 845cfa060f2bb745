"""What a form begins with, what nobody changes, months, and further guidance: on the page, by the API and checked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest

from spheres_core.forms.answers import check
from spheres_core.forms.examples import example
from spheres_core.forms.json_schema import json_schema
from spheres_core.forms.posted_answers import from_pairs
from spheres_core.forms.schemas import Form
from spheres_core.forms.views.fields import Field, fields
from spheres_core.forms.views.readable_answers import readable_rows
from spheres_core.forms.views.summary import shown
from spheres_core.forms.xlsform.reader import inspect, read
from spheres_core.foundation.languages.localization import REGISTRY, Locale

TODAY: Final = dt.date(2026, 11, 21)
FRENCH: Final = Locale((REGISTRY["fr-CA"], REGISTRY["en-CA"]), {})
FORM: Final = read(
    b"""
| survey |
| | type | name | label::fr | default | read_only | relevant | guidance_hint::fr | appearance | required |
| | select_one yn | knows | Sait | no | | | Ne pas insister. | | |
| | text | why | Pourquoi | | | ${knows} = 'no' | | | |
| | date | since | Depuis | today() | | | | month-year | |
| | date | day | Jour | today() | | | | | |
| | begin_group | office | Bureau | | | | | | |
| | text | code | Code | X-1 | yes | | | | yes |
| | select_multiple yn | both | Deux | yes no | yes | | | | |
| | end_group | | | | | | | | |
| | text | also | Aussi | | | ${code} = 'X-1' | Parler de ${code}. | | |
| | begin_repeat | child | Enfant | | | | | | |
| | integer | age | Age | 3 | | | | | |
| | end_repeat | | | | | | | | |
| choices |
| | list_name | name | label::fr |
| | yn | yes | Oui |
| | yn | no | Non |
""",
    key="x",
    suffix=".md",
)
BOTH: Final = {"code": "X-1", "both": ["yes", "no"]}


def page(values: dict[str, Any] | None = None) -> dict[str, Field]:
    def flat(all: tuple[Field, ...]) -> dict[str, Field]:
        found = {each.name: each for each in all}
        for each in all:
            found |= flat(each.fields)
            for entry in each.entries:
                found |= flat(entry.fields)
        return found

    return flat(fields(FORM, values, locale=FRENCH, today=TODAY))


def test_the_report_from_the_field_is_asked_as_its_author_meant() -> None:
    report = Path(__file__).parents[2] / "assets" / "field_reports" / "form_default_readonly_guidance.xlsx"

    reading = inspect(report, key="x")

    assert reading.findings == ()
    assert reading.form is not None
    first, month, code = reading.form.questions
    assert (first.default, first.guidance) == ("no", {"fr": "Ne pas insister.", "en": "Do not press her."})
    assert month.asks_month
    assert (code.default, code.read_only) == ("X-1", True)


def test_a_form_begins_with_its_defaults_and_rules_see_them() -> None:
    begun = page()

    assert [option.value for option in begun["knows"].options if option.chosen] == ["no"]
    assert begun["why"].relevant
    assert (begun["day"].value, begun["since"].value) == ("2026-11-21", "2026-11-01")
    assert begun["child[0].age"].value == "3"


def test_what_was_emptied_stays_empty() -> None:
    again = page({"child": [{}]})

    assert not any(option.chosen for option in again["knows"].options)
    assert (again["day"].value, again["child[0].age"].value) == ("", "")


def test_an_answer_that_nobody_changes_is_read_and_kept_whatever_is_sent() -> None:
    sent = {"office": {"code": "other", "both": ["yes", "no"]}}

    checked = check(FORM, sent, today=TODAY)

    assert checked.values == {"office": BOTH}
    assert checked.ignored == ("office.code",)
    assert not checked.problems
    assert check(FORM, {}, today=TODAY).values == {"office": BOTH}
    assert page(sent)["office.code"].input == "fixed"
    assert [(value, str(text)) for value, text in page(sent)["office.both"].fixed] == [("yes", "Oui"), ("no", "Non")]


def test_rules_see_an_answer_that_nobody_changes() -> None:
    assert check(FORM, {"also": "a", "office": {"code": "y"}}, today=TODAY).values["also"] == "a"
    assert page()["also"].relevant


@pytest.mark.parametrize(
    ("posted", "kept"),
    [
        ([("since.month", "3"), ("since.year", "2026")], "2026-03-01"),
        ([("since.month", "03"), ("since.year", "2026"), ("since.day", "17")], "2026-03-01"),
        ([("since", "2026-03")], "2026-03-01"),
        ([("since", "2026-03-01")], "2026-03-01"),
    ],
)
def test_a_month_is_kept_as_its_first_day(posted: list[tuple[str, str]], kept: str) -> None:
    checked = check(FORM, from_pairs(FORM, posted), today=TODAY)

    assert not checked.problems
    assert checked.values["since"] == kept


@pytest.mark.parametrize(
    "posted",
    [
        [("since.month", "3")],
        [("since.year", "2026")],
        [("since.month", "13"), ("since.year", "2026")],
        [("since.month", "0"), ("since.year", "2026")],
        [("since", "2026-03-17")],
        [("since", "March")],
    ],
)
def test_what_is_no_month_is_refused_at_its_question(posted: list[tuple[str, str]]) -> None:
    (problem,) = check(FORM, from_pairs(FORM, posted), today=TODAY).problems

    assert problem.path == "since"


def test_a_month_is_read_as_a_month() -> None:
    rows = {row.path: row.shown for row in readable_rows(FORM, {"since": "2026-03-01", "day": "2026-03-01"})}

    assert rows == {"since": ("2026-03",), "day": ("2026-03-01",)}


def test_guidance_is_shown_with_the_answers_that_it_speaks_of() -> None:
    begun = page()

    assert str(begun["knows"].guidance) == "Ne pas insister."
    assert str(begun["also"].guidance) == "Parler de X-1."
    assert begun["why"].guidance is None


def test_clients_are_told_what_a_form_begins_with() -> None:
    schema = json_schema(FORM, "fr")
    told = shown(FORM, FRENCH, today=TODAY)
    questions = {each.path: each for top in told.questions for each in (top, *top.questions)}

    assert schema["properties"]["knows"]["default"] == "no"
    assert schema["properties"]["knows"]["x-guidance"] == "Ne pas insister."
    assert "default" not in schema["properties"]["day"]
    office = schema["properties"]["office"]
    assert (office["properties"]["code"]["readOnly"], office["properties"]["both"]["default"]) == (True, ["yes", "no"])
    assert "required" not in office
    assert (questions["day"].default, questions["knows"].default) == ("today()", "no")
    assert (questions["office.code"].read_only, questions["knows"].guidance) == (True, "Ne pas insister.")


def test_the_example_keeps_what_nobody_changes_and_is_valid() -> None:
    answers = example(FORM, today=TODAY)

    assert answers["office"] == BOTH
    assert check(FORM, answers, today=TODAY).values == answers
    jsonschema.validate(answers, json_schema(FORM))


def test_a_default_changes_the_version() -> None:
    def version(default: str) -> str:
        text = f"| survey |\n| | type | name | label | default |\n| | text | a | A | {default} |\n"
        return read(text.encode(), key="x", suffix=".md").version

    assert isinstance(FORM, Form)
    assert len({version(""), version("x"), version("y")}) == 3
