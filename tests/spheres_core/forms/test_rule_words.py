"""Rules in words: what is built of conditions and groups is a rule, and each rule that can be said so is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.forms.rule_words import COMPARISONS, OWN, Condition, Conditions, conditions_of, written_rule
from spheres_core.forms.xlsform.decompiler import draft_of_form
from spheres_core.forms.xlsform.draft_changes import kind_of
from spheres_core.forms.xlsform.reader import read
from spheres_core.forms.xlsform.rule_cells import rule_of

SHIPPED: Final = sorted((Path(__file__).parents[3] / "plugins").glob("*/forms/*.md"))
KINDS: Final = {"age": "integer", "born": "date", "needs": "select_multiple", "name": "text", OWN: "text"}
VALUES: Final = {"integer": ["0", "18", "-2.5"], "date": ["today", "2026-11-28"], "select_multiple": ["food"]}
ORDERED: Final = {"above", "at_least", "below", "at_most"}
"""Comparisons that mean something of numbers and dates alone."""
conditions = st.sampled_from(sorted(KINDS)).flatmap(
    lambda asked: st.builds(
        lambda comparison, value: Condition(asked, comparison, "" if comparison in ("answered", "blank") else value),
        st.sampled_from(sorted(COMPARISONS.keys() - (set() if KINDS[asked] in ("integer", "date") else ORDERED))),
        st.sampled_from(VALUES.get(KINDS[asked], ["yes", "l'autre", "a b"])),
    )
)
rules = st.sampled_from([("and", "or"), ("or", "and")]).flatmap(
    lambda joins: st.builds(
        lambda parts: Conditions(joins[0], tuple(parts)),
        st.lists(
            conditions
            | st.lists(conditions, min_size=2, max_size=4).map(lambda inner: Conditions(joins[1], tuple(inner))),
            min_size=2,
            max_size=4,
        ),
    )
)


@given(rules)
def test_a_rule_of_conditions_and_groups_is_read_as_it_was_built(rule: Conditions) -> None:
    assert conditions_of(written_rule(rule.conditions, join=rule.join, kinds=KINDS)) == rule


def test_every_rule_of_the_shipped_forms_is_said_in_words_and_means_the_same_again() -> None:
    rules = [each for path in SHIPPED for each in rules_of(path)]
    assert len(rules) >= 60
    for cell, kinds in rules:
        found = conditions_of(cell)
        assert found is not None, cell
        assert rule_of(written_rule(found.conditions, join=found.join, kinds=kinds)) == rule_of(cell)


def rules_of(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yields each rule of a form, and the kinds of its questions by name."""
    draft = draft_of_form(read(path, key=path.stem))
    kinds = {row.cells.get("name", ""): kind_of(row) for row in draft.survey}
    for row in draft.survey:
        for rule in ("relevant", "required", "constraint"):
            if (cell := row.cells.get(rule, "")) not in ("", "yes"):
                yield cell, {**kinds, OWN: kind_of(row)}


@pytest.mark.parametrize(
    "cell",
    ["${a} = 1 and (${b} = 2 or (${c} = 3 and ${d} = 4))", "${a} = ${b}", "not(${a} = 1 or ${b} = 2)",
     "if(${a} = 1, true(), false())", "${a} + 1 = 2", " or ".join(f"${{a}} = {number}" for number in range(21))],
)  # fmt: skip
def test_a_rule_that_says_more_stays_an_expression(cell: str) -> None:
    assert conditions_of(cell) is None


def test_a_typographic_apostrophe_does_not_end_a_value() -> None:
    written = written_rule([Condition("name", "is", "l’autre")], join="and", kinds=KINDS)
    assert conditions_of(written) == Conditions("and", (Condition("name", "is", "l'autre"),))


def test_a_group_of_one_is_a_condition_and_an_empty_one_is_nothing() -> None:
    one, blank = Condition("age", "below", "18"), Condition("", "is")
    parts: list[Condition | Conditions] = [
        Conditions("or", (one, blank)),
        Conditions("or", (blank,)),
        blank,
        Condition("name", "answered"),
    ]
    assert written_rule(parts, join="and", kinds=KINDS) == "${age} < 18 and ${name} != ''"
