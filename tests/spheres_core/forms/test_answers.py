"""The server's word on answers: what is kept, what is dropped and named, what is refused and where."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core.facts import Message, Problem
from spheres_core.forms.answers import check
from spheres_core.forms.meanings import meanings
from spheres_core.forms.schemas import CheckedAnswers, Form
from spheres_core.forms.xlsform.reader import read
from tests.examples import examples

TODAY: Final = dt.date(2026, 11, 21)
HEAD: Final = (
    "type | name | label::fr | label::en | relevant | constraint | required | calculation | appearance | limit"
    " | meaning | constraint_message::fr | constraint_message::en | required_message::fr | required_message::en"
)
ROWS: Final = """
select_one yn | knows | Sait | Knows | | | yes | | | | knows | | | Répondez | Answer
select_one agrees | agrees | Ok | Ok | ${knows} = 'yes' | | yes
integer | age | Âge | Age | | . >= 12 and . < 25 | | | | | age | Pas ${age} | Not ${age}
date | born | Née | Born | | . <= today()
decimal | weight | Poids | Weight
calculate | minor | | | | | | if(${age} < 18, 'yes', 'no')
note | word | Mineure | Minor | ${minor} = 'yes'
begin_group | you | Vous | You
text | name | Nom | Name | | | yes
text | mail | Courriel | Mail | | | | | email
text | phone | Tél | Phone | | | | | phone
text | short | Bref | Short | | | | | | 10
end_group
begin_repeat | child | Enfant | Child | | | | | | 3
text | who | Nom | Name | | | yes
integer | years | Âge | Age | ${age} > 15
end_repeat
calculate | children | | | | | | count(${child})
select_multiple need | needs | Besoins | Needs | | | | | | | need
acknowledge | sure | Sûre | Sure | ${knows} = 'no' | | yes
"""
CHOICES: Final = """
| choices |
| | list_name | name | label::fr | label::en | meaning | retired |
| | yn | yes | Oui | Yes | | |
| | yn | no | Non | No | | |
| | yn | maybe | P | M | unsure | yes |
| | agrees | yes | Oui | Yes | | |
| | need | roof | Toit | Roof | housing | |
| | need | food | Manger | Food | | |
| | need | other | Autre | Other | | |
"""


def table(rows: str, head: str = HEAD, choices: str = CHOICES) -> bytes:
    lines = "\n".join(f"| | {row} |" for row in (head, *rows.strip().splitlines()))
    return f"| survey |\n{lines}\n{choices}".encode()


FORM: Final = read(table(ROWS), key="x", suffix=".md")
GOOD: Final[dict[str, Any]] = {
    "knows": "yes",
    "agrees": "yes",
    "age": 17,
    "born": "2009-02-03",
    "weight": 50.5,
    "you": {"name": "É’☂", "mail": "a.b@example.org", "phone": "514 555-0142 poste 3"},
    "child": [{"who": "A", "years": 1}, {"who": "B"}],
    "needs": ["roof", "other"],
}


def ask(answers: object, form: Form = FORM, language: str = "fr") -> CheckedAnswers:
    return check(form, answers, language=language, today=TODAY)


def problems(checked: CheckedAnswers) -> dict[str, str]:
    return {problem.path: problem.code for problem in checked.problems}


def test_right_answers_are_kept_as_they_were_sent() -> None:
    checked = ask(GOOD)

    assert checked == CheckedAnswers({**GOOD, "minor": "yes", "children": 2}, (), ())


def test_answers_to_what_is_not_asked_are_dropped_and_named() -> None:
    checked = ask({**GOOD, "knows": "no", "sure": True, "age": 14})

    assert checked.ignored == ("agrees", "child[0].years")
    assert "agrees" not in checked.values
    assert checked.values["child"] == [{"who": "A"}, {"who": "B"}]


def test_a_wrong_answer_to_what_is_not_asked_is_no_problem() -> None:
    checked = ask({**GOOD, "knows": "no", "sure": True, "agrees": 7})

    assert checked.problems == ()
    assert checked.ignored == ("agrees",)


def test_a_hidden_answer_is_blank_for_other_questions() -> None:
    form = read(
        table("select_one yn | a | A | A\nselect_one yn | b | B | B | ${a} = 'yes'\ntext | c | C | C | ${b} = 'yes'"),
        key="x",
        suffix=".md",
    )

    checked = ask({"a": "no", "b": "yes", "c": "x"}, form)

    assert checked == CheckedAnswers({"a": "no"}, ("b", "c"), ())


def test_computed_answers_cannot_be_sent() -> None:
    checked = ask({**GOOD, "minor": "no", "children": 2})

    assert checked.values["minor"] == "yes"
    assert checked.ignored == ("minor",)


def test_required_questions_must_be_answered_in_the_form_s_own_words() -> None:
    checked = ask({})

    assert problems(checked) == {"knows": "required", "you.name": "required"}
    assert checked.problems[0].message == {"fr": "Répondez", "en": "Answer"}
    assert isinstance(checked.problems[1].message, Message)


def test_a_constraint_speaks_with_the_answer_in_it() -> None:
    checked = ask({**GOOD, "age": 30})

    assert checked.problems == (Problem({"fr": "Pas 30", "en": "Not 30"}, path="age", code="constraint"),)


WRONG: Final = [
    ({"age": "17"}, "age", "wrong_type"),
    ({"age": 17.5}, "age", "wrong_type"),
    ({"age": True}, "age", "wrong_type"),
    ({"age": 10**30}, "age", "wrong_type"),
    ({"age": float("nan")}, "age", "wrong_type"),
    ({"weight": "50"}, "weight", "wrong_type"),
    ({"weight": float("inf")}, "weight", "wrong_type"),
    ({"born": "2009-02-30"}, "born", "wrong_type"),
    ({"born": "3 Feb"}, "born", "wrong_type"),
    ({"born": 20090203}, "born", "wrong_type"),
    ({"born": "٢٠٠٩-٠٢-٠٣"}, "born", "wrong_type"),
    ({"born": "2027-01-01"}, "born", "constraint"),
    ({"knows": "perhaps"}, "knows", "not_offered"),
    ({"knows": "maybe"}, "knows", "not_offered"),
    ({"knows": ["yes"]}, "knows", "wrong_type"),
    ({"needs": "roof"}, "needs", "wrong_type"),
    ({"needs": ["roof", "food", "car"]}, "needs[2]", "not_offered"),
    ({"needs": ["roof", "roof"]}, "needs[1]", "twice"),
    ({"needs": ["roof", {"a": 1}]}, "needs[1]", "not_offered"),
    ({"needs": ["roof"] * 10_000}, "needs", "too_many"),
    ({"you": ["x"]}, "you", "wrong_type"),
    ({"you": {"name": 7}}, "you.name", "wrong_type"),
    ({"you": {"name": "x" * 1_000_000}}, "you.name", "too_long"),
    ({"you": {"name": "x", "short": "x" * 11}}, "you.short", "too_long"),
    ({"you": {"name": "a\0b"}}, "you.name", "bad_text"),
    ({"you": {"name": "\ud800"}}, "you.name", "bad_text"),
    ({"you": {"name": "x", "mail": "nobody"}}, "you.mail", "not_an_email"),
    ({"you": {"name": "x", "mail": "a@b"}}, "you.mail", "not_an_email"),
    ({"you": {"name": "x", "phone": "call me"}}, "you.phone", "not_a_phone"),
    ({"you": {"name": "x", "phone": "555"}}, "you.phone", "not_a_phone"),
    ({"you": {"name": "x", "zz": 1}}, "you.zz", "unknown_name"),
    ({"child": {"who": "A"}}, "child", "wrong_type"),
    ({"child": [{"who": "A"}, 7]}, "child[1]", "wrong_type"),
    ({"child": [{"who": "A", "years": "1"}]}, "child[0].years", "wrong_type"),
    ({"child": [{}]}, "child[0].who", "required"),
    ({"child": [{"who": "A", "zz": 1}]}, "child[0].zz", "unknown_name"),
    ({"child": [{"who": "A"}] * 10_000}, "child", "too_many"),
    ({"word": "x"}, "word", "unknown_name"),
    ({"zz": 1}, "zz", "unknown_name"),
    ({"\ud800\0": 1}, "??", "unknown_name"),
    ({"x" * 10_000: 1}, "x" * 80, "unknown_name"),
    ({"knows": "no", "agrees": None, "sure": "maybe"}, "sure", "wrong_type"),
    ({"knows": "no", "agrees": None, "sure": False}, "sure", "required"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "code"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_named_by_its_path(change: dict[Any, Any], path: str, code: str) -> None:
    checked = ask({**GOOD, **change})

    assert problems(checked) == {path: code}
    msgspec.json.encode(checked.problems)


@pytest.mark.parametrize("answers", [[], "x", 7, True, 1.5, [{"knows": "yes"}]])
def test_answers_are_an_object(answers: object) -> None:
    assert problems(ask(answers)) == {"": "wrong_type"}


def test_nothing_sent_is_everything_unanswered() -> None:
    assert problems(ask(None)) == problems(ask({}))


def test_blanks_are_no_answers() -> None:
    blank = {"age": None, "born": "", "needs": [], "child": [], "weight": ""}

    checked = ask({**GOOD, **blank, "you": {"name": "x", "mail": "  "}})

    assert checked.values == {
        "knows": "yes",
        "agrees": "yes",
        "minor": "no",
        "you": {"name": "x"},
        "children": 0,
    }


def test_many_texts_together_are_too_much() -> None:
    rows = "\n".join(f"text | t{index} | T | T" for index in range(60))
    form = read(table(rows, choices=""), key="x", suffix=".md")

    checked = ask({f"t{index}": "x" * 5000 for index in range(60)}, form)

    assert problems(checked) == {"": "too_long"}


def test_the_number_of_problems_is_bounded() -> None:
    checked = ask({f"z{index}": 1 for index in range(100_000)})

    assert len(checked.problems) == 100


def test_a_set_of_answers_is_checked_in_a_few_hundred_calls() -> None:
    """Well under a millisecond, counted in what takes the time on any machine."""
    ask(GOOD)
    calls: Counter[str] = Counter()
    sys.setprofile(lambda _frame, event, _argument: calls.update([event]))
    try:
        ask(GOOD)
    finally:
        sys.setprofile(None)

    assert calls["call"] + calls["c_call"] < 1500


def test_meanings_are_in_the_core_s_codes() -> None:
    checked = ask(GOOD)

    assert meanings(FORM, checked.values) == {
        "knows": "yes",
        "age": 17,
        "need": ["housing", "other"],
    }


def test_a_count_in_a_repeat_looks_at_its_own_entry() -> None:
    rows = """
