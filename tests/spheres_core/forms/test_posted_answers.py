"""A page's post becomes an answers object, without JavaScript and without loss."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core.forms.answers import check
from spheres_core.forms.posted_answers import from_pairs
from spheres_core.forms.xlsform.reader import read
from tests.examples import examples

TODAY: Final = dt.date(2026, 11, 21)
FORM: Final = read(
    b"""
| survey |
| | type | name | label |
| | text | name | N |
| | integer | age | A |
| | decimal | weight | W |
| | select_multiple l | needs | N |
| | acknowledge | sure | S |
| | date | day | D |
| | begin_group | you | Y |
| | text | mail | M |
| | end_group | | |
| | begin_repeat | child | C |
| | text | who | W |
| | end_repeat | | |
| choices |
| | list_name | name | label |
| | l | a | A |
| | l | b | B |
""",
    key="x",
    suffix=".md",
)

POSTS: Final[list[tuple[list[tuple[str, str]], dict[str, Any]]]] = [
    ([], {}),
    ([("name", ""), ("age", "  ")], {}),
    ([("name", " A\r\nB ")], {"name": " A\nB "}),
    ([("age", " 17 ")], {"age": 17}),
    ([("age", "1\u202f000")], {"age": 1000}),
    ([("age", "old")], {"age": "old"}),
    ([("age", "1.5")], {"age": "1.5"}),
    ([("weight", "50,5")], {"weight": 50.5}),
    ([("weight", "50")], {"weight": 50}),
    ([("needs", "a"), ("needs", "b")], {"needs": ["a", "b"]}),
    ([("sure", "on")], {"sure": True}),
    ([("day", "2020-01-02")], {"day": "2020-01-02"}),
    ([("day.year", "2009"), ("day.month", "2"), ("day.day", " 3 ")], {"day": "2009-02-03"}),
    ([("day.year", ""), ("day.month", ""), ("day.day", "")], {}),
    ([("day.day", "3"), ("day.year", "2009")], {"day": "2009--3"}),
    ([("name.day", "3")], {"name.day": "3"}),
    ([("you.mail", "x")], {"you": {"mail": "x"}}),
    ([("child[3].who", "B"), ("child[1].who", "A")], {"child": [{"who": "A"}, {"who": "B"}]}),
    ([("child[0].who", ""), ("child[1].who", "A")], {"child": [{"who": "A"}]}),
    ([("_csrf", "secret"), ("name", "A")], {"name": "A"}),
    ([("zz", "1")], {"zz": "1"}),
    ([("you", "x"), ("you.mail", "y")], {"you": "x", "you.mail": "y"}),
    ([("child", "x")], {"child": "x"}),
    ([("child[x].who", "1")], {"child[x].who": "1"}),
    ([("name", "a"), ("name", "b")], {"name": ["a", "b"]}),
]


@pytest.mark.parametrize(("pairs", "answers"), POSTS, ids=range(len(POSTS)))
def test_a_post_becomes_answers(pairs: list[tuple[str, str]], answers: dict[str, Any]) -> None:
    assert from_pairs(FORM, pairs) == answers


NAMES: Final = st.sampled_from(
    [
        "name",
        "age",
        "needs",
        "you",
        "you.mail",
        "child",
        "child[0]",
        "child[0].who",
        "child[9].who",
        "you.mail.x",
        "child[0].who.x",
        "a]b[",
        "day.day",
        "day.year",
        "day.month",
    ]
) | st.text(max_size=12)


@settings(max_examples=examples(300))
@given(st.lists(st.tuples(NAMES, st.text(max_size=8)), max_size=12))
def test_whatever_is_posted_can_be_checked(pairs: list[tuple[str, str]]) -> None:
    check(FORM, from_pairs(FORM, pairs), today=TODAY)


def test_ten_thousand_entries_are_a_problem_and_not_a_crash() -> None:
    answers = from_pairs(FORM, [(f"child[{index}].who", "x") for index in range(10_000)])

    assert [problem.code for problem in check(FORM, answers, today=TODAY).problems] == ["too_many"]
