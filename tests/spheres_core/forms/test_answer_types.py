"""Each type of question takes the answers that fit it, gives them back as they came, and refuses all others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core.forms.answers import check
from spheres_core.forms.json_schema import json_schema
from spheres_core.forms.posted_answers import from_pairs
from spheres_core.forms.views.fields import Field, fields
from spheres_core.forms.views.readable_answers import readable_rows
from spheres_core.forms.xlsform.reader import inspect, read
from spheres_core.foundation.languages.localization import REGISTRY, Locale
from tests.examples import examples

TODAY: Final = dt.date(2026, 11, 21)
FRENCH: Final = Locale((REGISTRY["fr-CA"], REGISTRY["en-CA"]), {})
FORM: Final = read(
    b"""
| survey |
| | type | name | label::fr | appearance | parameters | choice_filter |
| | text | words | Mots | | rows=8 | |
| | text | figures | Chiffres | numbers | | |
| | integer | whole | Entier | | | |
| | decimal | exact | Exact | | | |
| | range | few | Peu | | start=0 end=10 step=2 | |
| | range | many | Beaucoup | | start=-5 end=100 step=0.5 | |
| | range | picked | Choix | picker | start=1 end=40 step=1 | |
| | date | day | Jour | | | |
| | date | month | Mois | month-year | | |
| | date | year | Annee | year | | |
| | time | hour | Heure | | | |
| | dateTime | moment | Moment | | | |
| | select_one things | one | Une | likert | randomize=true seed=7 | |
| | select_multiple things | some | Des | columns-3 | | |
| | rank things | order | Ordre | | | |
| | rank things | kinds | Sortes | | | kind = 'k' |
| | geopoint | place | Lieu | | | |
| | email | mail | Courriel | | | |
| | phonenumber | phone | Telephone | | | |
| | trigger | sure | Certain | | | |
| | hidden | source | | | | |
| choices |
| | list_name | name | label::fr | kind |
| | things | a | A | k |
| | things | b | B | |
| | things | c | C | k |
""",
    key="x",
    suffix=".md",
)
CODES: Final = ("a", "b", "c")

_clocks = st.times().map(lambda time: time.isoformat("minutes"))
_days = st.dates().map(dt.date.isoformat)
_words = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=60).filter(str.strip)
RIGHT: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "words": _words,
    "figures": st.integers(0).map(str),
    "whole": st.integers(-(2**53) + 1, 2**53 - 1),
    "exact": st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 4)),
    "few": st.sampled_from([0, 2, 4, 6, 8, 10]),
    "many": st.integers(-10, 200).map(lambda number: number / 2),
    "picked": st.integers(1, 40),
    "day": _days,
    "month": st.dates().map(lambda day: day.replace(day=1).isoformat()),
    "year": st.dates().map(lambda day: day.replace(day=1, month=1).isoformat()),
    "hour": _clocks,
    "moment": st.tuples(_days, _clocks).map("T".join),
    "one": st.sampled_from(CODES),
    "some": st.lists(st.sampled_from(CODES), unique=True, min_size=1).map(sorted),
    "order": st.permutations(CODES).map(list),
    "kinds": st.permutations(("a", "c")).map(list),
    "place": _words,
    "sure": st.just(True),
}
_not_text = (
    st.integers()
    | st.lists(st.integers(), min_size=1)
    | st.booleans()
    | st.dictionaries(st.text(), st.none(), min_size=1)
)
_no_time = st.sampled_from(["24:00", "12:60", "9:05", "12", "12:0", "noon", "14:30Z", "٠٩:٣٠"])
WRONG: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "words": _not_text,
    "whole": st.floats(0.1, 0.9) | st.text(min_size=1) | st.booleans(),
    "exact": st.text(min_size=1) | st.sampled_from([float("nan"), float("inf")]),
    "few": st.integers().filter(lambda number: number not in range(0, 11, 2)) | st.floats(0.1, 1.9) | st.booleans(),
    "many": st.floats(-4.9, 99.9).filter(lambda number: Decimal(repr(number)) % Decimal("0.5") != 0) | st.just(100.5),
    "day": st.sampled_from(["2026-02-30", "2026-2-3", "hier", "2026-11", "2026-11-21T10:00"]) | _not_text,
    "month": st.sampled_from(["2026-13", "2026-11-21", "2026"]) | _not_text,
    "year": st.sampled_from(["26", "2026-11", "2026-11-21"]) | _not_text,
    "hour": _no_time | _not_text,
    "moment": _no_time | _days | st.sampled_from(["2026-02-30T12:00", "2026-11-21 12:00"]) | _not_text,
    "one": st.text(min_size=1).filter(lambda code: code not in CODES) | _not_text,
    "some": st.just(["a", "a"]) | st.just(["d"]) | st.just("a"),
    "order": st.sampled_from([["a"], ["a", "b"], ["a", "b", "b"], ["a", "", "c"], ["a", "b", "c", "a"], "a b c", [1]]),
    "kinds": st.sampled_from([["a"], ["a", "b"], ["a", "b", "c"]]),
    "place": _not_text,
    "mail": st.sampled_from(["here", "a@b", "@example.org"]),
    "phone": st.sampled_from(["here", "12"]),
    "sure": st.just("maybe") | st.integers(),
}  # fmt: skip


def at_question(path: str) -> str:
    return path.partition("[")[0]


@settings(max_examples=examples(200))
@given(st.fixed_dictionaries({}, optional=RIGHT))
def test_answers_that_fit_come_back_as_they_were_sent(answers: dict[str, Any]) -> None:
    checked = check(FORM, answers, today=TODAY)

    assert not checked.problems
    assert checked.values == answers
    jsonschema.validate(checked.values, json_schema(FORM))


@pytest.mark.parametrize("name", WRONG)
def test_answers_that_do_not_fit_are_refused_at_their_question(name: str) -> None:
    @settings(max_examples=examples(30))
    @given(WRONG[name])
    def refused(answer: Any) -> None:
        checked = check(FORM, {name: answer, "words": "x"} if name != "words" else {name: answer}, today=TODAY)

        assert {at_question(problem.path) for problem in checked.problems} == {name}
        assert name not in checked.values

    refused()


def flat(shown: tuple[Field, ...]) -> list[tuple[str, str]]:
    """What a browser sends of a page on which these fields are filled in."""
    sent: list[tuple[str, str]] = []
    for field in shown:
        if field.parts:
            sent += [(part.name, part.value) for part in field.parts]
        elif field.options:
            sent += [(field.name, option.value) for option in field.options if option.chosen]
        else:
            sent.append((field.name, "yes" if field.input == "tick" and field.value else field.value))
    return sent


@settings(max_examples=examples(200))
@given(st.fixed_dictionaries({}, optional=RIGHT))
def test_a_page_that_is_shown_again_sends_the_same_answers(answers: dict[str, Any]) -> None:
    shown = fields(FORM, answers, locale=FRENCH, today=TODAY)

    posted = from_pairs(FORM, flat(shown))

    assert check(FORM, posted, today=TODAY).values == check(FORM, answers, today=TODAY).values


@pytest.mark.parametrize(
    ("name", "posted", "shown"),
    [
        ("hour", {"hour": "9", "minute": "5"}, "09:05"),
        ("moment", {"year": "2026", "month": "2", "day": "3", "hour": "0", "minute": "0"}, "2026-02-03T00:00"),
        ("year", {"year": "2009"}, "2009-01-01"),
        ("order", {"1": "c", "3": "b", "2": "a"}, ["c", "a", "b"]),
    ],
)
def test_fields_of_their_own_make_one_answer(name: str, posted: dict[str, str], shown: Any) -> None:
    pairs = [(f"{name}.{part}", value) for part, value in posted.items()]

    assert check(FORM, from_pairs(FORM, pairs), today=TODAY).values == {name: shown}


@pytest.mark.parametrize(
    ("name", "posted"),
    [
        ("hour", {"hour": "9", "minute": ""}),
        ("moment", {"year": "2026", "month": "", "day": "3", "hour": "09", "minute": "00"}),
        ("order", {"1": "c", "2": "", "3": "b"}),
    ],
)
def test_what_is_incomplete_is_refused_and_stays_on_the_page(name: str, posted: dict[str, str]) -> None:
    answers = from_pairs(FORM, [(f"{name}.{part}", value) for part, value in posted.items()])
    checked = check(FORM, answers, today=TODAY)

    field = next(
        each for each in fields(FORM, answers, checked.problems, locale=FRENCH, today=TODAY) if each.name == name
    )

    assert field.problem
    assert {part.name: part.value for part in field.parts} == {f"{name}.{part}": text for part, text in posted.items()}


@pytest.mark.parametrize(
    ("answers", "language", "shown"),
    [
        ({"hour": "14:05"}, "fr-CA", "14\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05"),
        ({"hour": "14:05"}, "en-CA", "14:05"),
        ({"moment": "2026-11-21T09:00"}, "fr-CA", "2026-11-21 9\N{NO-BREAK SPACE}h"),
        ({"month": "2026-11-01"}, "fr-CA", "2026-11"),
        ({"year": "2026-01-01"}, "fr-CA", "2026"),
        ({"many": 2.5}, "fr-CA", "2.5"),
        ({"place": "Chez Lou"}, "fr-CA", "Chez Lou"),
    ],
)
def test_staff_read_an_answer_as_their_language_writes_it(answers: dict[str, Any], language: str, shown: str) -> None:
    (row,) = readable_rows(FORM, answers, language)

    assert row.shown == (shown,)


def test_a_ranking_is_read_with_its_places() -> None:
    (row,) = readable_rows(FORM, {"order": ["c", "a", "b"]}, "fr-CA")

    assert row.shown == ({"fr": "1. C"}, {"fr": "2. A"}, {"fr": "3. B"})


def found(row: str, columns: str = "parameters") -> list[tuple[str | None, str]]:
    text = f"| survey |\n| | type | name | label | {columns} |\n| | text | a | A | |\n| | {row} |\n"
    reading = inspect(
        f"{text}| choices |\n| | list_name | name | label |\n| | l | x | X |\n".encode(), key="x", suffix=".md"
    )
    return [(each.column, each.severity) for each in reading.findings if each.row == 3 and each.sheet == "survey"]


@pytest.mark.parametrize(
    ("row", "severity"),
    [
        ("range | r | R | start=0 end=10 step=0", "error"),
        ("range | r | R | start=a end=10", "error"),
        ("range | r | R | start=0 end=100000000000 step=1", "error"),
        ("text | t | T | rows=900", "error"),
        ("select_one l | s | S | randomize=perhaps", "error"),
        ("geopoint | g | G | capture-accuracy=10", "warning"),
        ("text | t | T | many lines", "warning"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_told_at_its_row(row: str, severity: str) -> None:
    assert severity in [told for _, told in found(row)]


def test_a_place_is_never_required() -> None:
    assert found("geopoint | g | G | yes", "required") == [("required", "warning")]


def test_what_a_device_would_fill_in_is_not_collected() -> None:
    assert found("email | e |  |") == [("type", "warning")]


def test_a_hidden_value_is_computed_and_never_sent() -> None:
    form = read(
        b"| survey |\n| | type | name | label | default |\n| | hidden | source | | web |\n| | text | a | A | |\n",
        key="x",
        suffix=".md",
    )

    checked = check(form, {"a": "b", "source": "other"}, today=TODAY)

    assert checked.values == {"a": "b", "source": "web"}
    assert checked.ignored == ("source",)
