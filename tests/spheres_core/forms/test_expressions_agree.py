"""Python and the browser give every rule the same value, on thousands of random rules and answers."""

from __future__ import annotations

import json
import re
import tracemalloc
from importlib import resources
from typing import Any

import pytest
import quickjs
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core.forms.expressions import ExpressionInvalid, RuleScope, evaluate, parse
from spheres_core.forms.expressions.values import LONGEST_TEXT, number_text
from tests.examples import examples

TODAY = "2026-11-21"
NAMES = ("a", "b", "c", "d")
COLUMNS = ("region", "kind")

WORDS = st.one_of(
    st.sampled_from(
        [
            "yes",
            "no",
            "a b",
            " a",
            "10",
            "9",
            "-3",
            "1.50",
            "007",
            "2026-11-21",
            "2025-02-03",
            "é",
            "x\u00a0y",
            "1e5",
        ]
    ),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12),
    st.text(st.sampled_from("aé😀\uff5e1 "), max_size=6),
)
# At most fifteen digits: beyond, QuickJS (unlike browsers) does not always write the shortest text of a double.
NUMBERS = st.one_of(
    st.integers(-100, 100).map(float),
    st.builds(
        lambda digits, power: float(f"{digits}e{power}"),
        st.integers(-(10**15) + 1, 10**15 - 1),
        st.integers(-40, 40) | st.integers(-280, 280),
    ),
    st.sampled_from([0.0, 0.1, 0.5, 1e21, 1e20, 1e-7, 1e-6, 2.5, -2.5, 1.005]),
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    WORDS,
    st.lists(st.sampled_from(["yes", "no", "a", "b"]), max_size=4),
)
PATTERNS = st.sampled_from(
    [
        "[a-z]+",
        "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,4}",
        "\\d{3}[ -]?\\d{4}",
        "^(yes|no)$",
        "[^0-9]*",
        "\\w+",
        "..?.?",
        "(a|é)?.*",
        "[\\s]*\\S*",
        "\\-?[0-9]{1,3}(\\.[0-9]{1,2})?",
    ]
)


def quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"


def literals() -> st.SearchStrategy[str]:
    return st.one_of(
        WORDS.filter(lambda text: '"' not in text or "'" not in text).map(quoted),
        st.integers(0, 30).map(str),
        st.sampled_from(["0.5", "2.25", ".1", "1000000"]),
        st.sampled_from([f"${{{name}}}" for name in NAMES]),
        st.sampled_from([".", "today()", "true()", "false()", *COLUMNS]),
    )


def compounds(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "and", "or"])
    return st.one_of(
        st.builds(lambda left, sign, right: f"({left} {sign} {right})", inner, signs, inner),
        st.builds(
            lambda name, value: f"{name}({value})",
            st.sampled_from(
                [
                    "not",
                    "count",
                    "count-selected",
                    "string-length",
                    "number",
                    "round",
                    "concat",
                    "-",
                ]
            ),
            inner,
        ),
        st.builds(lambda value, digits: f"round({value}, {digits})", inner, st.integers(0, 6)),
        st.builds(lambda one, two: f"selected({one}, {two})", inner, inner),
        st.builds(lambda one, two: f"concat({one}, {two})", inner, inner),
        st.builds(lambda one, two, three: f"coalesce({one}, {two}, {three})", inner, inner, inner),
        st.builds(lambda one, two, three: f"if({one}, {two}, {three})", inner, inner, inner),
        st.builds(lambda value, pattern: f"regex({value}, '{pattern}')", inner, PATTERNS),
    )


RULES = st.recursive(literals(), compounds, max_leaves=12)


@pytest.fixture(scope="module")
def engine() -> Any:
    source = resources.files("spheres_core.forms").joinpath("static/expressions.js").read_text("utf-8")
    context = quickjs.Context()
    context.eval(re.sub(r"^export ", "", source, flags=re.MULTILINE))
    context.eval(
        """
        function judge(said) {
          const { tree, values, own, today, columns } = JSON.parse(said);
          const value = evaluate(tree, {
            ref: (path) => values[path] ?? null, own, today, column: (name) => columns[name] ?? null,
          });
          return JSON.stringify({ value });
        }
        """
    )
    return context


@settings(max_examples=examples(3000))
@given(
    rule=RULES,
    values=st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES)),
    own=VALUES,
    columns=st.fixed_dictionaries(dict.fromkeys(COLUMNS, WORDS)),
)
def test_both_evaluators_give_the_same_value(
    engine: Any, rule: str, values: dict[str, Any], own: Any, columns: dict[str, str]
) -> None:
    try:
        tree = parse(rule)
    except ExpressionInvalid:
        return
    scope = RuleScope(
        {name: value for name, value in values.items() if value is not None},
        today=TODAY,
        own=own,
        columns=columns,
    )
    here = evaluate(tree, scope)

    sent = {"tree": tree, "values": values, "own": own, "today": TODAY, "columns": columns}
    there = json.loads(engine.get("judge")(json.dumps(sent)))["value"]

    assert _plain(there) == _plain(here), rule


def _plain(value: Any) -> Any:
    """Numbers as doubles, so that 1 and 1.0 are one; types otherwise kept apart."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return ("number", float(value))
    return value


@settings(max_examples=examples(1000))
@given(NUMBERS)
def test_numbers_are_written_alike(engine: Any, number: float) -> None:
    assert json.loads(
        engine.get("judge")(
            json.dumps(
                {
                    "tree": ["concat", ["ref", "a"]],
                    "values": {"a": number},
                    "own": None,
                    "today": TODAY,
                    "columns": {},
                }
            )
        )
    )["value"] == number_text(number)


def test_the_comparison_can_fail(engine: Any) -> None:
    """Control: two different rules are told apart."""
    sent = {
        "tree": ["+", ["figure", 1.0], ["figure", 1.0]],
        "values": {},
        "own": None,
        "today": TODAY,
        "columns": {},
    }

    there = json.loads(engine.get("judge")(json.dumps(sent)))["value"]

    assert _plain(there) != _plain(evaluate(["+", ["figure", 1.0], ["figure", 2.0]], RuleScope({}, today=TODAY)))


@pytest.mark.parametrize("letter", ["a", "é", "😀"])
@pytest.mark.parametrize(("characters", "blank"), [(LONGEST_TEXT, False), (LONGEST_TEXT + 1, True)])
def test_both_join_no_more_than_the_longest_text_however_its_characters_are_counted(
    engine: Any, letter: str, characters: int, *, blank: bool
) -> None:
    half = characters // 2
    values = {"a": letter * half, "b": letter * (characters - half)}
    tree = parse("concat(${a}, ${b})")
    here = evaluate(tree, RuleScope(values, today=TODAY))
    sent = {"tree": tree, "values": values, "own": None, "today": TODAY, "columns": {}}
    there = json.loads(engine.get("judge")(json.dumps(sent)))["value"]
    assert (here is None) is blank
    assert here == there


def test_forty_rows_that_double_a_text_stay_small_in_both(engine: Any) -> None:
    """A form that no linter has seen: each value is that of the row before, joined to itself."""
    doubled = parse("concat(${a}, ${a})")
    here = there = "x" * 100
    tracemalloc.start()
    for _ in range(40):
        here = evaluate(doubled, RuleScope({"a": here} if here else {}, today=TODAY))
        sent = {"tree": doubled, "values": {"a": there}, "own": None, "today": TODAY, "columns": {}}
        there = json.loads(engine.get("judge")(json.dumps(sent)))["value"]
        assert here == there
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200 * 1024 * 1024
    assert here is None
