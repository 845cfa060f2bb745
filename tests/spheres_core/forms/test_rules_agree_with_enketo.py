"""Every rule that forms here accept has the value that Enketo gives it, on random answers."""

from __future__ import annotations

import datetime as dt
import json
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from pytest_playwright import CreateContextCallback

from spheres_core.forms.expressions import RuleScope, Tree, clock_at, compile_tree, parse
from spheres_core.forms.expressions.dates import Moment
from spheres_core.forms.expressions.rule_tree import nodes
from spheres_core.forms.expressions.values import number, text, truth
from spheres_core.forms.references import rules_of
from spheres_core.forms.schemas import Form, Question
from spheres_core.forms.xlsform.reader import inspect
from tests.examples import examples
from tests.spheres_core.forms.enketo import ZONE, Enketo, document_of, rule_for_enketo
from tests.spheres_core.forms.test_documentation import EXAMPLES
from tests.spheres_core.forms.test_rules_mean_the_same_elsewhere import ROWS

ROOT: Final = Path(__file__).parents[3]
NOW: Final = dt.datetime(2026, 11, 21, 9, 30, tzinfo=ZoneInfo(ZONE))
CLOCK: Final = clock_at(NOW)
ANSWER_SETS: Final = 13_000
TEXTS: Final = (
    "",
    "a",
    "b",
    "yes",
    "no",
    "10",
    "9",
    "-3",
    "1.50",
    "007",
    " a",
    "a b",
    "b c a",
    "true",
    "0",
    "514 555-0142",
)
DAYS: Final = ("", "2026-11-21", "2010-03-15", "2008-11-22", "1970-01-01", "2024-02-29")
TIMES: Final = ("", "2026-11-21T09:30:00.000-07:00", "2012-08-20T00:00:00.000+00:00")
FIGURES: Final = ("", 0.0, 1.0, -1.0, 2.0, 3.0, 17.0, 18.0, 0.5, 2.5, 100.0)
NOT_COMPARED: Final = {
    "random": "each draws its own",
    "once": "ours is never given what was computed before",
    "position": "a place in a form",
    "index": "a place in a form",
    "entry-number": "a place in a form",
    "indexed-repeat": "a place in a form",
    "jr:choice-name": "choices",
    "blank": "an earlier shape of the tree",
    "coalesce": "Enketo keeps what is not a number, and reads two values only; Collect and Web Forms do as we",
}
"""What a rule alone does not say, or where Enketo differs from Collect and Web Forms; with the reason."""
DIFFERENT: Final = {
    "int('Infinity')": "Collect: a text is a number only as XPath writes one",
    "number('Infinity')": "the same",
    "int('1.1e6')": "the same",
    "number('1.1e6')": "the same",
    "round('4,6')": "Collect reads a comma as the point of a number",
    "6.1 - 7.8 = -1.7": "Collect calls numbers equal that are as near as these",
    "decimal-time('06:00')": "Web Forms reads hours and minutes alone",
    "decimal-time(/data/v0)": "Collect reads the time of a date",
    "weighted-checklist(3, -1, /data/v1, 2, /data/v0, 1.5)": "an answer of zero is false in Collect, as a number is",
}
"""Rules, as Enketo is asked, of which Collect or Web Forms expect our value in their suites or their code."""


@pytest.fixture(scope="session")
def base_url() -> str:
    return "http://rules.test/"


@pytest.fixture
def enketo(new_context: CreateContextCallback) -> Enketo:
    return Enketo(new_context(timezone_id=ZONE, locale="en-CA").new_page(), NOW)


class Rule:
    """A rule with the answers that it may be given, by name."""

    def __init__(self, tree: Tree, offered: dict[str, tuple[Any, ...]], own: tuple[Any, ...]) -> None:
        self.names = {path: f"v{index}" for index, path in enumerate(offered)}
        self.tree = _renamed(tree, self.names)
        self.offered = {self.names[path]: values for path, values in offered.items()}
        self.own = own
        self.compiled = compile_tree(self.tree)
        numbers = {name for name, values in self.offered.items() if values is FIGURES}
        self.asked = rule_for_enketo(self.tree, numbers | ({"own"} if own is FIGURES else set()))


def _renamed(tree: Tree, names: dict[str, str]) -> Tree:
    if tree[0] in ("ref", "column"):
        return ["ref", names[tree[1]]]
    return [tree[0], *(_renamed(child, names) if isinstance(child, list) else child for child in tree[1:])]


def _comparable(tree: Tree) -> bool:
    return not any(node[0] in NOT_COMPARED for node in nodes(tree))


def _of_forms() -> Iterator[Rule]:
    files = [*ROOT.glob("plugins/*/forms/*.md"), *ROOT.glob("spheres_core/testing/packs/*/forms/*.md")]
    files += [
        path for path in (ROOT / "tests" / "assets").rglob("*") if path.suffix in (".md", ".xlsx", ".xls", ".csv")
    ]
    for path in sorted(files):
        try:
            form = inspect(path, key="x").form
        except Exception:  # a directory of partners, a broken workbook: no form
            continue
        if form is not None:
            yield from _of_form(form)


