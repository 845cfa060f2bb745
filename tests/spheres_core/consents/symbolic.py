"""Reads the source of `consents.rule` as formulas, so that a theorem is about the text that runs and not about a copy.

Understands what that module is written in: functions that return one expression, and `may`, which goes through rows and
returns a decision. Rows become elements of a sort without bounds, and their fields functions of it; so a formula holds
for ledgers of any size. Anything else in the source is a `NotUnderstood`: then this reader has to learn it first.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final

import z3
from msgspec import Struct

from spheres_core.consents import rule, schemas

SETS: Final = {"classes": "information", "acts": "act"}
"""Fields that are sets, and the field of a question that is sought in them."""


class NotUnderstood(Exception):
    """The source says something that this reader does not know."""


class Rows:
    """Rows of one kind that stand in the database: a set of any size."""

    def __init__(self, sort: z3.SortRef, name: str) -> None:
        self.sort = sort
        self.holds = z3.Function(name, sort, z3.BoolSort())


class Row(Struct, frozen=True):
    """One row, or the question, with functions for its fields."""

    kind: str
    element: Any


VALUES: Final = z3.IntSort()
"""Codes, ids and moments: whatever is only compared."""
SORTS: Final = {name: z3.DeclareSort(name) for name in ("standing", "entry", "exclusion", "question")}
_codes: dict[Any, int] = {}


def code(value: Any) -> z3.ArithRef:
    """Returns a number for a constant of the source; different constants have different numbers."""
    return z3.IntVal(_codes.setdefault(value, len(_codes) + 1))


def field(row: Row, name: str) -> Any:
    """Returns a field of a row."""
    if name in SETS:
        member = z3.Function(f"{row.kind}.{name}", SORTS[row.kind], VALUES, z3.BoolSort())
        return lambda value: member(row.element, value)
    sort = z3.BoolSort() if name == "onward" else VALUES
    return z3.Function(f"{row.kind}.{name}", SORTS[row.kind], sort)(row.element)


class Rule:
    """The rule of a source as formulas, of the real one when left out. `changed`: pieces that are replaced first."""

    def __init__(self, changed: Mapping[str, str] | None = None, *, source: str = "") -> None:
        source = source or inspect.getsource(rule)
        for before, after in (changed or {}).items():
            if before not in source:
                raise NotUnderstood(before)
            source = source.replace(before, after)
        tree = ast.parse(source)
        self._functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}

    def allows(self, question: Row, standings: Rows, entries: Rows, exclusions: Rows, now: Any) -> z3.BoolRef:
        """Returns the formula under which `may` answers `Allowed`."""
        names = [each.arg for each in self._functions["may"].args.args]
        given = dict(zip(names, (question, standings, entries, exclusions, now), strict=True))
        return self._block(self._functions["may"].body, given)

    def call(self, name: str, *arguments: Any) -> z3.BoolRef:
        """Returns the formula of one of the functions that return an expression."""
        function = self._functions[name]
        given = dict(zip([each.arg for each in function.args.args], arguments, strict=True))
        last = function.body[-1]
        if not isinstance(last, ast.Return) or last.value is None:
            raise NotUnderstood(name)
        return self._expression(last.value, given)

    def _block(self, body: list[ast.stmt], given: dict[str, Any]) -> z3.BoolRef:
        """Returns whether the statements end in `Allowed`."""
        for at, statement in enumerate(body):
            if isinstance(statement, ast.For):
                reached, allowed = self._loop(statement, given)
                return z3.If(reached, z3.BoolVal(allowed), self._block(body[at + 1 :], given))
            if isinstance(statement, ast.Return):
                return z3.BoolVal(_is_allowed(statement))
            if not isinstance(statement, ast.Assign | ast.Expr):
                raise NotUnderstood(ast.dump(statement))
        raise NotUnderstood("a block without an end")

    def _loop(self, loop: ast.For, given: dict[str, Any]) -> tuple[z3.BoolRef, bool]:
        """Returns whether a loop returns, and which decision it returns."""
        assert isinstance(loop.target, ast.Name) and isinstance(loop.iter, ast.Name)
        rows: Rows = given[loop.iter.id]
        element = z3.FreshConst(rows.sort, loop.target.id)
        inside = {**given, loop.target.id: Row(loop.target.id, element)}
        reached, decisions = self._hits(loop.body, inside)
        if len(decisions) != 1:
            raise NotUnderstood("a loop that returns different decisions")
        return z3.Exists([element], z3.And(rows.holds(element), reached)), decisions.pop()

    def _hits(self, body: list[ast.stmt], given: dict[str, Any]) -> tuple[z3.BoolRef, set[bool]]:
        reached: list[z3.BoolRef] = []
        decisions: set[bool] = set()
        for statement in body:
            if isinstance(statement, ast.Return):
                return z3.Or(*reached, z3.BoolVal(True)), decisions | {_is_allowed(statement)}
            if isinstance(statement, ast.If) and not statement.orelse:
                inner, more = self._hits(statement.body, given)
                reached.append(z3.And(self._expression(statement.test, given), inner))
            elif isinstance(statement, ast.For):
                found, decision = self._loop(statement, given)
                reached.append(found)
                more = {decision}
            else:
                raise NotUnderstood(ast.dump(statement))
            decisions |= more
        return z3.Or(*reached), decisions

    def _expression(self, node: ast.expr, given: dict[str, Any]) -> Any:
        if isinstance(node, ast.BoolOp):
            join: Callable[..., Any] = z3.And if isinstance(node.op, ast.And) else z3.Or
            return join(*(self._expression(each, given) for each in node.values))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self.call(node.func.id, *(self._expression(each, given) for each in node.args))
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self._comparison(node, given)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return field(given[node.value.id], node.attr)
        if isinstance(node, ast.Name):
            return given[node.id] if node.id in given else code(getattr(schemas, node.id))
        if isinstance(node, ast.Constant):
            return code(node.value) if not isinstance(node.value, bool) else z3.BoolVal(node.value)
        raise NotUnderstood(ast.dump(node))

    def _comparison(self, node: ast.Compare, given: dict[str, Any]) -> Any:
        left, operator, right = self._expression(node.left, given), node.ops[0], node.comparators[0]
        if isinstance(operator, ast.In | ast.NotIn):
            within = self._within(left, right, given)
            return within if isinstance(operator, ast.In) else z3.Not(within)
        other = self._expression(right, given)
        if isinstance(operator, ast.Eq):
            return left == other
        if isinstance(operator, ast.NotEq):
            return left != other
        if isinstance(operator, ast.LtE):
            return left <= other
        if isinstance(operator, ast.Lt):
            return left < other
        raise NotUnderstood(ast.dump(node))

    def _within(self, left: Any, right: ast.expr, given: dict[str, Any]) -> Any:
        if isinstance(right, ast.Tuple):
            return z3.Or(*(left == self._expression(each, given) for each in right.elts))
        if isinstance(right, ast.Attribute):
            return self._expression(right, given)(left)
        if isinstance(right, ast.Name):
            return z3.Or(*(left == code(each) for each in sorted(getattr(schemas, right.id))))
        if isinstance(right, ast.Subscript) and isinstance(right.value, ast.Name):
            table, key = getattr(schemas, right.value.id), self._expression(right.slice, given)
            return z3.Or(*(z3.And(key == code(kind), z3.Or(*(left == code(each) for each in sorted(most))))
                           for kind, most in table.items()))  # fmt: skip
        raise NotUnderstood(ast.dump(right))


def _is_allowed(statement: ast.Return) -> bool:
    value = statement.value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in ("Allowed", "Refused"):
        return value.func.id == "Allowed"
    raise NotUnderstood(ast.dump(statement))
