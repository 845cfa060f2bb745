"""Tries rules without a form: one on given answers, or a table of them against the values that others expect."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.forms.expressions import Clock, ExpressionInvalid, RuleScope, Tree, evaluate
from spheres_core.forms.expressions.dates import Moment
from spheres_core.forms.expressions.rule_tree import nodes
from spheres_core.forms.expressions.values import number, text, truth
from spheres_core.forms.xlsform.rule_cells import lone_word_problem, rule_of
from spheres_core.foundation.content.csv_reader import exact_rows

COLUMNS: Final = ("expression", "values", "own", "kind", "expected")
"""Columns of a table of rules."""
KINDS: Final = ("boolean", "number", "string")
_NEAREST: Final = 1e-9
"""Numbers that differ by less than this part are one; libraries compute angles and logarithms differently."""
_OF_A_FORM: Final = {"path", "parent", "position", "index", "indexed-repeat", "jr:choice-name"}


class TriedRule(Struct, frozen=True):
    """The value of a rule, as each kind of value, or why it is refused."""

    kind: str = ""
    """`boolean`, `number`, `string`, `date` or `list`; empty when refused."""
    boolean: bool | None = None
    number: float | str | None = None
    """`NaN`, `Infinity` and `-Infinity` as text."""
    string: str | None = None
    refused: Message | None = None

    def as_kind(self, kind: str) -> bool | float | str | None:
        return {"boolean": self.boolean, "number": self.number, "string": self.string}[kind]


class TriedRow(Struct, frozen=True):
    """A row of a table: what was expected, and what the rule's value is."""

    line: int
    expression: str
    values: str
    own: str
    kind: str
    expected: str
    """JSON."""
    result: Literal["agree", "refused", "different"]
    found: Any = None
    reason: Message | None = None


class TableInvalid(Exception):
    """A table that cannot be read; `message` says why."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.msgid)


def try_rule(rule: str, values: Mapping[str, Any], own: Any, clock: Clock) -> TriedRule:
    """Returns the value of a rule on answers by name; a list is the answers in each entry of a repeat."""
    try:
        tree = rule_of(rule)
    except ExpressionInvalid as invalid:
        return TriedRule(refused=invalid.message)
    if refused := _needs_a_form(tree) or lone_word_problem(tree):
        return TriedRule(refused=refused)
    given = {name: _given(value) for name, value in values.items() if value is not None}
    value = evaluate(tree, RuleScope(given, today=clock, own=_given(own)))
    figure = number(value, clock.offset)
    return TriedRule(
        kind=_kind_of(value),
        boolean=truth(value),
        number=figure if math.isfinite(figure) else text(figure),
        string=text(value),
    )


def _given(value: Any) -> Any:
    """Returns an answer as rules see it."""
    if isinstance(value, list):
        return [_given(one) if one is not None else "" for one in value]
    return float(value) if type(value) is int else value


def _kind_of(value: Any) -> str:
    return {bool: "boolean", float: "number", str: "string", list: "list", Moment: "date"}[type(value)]


def _needs_a_form(tree: Tree) -> Message | None:
    for node in nodes(tree):
        if node[0] in _OF_A_FORM:
            shown = f"{node[0]}()" if node[0] not in ("path", "parent") else "../"
            return msg("“{construct}” speaks of a place in a form; a rule alone has none.", construct=shown)
    return None


def tried_rows(table: str, clock: Clock) -> Iterator[TriedRow]:
    """Yields the rows of a table, with tabs between its columns, and what each rule's value is. Raises TableInvalid."""
    for line, row in exact_rows(table, "\t"):
        missing = [column for column in COLUMNS if column not in row]
        if missing:
            raise TableInvalid(msg("The table has no column “{column}”.", column=missing[0]))
        yield _tried_row(line, row, clock)


def _tried_row(line: int, row: dict[str, str], clock: Clock) -> TriedRow:
    try:
        values, expected = json.loads(row["values"] or "{}"), json.loads(row["expected"])
    except ValueError:
        raise TableInvalid(msg("Line {line}: “values” and “expected” are JSON.", line=line)) from None
    if row["kind"] not in KINDS or not isinstance(values, dict):
        raise TableInvalid(msg("Line {line}: a kind is one of {kinds}.", line=line, kinds=", ".join(KINDS)))
    tried = try_rule(row["expression"], values, row["own"], clock)
    result: Literal["agree", "refused", "different"] = "refused"
    found = None
    if tried.refused is None:
        found = tried.as_kind(row["kind"])
        result = "agree" if _agrees(row["kind"], found, expected) else "different"
    return TriedRow(
        line=line,
        expression=row["expression"],
        values=row["values"],
        own=row["own"],
        kind=row["kind"],
        expected=row["expected"],
        result=result,
        found=found,
        reason=tried.refused,
    )


def _agrees(kind: str, found: Any, expected: Any) -> bool:
    if kind == "number":
        return _same_number(float(found), expected)
    if kind == "string" and isinstance(expected, str) and (pattern := re.fullmatch(r"/(.+)/", expected)):
        return re.search(pattern[1], found) is not None  # suites write what a text contains between slashes
    return bool(found == expected)


def _same_number(found: float, expected: Any) -> bool:
    """Returns whether two numbers are the same, to the places that the expected one is written with."""
    wanted = float(expected)
    if math.isnan(wanted) or math.isinf(wanted):
        return found == wanted or (math.isnan(found) and math.isnan(wanted))
    places = len(repr(wanted).partition(".")[2].partition("e")[0])
    written_short = 2 <= places <= 6 and "e" not in repr(wanted)
    return math.isclose(found, wanted, rel_tol=_NEAREST, abs_tol=_NEAREST) or (
        written_short and abs(found - wanted) <= 0.5000001 * 10.0**-places
    )