def _of_form(form: Form) -> Iterator[Rule]:
    by_path = {question.path: question for question in form.walk()}
    choices = [choice for each in form.choices.values() for choice in each]
    columns = {name: tuple({each.columns.get(name, "") for each in choices}) for one in choices for name in one.columns}
    columns["name"] = tuple(choice.name for choice in choices)
    for question in form.walk():
        for _, tree in rules_of(question):
            if not _comparable(tree):
                continue
            read = {node[1] for node in nodes(tree) if node[0] == "ref"}
            if any(by_path[path].kind in ("repeat", "group") for path in read):
                continue
            offered = {path: _answers_of(form, by_path[path]) for path in sorted(read)}
            offered |= {node[1]: columns.get(node[1], TEXTS) for node in nodes(tree) if node[0] == "column"}
            yield Rule(tree, offered, _answers_of(form, question))


def _answers_of(form: Form, question: Question) -> tuple[Any, ...]:
    codes = [choice.name for choice in form.choices.get(question.choices, ())]
    match question.kind:
        case "integer" | "decimal" | "range":
            return FIGURES
        case "date":
            return DAYS
        case "select_one":
            return ("", *codes)
        case "select_multiple" | "rank":
            return ("", *codes, " ".join(codes[:2]), " ".join(codes))
        case "acknowledge":
            return ("", "OK")
        case _:
            return TEXTS


def _of_expectations() -> Iterator[Rule]:
    for row in ROWS:
        if row.result == "refused":
            continue
        tree = parse(row.expression)
        if not _comparable(tree):
            continue
        given: dict[str, Any] = json.loads(row.values)
        offered = {}
        for node in nodes(tree):
            if node[0] == "ref":
                value = given.get(node[1])
                usual = (*DAYS, *TIMES) if isinstance(value, str) and len(value) > 9 else (*TEXTS, *FIGURES[2:])
                offered[node[1]] = (value,) if isinstance(value, list) else usual
        yield Rule(tree, offered, (*TEXTS, *DAYS, row.own))


def _of_documentation() -> Iterator[Rule]:
    kinds = {"name": TEXTS, "nickname": TEXTS, "born": DAYS, "age": FIGURES, "needs": ("", "food", "food housing")}
    several = {"child": ([1.0], [1.0, 1.0]), "who": (["a", ""], ["b"]), "years": ([1.0, 2.5], [3.0], [])}
    for _, rule, _ in EXAMPLES:
        tree = parse(rule)
        if _comparable(tree):
            read = {node[1] for node in nodes(tree) if node[0] == "ref"}
            yield Rule(tree, {name: {**kinds, **several}[name] for name in sorted(read)}, TEXTS)


def _tried(rule: Rule, chance: random.Random) -> tuple[Any, tuple[str, str, str]]:
    """Returns our value of a rule on random answers, and the question for Enketo."""
    values = {name: chance.choice(offered) for name, offered in rule.offered.items()}
    own = chance.choice(rule.own)
    value = rule.compiled(RuleScope(values, today=CLOCK, own=own))
    kind = {bool: "boolean", float: "number", str: "string", list: "string"}.get(type(value))
    if isinstance(value, Moment):
        kind = "number" if value.in_days else "string"
    assert kind is not None
    said = {"boolean": truth(value), "number": number(value, CLOCK.offset), "string": text(value)}[kind]
    return said, (document_of(values, own), rule.asked, kind)


def _agree(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) and not isinstance(ours, bool):
        found = float(theirs)
        return (
            (math.isnan(found) and math.isnan(ours))
            or found == ours
            or math.isclose(found, ours, rel_tol=1e-11, abs_tol=1e-11)
        )
    return bool(ours == theirs)


def test_rules_that_are_accepted_have_enketos_values(enketo: Enketo) -> None:
    rules = [*_of_forms(), *_of_expectations(), *_of_documentation()]
    chance = random.Random(20_261_121)
    sets = examples(ANSWER_SETS)
    tried = [(rule, *_tried(rule, chance)) for rule in (rules * (sets // len(rules) + 1))[:sets]]

    answers = enketo.ask([asked for _, _, asked in tried])

    both = [
        (ours, asked, found["value"])
        for (_, ours, asked), found in zip(tried, answers, strict=True)
        if "value" in found
    ]
    different = {asked[1]: (ours, theirs, asked) for ours, asked, theirs in both if not _agree(ours, theirs)}
    assert {rule: told for rule, told in different.items() if rule not in DIFFERENT} == {}
    assert len(both) > 0.9 * sets


def test_enketo_answers_and_can_differ(enketo: Enketo) -> None:
    """Control: another rule has another value."""
    (same, other) = enketo.ask([("<data><own>4</own></data>", rule, "number") for rule in (". + 1", ". + 2")])

    assert (_agree(5.0, same["value"]), _agree(5.0, other["value"])) == (True, False)
