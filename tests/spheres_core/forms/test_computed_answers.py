"""Answers that rules give: defaults that depend on others, questions that are computed, repeats of a given number."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest

from spheres_core.forms.answers import check
from spheres_core.forms.examples import example
from spheres_core.forms.first_answers import first_answers_of
from spheres_core.forms.posted_answers import from_pairs
from spheres_core.forms.schemas import Form
from spheres_core.forms.views.fields import Field, fields
from spheres_core.forms.xlsform.decompiler import draft_of_form
from spheres_core.forms.xlsform.draft_findings import check_draft
from spheres_core.forms.xlsform.reader import inspect, read
from spheres_core.foundation.languages.localization import REGISTRY, Locale

TODAY: Final = dt.date(2026, 11, 21)
FRENCH: Final = Locale((REGISTRY["fr-CA"], REGISTRY["en-CA"]), {})
FORM: Final = read(
    b"""
| survey |
| | type | name | label::fr | default | calculation | read_only | repeat_count | required |
| | text | first | Prenom | Lou | | | | |
| | text | called | Surnom | concat(${first}, '!') | | | | |
| | integer | years | Ans | 2 + 3 | | | | |
| | integer | double | Double | | ${years} * 2 | yes | | |
| | select_one yn | same | Pareil | | if(${years} = 5, 'yes', 'no') | yes | | |
| | text | fixed | Fixe | concat(${first}, ' ', ${years}) | | yes | | |
| | integer | how_many | Combien | | | | | |
| | begin_repeat | child | Enfant | | | | ${how_many} | |
| | text | who | Nom | ${first} | | | | yes |
| | end_repeat | | | | | | | |
| | begin_repeat | pair | Paire | | | | 2 | |
| | text | what | Quoi | | | | | |
| | end_repeat | | | | | | | |
| choices |
| | list_name | name | label::fr |
| | yn | yes | Oui |
| | yn | no | Non |
""",
    key="x",
    suffix=".md",
)


def shown(form: Form, answers: dict[str, Any] | None) -> dict[str, Field]:
    return {each.name: each for each in fields(form, answers, locale=FRENCH, today=TODAY)}


def test_a_default_may_depend_on_what_stands_above_it() -> None:
    assert first_answers_of(FORM, TODAY.isoformat()) == {"first": "Lou", "called": "Lou!", "years": 5}
    assert shown(FORM, None)["called"].value == "Lou!"


def test_a_default_is_only_a_beginning() -> None:
    assert check(FORM, {"first": "Kim", "called": "K"}, today=TODAY).values["called"] == "K"
    assert "called" not in check(FORM, {"first": "Kim"}, today=TODAY).values


def test_a_new_entry_begins_with_what_its_defaults_read_outside_of_it() -> None:
    (entry, *_) = shown(FORM, {"first": "Kim", "how_many": 1})["child"].entries

    assert [each.value for each in entry.fields] == ["Kim"]


def test_a_computed_answer_is_shown_and_follows_from_its_rule_whatever_is_sent() -> None:
    checked = check(FORM, {"first": "Kim", "years": 4, "double": 99, "fixed": "other"}, today=TODAY)
    page = shown(FORM, {"first": "Kim", "years": 5})

    assert (checked.values["double"], checked.values["same"], checked.values["fixed"]) == (8, "no", "Kim 4")
    assert set(checked.ignored) == {"double", "fixed"}
    assert (page["double"].input, page["double"].computed, page["same"].computed) == ("shown", "10", "Oui")


@pytest.mark.parametrize(("count", "entries"), [(0, 0), (2, 2), (1_000, 100), (-3, 0)])
def test_a_repeat_has_as_many_entries_as_its_rule_says(count: int, entries: int) -> None:
    assert len(shown(FORM, {"how_many": count})["child"].entries) == entries


def test_entries_beyond_the_number_are_dropped_and_missing_ones_are_asked_for() -> None:
    sent = {"how_many": 2, "child": [{"who": "A"}, {"who": "B"}, {"who": "C"}]}

    more = check(FORM, sent, today=TODAY)
    fewer = check(FORM, {"how_many": 2, "child": [{"who": "A"}]}, today=TODAY)

    assert more.values["child"] == [{"who": "A"}, {"who": "B"}]
    assert more.ignored == ("child[2]",)
    assert [(each.path, each.code) for each in fewer.problems] == [("child[1].who", "required")]


def test_entries_of_a_given_number_keep_their_places() -> None:
    posted = from_pairs(FORM, [("pair[0].what", ""), ("pair[1].what", "B")])

    assert check(FORM, posted, today=TODAY).values["pair"] == [{}, {"what": "B"}]


def test_its_example_is_valid_with_what_rules_give() -> None:
    answers = example(FORM, today=TODAY)

    assert not check(FORM, answers, today=TODAY).problems
    assert answers["double"] == 2 * answers["years"]
    assert len(answers["child"]) == answers["how_many"]


def test_a_form_with_computed_answers_comes_back_from_its_draft() -> None:
    again = check_draft(draft_of_form(FORM), key="x").form

    assert again == FORM


def severities(row: str, columns: str) -> set[tuple[str | None, str]]:
    text = f"| survey |\n| | type | name | label | {columns} |\n| | text | a | A | |\n| | {row} |\n"
    found = inspect(text.encode(), key="x", suffix=".md").findings
    return {(each.column, each.severity) for each in found if each.row == 3}


@pytest.mark.parametrize(
    ("row", "columns", "told"),
    [
        ("text | b | B | uuid(", "default", ("default", "error")),
        ("text | b | B | concat(${zz}, 'a')", "default", ("default", "error")),
        ("text | b | B | yes", "read_only", ("read_only", "warning")),
        ("text | b | B | 1 + 1", "calculation", ("calculation", "warning")),
        ("text | b | B | 3", "repeat_count", ("repeat_count", "warning")),
    ],
)
def test_what_has_another_effect_than_its_author_may_expect_is_told(
    row: str, columns: str, told: tuple[str, str]
) -> None:
    assert told in severities(row, columns)
