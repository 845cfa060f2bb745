"""Python and the browser give every rule the same value, on thousands of random rules and answers."""

from __future__ import annotations

import math
import tracemalloc
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core.forms.answer_placement import place_answers
from spheres_core.forms.compiled_form import AnswerScope, compile_form, evaluate_rules
from spheres_core.forms.expressions import Clock, ExpressionInvalid, RuleScope, evaluate, parse
from spheres_core.forms.expressions.dates import Moment
from spheres_core.forms.expressions.values import LONGEST_TEXT, number, number_text, stored, text, truth
from spheres_core.forms.references import resolve_paths, resolve_references
from spheres_core.forms.schemas import Choice, Form, Question, hashed
from spheres_core.foundation.languages.localization import REGISTRY, Locale
from tests.examples import examples
from tests.spheres_core.forms.random_rules import (
    ANSWERS,
    COLUMNS,
    LARGE_NUMBERS,
    NAMES,
    RULES,
    VALUES,
    WORDS,
    compounds,
    literals,
)
from tests.spheres_core.forms.rule_engine import browser_engine, judged, places_of, settled

CLOCKS: Final = st.builds(
    Clock,
    st.sampled_from(["2026-11-21", "2024-02-29", "1999-12-31"]),
    st.integers(-(10**12), 2 * 10**12).map(float),
    st.sampled_from([-420, -300, 0, 330, 345]),
    WORDS,
)
CLOCK: Final = Clock("2026-11-21", 1_795_271_400_000.0, -300, "seed")
ENGLISH: Final = Locale((REGISTRY["en-CA"], REGISTRY["fr-CA"]), {})


@pytest.fixture(scope="module")
def engine() -> Any:
    return browser_engine()


def both(engine: Any, tree: Any, values: dict[str, Any], clock: Clock, **more: Any) -> tuple[Any, Any]:
    """Returns what Python and the browser make of a rule."""
    scope = RuleScope({name: value for name, value in values.items() if value is not None}, today=clock, **more)
    here = evaluate(tree, scope)
    there = judged(engine, tree, values, clock=clock._asdict(), **more)
    seen = number(here, clock.offset)
    kind = {bool: "boolean", float: "number", str: "string", list: "list", Moment: "date"}[type(here)]
    said = {
        "kind": kind,
        "text": text(here),
        "truth": truth(here),
        "number": _plain(seen),
        "negative": math.copysign(1.0, seen) < 0 and seen == 0,
        "stored": _plain(stored(here)),
    }
    return said, {**there, "number": _plain(there["number"]), "stored": _plain(there["stored"])}


def _plain(value: Any) -> Any:
    """Numbers as doubles, so that 1 and 1.0 are one; what JSON cannot hold as its name."""
    if isinstance(value, dict):
        return str(float(value["number"]))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return float(value) if math.isfinite(value) else str(float(value))


@settings(max_examples=examples(400), deadline=None)
@given(
    rule=RULES,
    values=st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES)),
    own=ANSWERS | st.none(),
    columns=st.fixed_dictionaries(dict.fromkeys(COLUMNS, WORDS)),
    clock=CLOCKS,
)
def test_both_evaluators_give_the_same_value(
    engine: Any, rule: str, values: dict[str, Any], own: Any, columns: dict[str, str], clock: Clock
) -> None:
    try:
        tree = parse(rule)
    except ExpressionInvalid:
        return

    here, there = both(engine, tree, values, clock, own=own, columns=columns)

    assert there == here, rule


REFERENCES: Final = ("${a}", "${n}", "${d}", "${m}", "${x}", "${y}", "${z}")
PLACED: Final = (
    "position(..)",
    "index()",
    "random()",
    "once('w')",
    "count(${r})",
    "count(${s})",
    "indexed-repeat(${y}, ${r}, 2)",
    "indexed-repeat(${z}, ${r}, 1, ${s}, ${n})",
    "indexed-repeat(${z}, ${s}, 1)",
    "jr:choice-name(${m}, '${m}')",
    "jr:choice-name('yes', '${m}')",
)
INSIDE: Final = ("position(${r})", "position(../..)", "../y", "../x", "current()/../y", "/form/a")
"""What a rule may read inside of the first repeat only."""


def placed_rules(more: tuple[str, ...] = ()) -> st.SearchStrategy[str]:
    return st.recursive(
        literals(REFERENCES) | st.sampled_from([*PLACED, *more]),
        lambda inner: compounds(inner, st.sampled_from(["${a}", "${x}", "${y}", "${z}"])),
        max_leaves=6,
    )


