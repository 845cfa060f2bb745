"""Compiles a rule tree to plain functions once; they are then called for each set of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from spheres_core.forms.expressions.dates import Clock, clock_of_day
from spheres_core.forms.expressions.number_functions import drawn
from spheres_core.forms.expressions.operations import LAZY, OPERATIONS
from spheres_core.forms.expressions.rule_tree import Tree
from spheres_core.forms.expressions.values import Value


class RuleScope:
    """Everything that a rule can read: the answers at its place, its own value, the row of a choice, and the clock."""

    __slots__ = ("clock", "columns", "language", "own", "parent", "values")

    def __init__(
        self,
        values: dict[str, Value],
        *,
        today: str | Clock,
        parent: RuleScope | None = None,
        own: Value = None,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        self.values = values
        self.parent = parent
        self.clock: Clock = parent.clock if parent else clock_of_day(today) if isinstance(today, str) else today
        self.language: str = parent.language if parent else ""
        """The one in which choices are said."""
        self.own = own
        self.columns = columns or {}

    @property
    def today(self) -> str:
        return self.clock.today


Compiled = Callable[[RuleScope], Value]


def _own(scope: RuleScope) -> Value:
    return "" if scope.own is None else scope.own


def _answer_here(name: str) -> Compiled:
    def answer(scope: RuleScope) -> Value:
        value = scope.values.get(name)
        return "" if value is None else value

    return answer


def _not_in_a_form(*_: object) -> Compiled:
    return lambda _scope: ""


class RulePlace(NamedTuple):
    """How a rule finds what depends on where it stands in a form."""

    answer: Callable[[str], Compiled] = _answer_here
    """Reads a question by its path."""
    own: Compiled = _own
    """Reads the answer of the rule's own question."""
    entry_number: Callable[[str], Compiled] = _not_in_a_form
    """Tells which entry of a repeat this is, from 1."""
    indexed: Callable[[str, Sequence[tuple[str, Compiled]]], Compiled] = _not_in_a_form
    """Reads a question in entries that are chosen by number, for each repeat."""
    label: Callable[[str, Compiled], Compiled] = _not_in_a_form
    """Says a chosen code of a question in words."""
    shown: Compiled = lambda _scope: ""
    """The shown path of the question, by which `random()` tells places apart."""


ANYWHERE: Final = RulePlace()
"""For rules that are tried without a form."""


def compile_tree(tree: Tree, place: RulePlace = ANYWHERE) -> Compiled:
    """Returns a function from a scope to the rule's value. `place` decides where a reference's answer is."""
    operator = tree[0]
    match operator:
        case "ref":
            return place.answer(tree[1])
        case "self":
            return place.own
        case "text":
            return _constant(tree[1])
        case "figure":
            return _constant(float(tree[1]))
        case "column":
            return _column(tree[1])
        case "entry-number":
            return place.entry_number(tree[1])
        case "indexed-repeat":
            repeats = [tree[at][1] for at in range(2, len(tree), 2)]
            numbers = [compile_tree(tree[at], place) for at in range(3, len(tree), 2)]
            return place.indexed(tree[1][1], list(zip(repeats, numbers, strict=True)))
        case "jr:choice-name":
            return place.label(tree[2][1], compile_tree(tree[1], place))
        case "random":
            return lambda scope: drawn(f"{scope.clock.seed}\n{place.shown(scope)}")
        case "once":
            return _once(place.own, compile_tree(tree[1], place))
    terms = [compile_tree(child, place) if isinstance(child, list) else _literal(child) for child in tree[1:]]
    if operator in LAZY:
        lazy: Compiled = LAZY[operator](*terms)
        return lazy
    return _applied(OPERATIONS[operator], terms)


def _applied(operation: Callable[..., Value], terms: list[Compiled]) -> Compiled:
    match terms:
        case []:
            return lambda scope: operation(scope.clock)
        case [one]:
            return lambda scope: operation(scope.clock, one(scope))
        case [one, two]:
            return lambda scope: operation(scope.clock, one(scope), two(scope))
    return lambda scope: operation(scope.clock, *[term(scope) for term in terms])


def evaluate(tree: Tree, scope: RuleScope) -> Value:
    """Returns the value of a rule, for one use; compile what is asked often."""
    return compile_tree(tree)(scope)


def _constant(value: Value) -> Compiled:
    return lambda _scope: value


def _literal(child: object) -> Compiled:
    """Returns what stands in a tree itself: a pattern, an algorithm, or digits in trees of earlier versions."""
    return _constant(child if isinstance(child, str) else float(str(child)))


def _column(name: str) -> Compiled:
    return lambda scope: scope.columns.get(name) or ""


def _once(own: Compiled, term: Compiled) -> Compiled:
    def value(scope: RuleScope) -> Value:
        kept = own(scope)
        return term(scope) if kept == "" else kept

    return value
