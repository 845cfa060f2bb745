"""Choices whose order shall not speak: drawn for each person, the same when a page is shown again."""

from __future__ import annotations

import datetime as dt
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core.forms.views.fields import fields
from spheres_core.forms.xlsform.reader import read
from spheres_core.foundation.languages.localization import REGISTRY, Locale
from tests.examples import examples

TODAY: Final = dt.date(2026, 11, 21)
FRENCH: Final = Locale((REGISTRY["fr-CA"], REGISTRY["en-CA"]), {})
CODES: Final = [f"c{number}" for number in range(8)]
FORM: Final = read(
    (
        "| survey |\n| | type | name | label | parameters |\n"
        "| | select_one l | listed | L | |\n"
        "| | select_one l | drawn | D | randomize=true |\n"
        "| | rank l | seeded | S | randomize=true seed=42 |\n"
        "| choices |\n| | list_name | name | label |\n" + "".join(f"| | l | {code} | {code} |\n" for code in CODES)
    ).encode(),
    key="x",
    suffix=".md",
)


def order(drawn: str) -> dict[str, list[str]]:
    shown = fields(FORM, {}, locale=FRENCH, today=TODAY, drawn=drawn)
    return {field.name: [option.value for option in field.options] for field in shown}


@settings(max_examples=examples(50))
@given(st.text(min_size=1))
def test_every_choice_stands_once_and_a_page_that_is_shown_again_is_the_same(drawn: str) -> None:
    shown = order(drawn)

    assert shown == order(drawn)
    assert shown["listed"] == CODES
    assert sorted(shown["drawn"]) == sorted(shown["seeded"]) == CODES


def test_people_see_different_orders_and_a_seed_gives_all_of_them_the_same() -> None:
    pages = [order(str(person)) for person in range(40)]

    assert len({tuple(page["drawn"]) for page in pages}) > 30
    assert {page["drawn"][0] for page in pages} == set(CODES)
    assert len({tuple(page["seeded"]) for page in pages}) == 1
    assert pages[0]["seeded"] != CODES