@st.composite
def form_answers(draw: Any) -> dict[str, Any]:
    """Answers to the form, as they are sent; more or fewer entries of both repeats."""
    given_name = st.none() | WORDS
    figure = st.none() | st.integers(-3, 3)

    def entry(depth: int) -> dict[str, Any]:
        inner = [entry(1) for _ in range(draw(st.integers(0, 2)))] if depth == 0 else None
        return {"z": draw(given_name)} if depth else {"x": draw(figure), "y": draw(given_name), "s": inner}

    return {
        "a": draw(given_name),
        "n": draw(figure),
        "d": draw(st.none() | st.dates().map(lambda day: day.isoformat())),
        "m": draw(st.lists(st.sampled_from(["yes", "no"]), unique=True)),
        "r": [entry(0) for _ in range(draw(st.integers(0, 3)))],
    }


@settings(max_examples=examples(150), deadline=None)
@given(
    rules=st.tuples(placed_rules(), placed_rules(), placed_rules(INSIDE), placed_rules(), placed_rules()),
    answers=form_answers(),
)
def test_both_find_the_same_answers_in_repeats(engine: Any, rules: tuple[str, ...], answers: dict[str, Any]) -> None:
    try:
        trees = [parse(rule) for rule in rules]
    except ExpressionInvalid:
        return
    form = _placed_form(trees)
    compiled_form = compile_form(form)
    root = _placed(form, answers)
    before = _placed(form, answers)

    evaluate_rules(compiled_form, root)

    here = places_of(root, hidden=True)
    assert _as_json(settled(engine, form, before, CLOCK, ENGLISH)) == _as_json(here), rules


def _placed_form(trees: list[Any]) -> Form:
    """A form with a repeat in a repeat, and rules that stand at each place."""
    outside, shown, inside, deep, both_seen = trees
    inner = Question("s", "repeat", "r.s", children=(
        Question("z", "text", "r.s.z"), Question("c2", "calculate", "r.s.c2", calculation=deep),
    ))  # fmt: skip
    repeat = Question("r", "repeat", "r", children=(
        Question("x", "integer", "r.x"), Question("y", "text", "r.y"), inner,
        Question("c1", "calculate", "r.c1", calculation=inside),
    ))  # fmt: skip
    form = Form(
        key="x", version="", title={}, default_language="en", languages=("en",),
        questions=(
            Question("a", "text", "a"), Question("n", "integer", "n"), Question("d", "date", "d"),
            Question("m", "select_multiple", "m", choices="l"), repeat,
            Question("c0", "calculate", "c0", calculation=outside),
            Question("told", "calculate", "told", calculation=both_seen, relevant=shown),
        ),
        choices={"l": (Choice("yes", {"en": "Yes"}), Choice("no", {"en": "No"}))},
    )  # fmt: skip
    return hashed(resolve_references(resolve_paths(form)))


def _placed(form: Form, answers: dict[str, Any]) -> AnswerScope:
    return place_answers(form, answers, CLOCK, settled=False, language="en")[1]


def _as_json(place: dict[str, Any]) -> Any:
    return {
        **place,
        "answers": {path: _plain(value) for path, value in sorted(place["answers"].items())},
        "entries": {repeat: list(map(_as_json, entries)) for repeat, entries in sorted(place["entries"].items())},
    }


@settings(max_examples=examples(1000))
@given(LARGE_NUMBERS)
def test_numbers_are_written_alike(engine: Any, number: float) -> None:
    assert judged(engine, ["ref", "a"], {"a": number}, clock=CLOCK._asdict())["text"] == number_text(number)


def test_the_comparison_can_fail(engine: Any) -> None:
    """Control: two different rules are told apart."""
    here, _ = both(engine, parse("1 + 1"), {}, CLOCK)
    _, there = both(engine, parse("1 + 2"), {}, CLOCK)

    assert here != there


@pytest.mark.parametrize("letter", ["a", "é", "😀"])
@pytest.mark.parametrize(("characters", "blank"), [(LONGEST_TEXT, False), (LONGEST_TEXT + 1, True)])
def test_both_join_no_more_than_the_longest_text_however_its_characters_are_counted(
    engine: Any, letter: str, characters: int, *, blank: bool
) -> None:
    half = characters // 2
    values = {"a": letter * half, "b": letter * (characters - half)}
    for rule in ("concat(${a}, ${b})", "join('', ${a}, ${b})"):
        here, there = both(engine, parse(rule), values, CLOCK)
        assert (here["text"] == "") is blank
        assert here == there


def test_forty_rows_that_double_a_text_stay_small_in_both(engine: Any) -> None:
    """A form that no linter has seen: each value is that of the row before, joined to itself."""
    doubled = parse("concat(${a}, ${a})")
    value = "x" * 100
    tracemalloc.start()
    for _ in range(40):
        here, there = both(engine, doubled, {"a": value}, CLOCK)
        value = here["text"]
        assert here == there
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200 * 1024 * 1024
    assert value == ""
