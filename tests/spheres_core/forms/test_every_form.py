"""What must hold for every form a region may write."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core.forms.answers import check
from spheres_core.forms.examples import example
from spheres_core.forms.expressions import clock_of_day
from spheres_core.forms.json_schema import json_schema
from spheres_core.forms.posted_answers import from_pairs
from spheres_core.forms.schemas import Form, decode, encode
from spheres_core.forms.views.fields import browser_rules, fields
from spheres_core.forms.views.readable_answers import readable_rows
from spheres_core.foundation.languages.localization import REGISTRY, Locale
from tests.examples import examples
from tests.spheres_core.forms.random_forms import forms

TODAY: Final = dt.date(2026, 11, 21)
FRENCH: Final = Locale((REGISTRY["fr-CA"], REGISTRY["en-CA"]), {})


@settings(max_examples=examples(40))
@given(forms())
def test_the_example_of_a_form_is_valid_today(form: Form) -> None:
    answers = example(form, today=TODAY)

    checked = check(form, answers, today=TODAY)

    assert not checked.problems
    assert checked.values == answers
    jsonschema.validate(answers, json_schema(form, "en"))


@settings(max_examples=examples(30))
@given(forms())
def test_a_posted_page_says_the_same_as_the_api(form: Form) -> None:
    answers = example(form, today=TODAY)

    posted = from_pairs(form, [("_csrf", "x"), *pairs(answers)])

    assert check(form, posted, today=TODAY).values == answers


@settings(max_examples=examples(30))
@given(forms())
def test_a_version_comes_back_from_its_json(form: Form) -> None:
    assert decode(encode(form)) == form


@settings(max_examples=examples(30))
@given(
    forms(),
    st.dictionaries(st.sampled_from(["q0", "q1", "s1", "s2"]), st.integers() | st.text() | st.lists(st.none())),
)
def test_a_page_can_show_whatever_was_sent(form: Form, sent: dict[str, Any]) -> None:
    checked = check(form, sent, today=TODAY)

    shown = fields(form, sent, checked.problems, locale=FRENCH, today=TODAY)

    assert [field.name for field in shown] == [question.name for question in form.questions]
    json.dumps(browser_rules(form, FRENCH, clock_of_day(TODAY.isoformat())))


@settings(max_examples=examples(30))
@given(forms())
def test_every_answer_can_be_read_again(form: Form) -> None:
    answers = example(form, today=TODAY)

    rows = readable_rows(form, answers, "fr")

    assert {row.path for row in rows if not row.heading} == {path for path, _ in leaves(answers)}


def leaves(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Answers by shown path; a multiple is one answer."""
    for name, value in values.items():
        path = f"{above}{name}"
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for index, entry in enumerate(value):
                yield from leaves(entry, f"{path}[{index}].")
        else:
            yield path, value


def pairs(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a browser sends for these answers."""
    for path, value in leaves(values):
        for each in value if isinstance(value, list) else [value]:
            yield path, "on" if each is True else str(each)