begin_repeat | home | H | H
text | name | N | N
begin_repeat | person | P | P
text | who | W | W
end_repeat
calculate | people | | | | | | count(${person})
end_repeat
calculate | all | | | | | | count(${who})
calculate | told | | | | | | count-non-empty(${who})
"""
    form = read(table(rows, choices=""), key="x", suffix=".md")
    homes = [{"name": "a", "person": [{"who": "x"}, {"who": "y"}]}, {"name": "b", "person": [{}]}]

    checked = ask({"home": homes}, form)

    assert [home["people"] for home in checked.values["home"]] == [2, 1]
    assert (checked.values["all"], checked.values["told"]) == (3, 2)


JSON: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["yes", "no", "roof", "2020-01-01", "\ud800", "\0", "<script>", "'; drop table x --"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(sorted(GOOD)) | st.text(max_size=6), inner, max_size=6)
    ),
    max_leaves=20,
)


@settings(max_examples=examples(600))
@given(st.dictionaries(st.sampled_from([*GOOD, "you", "child", "needs", "sure"]) | st.text(), JSON) | JSON)
def test_whatever_is_sent_never_raises_and_what_is_kept_is_right(sent: Any) -> None:
    checked = ask(sent)

    assert isinstance(checked, CheckedAnswers)
    msgspec.json.encode(checked.problems)
    msgspec.json.encode(checked.ignored)
    if not checked.problems:
        again = ask(checked.values)
        assert again.values == checked.values
        assert not again.problems
        assert not again.ignored


def test_five_thousand_brackets_are_refused_by_the_reader_of_json() -> None:
    """What `check` gets has passed msgspec, which refuses what is nested beyond reason."""
    with pytest.raises((msgspec.DecodeError, RecursionError)):
        msgspec.json.decode(b"[" * 5000 + b"]" * 5000)


def test_deep_nesting_is_an_ordinary_problem() -> None:
    deep: Any = "x"
    for _ in range(800):
        deep = {"you": deep}

    assert "you.you" in problems(ask({**GOOD, **deep}))


def test_checking_does_not_change_what_was_sent() -> None:
    sent: Mapping[str, Any] = msgspec.json.decode(msgspec.json.encode(GOOD))

    ask(sent)

    assert sent == GOOD
