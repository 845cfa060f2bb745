"""Compiles a rule tree to plain functions once; they are then called for each set of answers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from spheres_core.forms.expressions.patterns import REACH
from spheres_core.forms.expressions.rule_tree import Tree
from spheres_core.forms.expressions.values import (
    LONGEST_TEXT,
    Value,
    chosen,
    equal,
    finite,
    number,
    order,
    selected,
    text,
    truth,
)


class RuleScope:
    """Everything that a rule can read: the answers at its place, its own value, the row of a choice, and the day."""

    __slots__ = ("columns", "own", "parent", "today", "values")

    def __init__(
        self,
        values: dict[str, Value],
        *,
        today: str,
        parent: RuleScope | None = None,
        own: Value = None,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        self.values = values
        self.today = today
        self.parent = parent
        self.own = own
        self.columns = columns or {}


Compiled = Callable[[RuleScope], Value]
Lookup = Callable[[str], Compiled]
"""How a reference is found: given its name, a function that reads it from a frame."""


def _in_this_frame(name: str) -> Compiled:
    return lambda frame: frame.values.get(name)


def compile_tree(tree: Tree, lookup: Lookup = _in_this_frame) -> Compiled:
    """Returns a function from a scope to the rule's value. `lookup` decides where a reference's answer is."""
    operator = tree[0]
    if operator == "ref":
        return lookup(tree[1])
    if operator in _LEAVES:
        return _LEAVES[operator](tree)
    if operator == "regex":
        return _regex(compile_tree(tree[1], lookup), tree[2])
    if operator == "round":
        return _round(compile_tree(tree[1], lookup), tree[2])
    return _OPERATIONS[operator](*(compile_tree(child, lookup) for child in tree[1:]))


def evaluate(tree: Tree, frame: RuleScope) -> Value:
    """Returns the value of a rule, for one use; compile what is asked often."""
    return compile_tree(tree)(frame)


def _filled(value: Value) -> Value:
    """Returns the value, or None (blank) for empty text and empty lists."""
    return None if value is None or value == "" or value == [] else value


def _or(*terms: Compiled) -> Compiled:
    return lambda frame: any(truth(term(frame)) for term in terms)


def _and(*terms: Compiled) -> Compiled:
    return lambda frame: all(truth(term(frame)) for term in terms)


def _not(term: Compiled) -> Compiled:
    return lambda frame: not truth(term(frame))


def _same(left: Compiled, right: Compiled) -> Compiled:
    return lambda frame: equal(left(frame), right(frame)) is True


def _different(left: Compiled, right: Compiled) -> Compiled:
    return lambda frame: equal(left(frame), right(frame)) is False


def _ordered(*wanted: int) -> Callable[[Compiled, Compiled], Compiled]:
    def compare(left: Compiled, right: Compiled) -> Compiled:
        return lambda frame: order(left(frame), right(frame)) in wanted

    return compare


def _arithmetic(compute: Callable[[float, float], float | None]) -> Any:
    def apply(left: Compiled, right: Compiled) -> Compiled:
        def value(frame: RuleScope) -> Value:
            first, second = number(left(frame)), number(right(frame))
            if first is None or second is None:
                return None
            result = compute(first, second)
            return None if result is None else finite(result)

        return value

    return apply


def _divided(first: float, second: float) -> float | None:
    return first / second if second else None


def _remainder(first: float, second: float) -> float | None:
    return math.fmod(first, second) if second else None


def _negated(term: Compiled) -> Compiled:
    def value(frame: RuleScope) -> Value:
        figure = number(term(frame))
        return None if figure is None else 0.0 - figure

    return value


def _round(term: Compiled, digits: int) -> Compiled:
    scale = float(10**digits)

    def value(frame: RuleScope) -> Value:
        figure = number(term(frame))
        if figure is None or finite(figure * scale) is None:
            return None
        return math.floor(figure * scale + 0.5) / scale

    return value


def _regex(term: Compiled, pattern: str) -> Compiled:
    matches = re.compile(pattern).fullmatch

    def value(frame: RuleScope) -> Value:
        subject = term(frame)
        written = text(subject)
        return bool(written) and len(written) <= REACH and matches(written) is not None

    return value


def _joined(*terms: Compiled) -> Compiled:
    def value(frame: RuleScope) -> Value:
        parts: list[str] = []
        left = LONGEST_TEXT
        for term in terms:
            parts.append(text(term(frame)))
            left -= len(parts[-1])
            if left < 0:  # rules that double a text would fill the memory in forty steps
                return None
        return _filled("".join(parts))

    return value


def _first_filled(*terms: Compiled) -> Compiled:
    def value(frame: RuleScope) -> Value:
        for term in terms:
            found = _filled(term(frame))
            if found is not None:
                return found
        return None

    return value


def _count(term: Compiled) -> Compiled:
    def value(frame: RuleScope) -> Value:
        counted = _filled(term(frame))
        if counted is None:
            return 0.0
        return float(len(counted)) if isinstance(counted, list) else 1.0

    return value


def _chosen_of(condition: Compiled, then: Compiled, otherwise: Compiled) -> Compiled:
    return lambda frame: then(frame) if truth(condition(frame)) else otherwise(frame)


def _column(name: str) -> Compiled:
    return lambda frame: _filled(frame.columns.get(name))


def _constant(value: Value) -> Compiled:
    return lambda _frame: value


_LEAVES: Final[dict[str, Callable[[Tree], Compiled]]] = {
    "text": lambda tree: _constant(_filled(tree[1])),
    "figure": lambda tree: _constant(float(tree[1])),
    "true": lambda _tree: _constant(True),
    "false": lambda _tree: _constant(False),
    "today": lambda _tree: lambda frame: frame.today,
    "self": lambda _tree: lambda frame: frame.own,
    "column": lambda tree: _column(tree[1]),
}

_OPERATIONS: Final[dict[str, Callable[..., Compiled]]] = {
    "or": _or,
    "and": _and,
    "not": _not,
    "blank": lambda term: lambda frame: _filled(term(frame)) is None,
    "=": _same,
    "!=": _different,
    "<": _ordered(-1),
    "<=": _ordered(-1, 0),
    ">": _ordered(1),
    ">=": _ordered(0, 1),
    "+": _arithmetic(lambda first, second: first + second),
    "-": _arithmetic(lambda first, second: first - second),
    "*": _arithmetic(lambda first, second: first * second),
    "div": _arithmetic(_divided),
    "mod": _arithmetic(_remainder),
    "negate": _negated,
    "selected": lambda value, code: lambda frame: selected(value(frame), code(frame)),
    "if": _chosen_of,
    "count": _count,
    "count-selected": lambda term: lambda frame: float(len(chosen(term(frame)))),
    "string-length": lambda term: lambda frame: float(len(text(term(frame)))),
    "concat": _joined,
    "coalesce": _first_filled,
    "number": lambda term: lambda frame: number(term(frame)),
}
