"""Finds rules whose value grows beyond what rules may join, or that are too many steps, before anybody answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.forms.expressions import ExpressionInvalid, Tree
from spheres_core.forms.expressions.rule_tree import nodes
from spheres_core.forms.expressions.values import LONGEST_TEXT
from spheres_core.forms.xlsform.findings import cell_finding
from spheres_core.forms.xlsform.rule_cells import required_rule, rule_of
from spheres_core.forms.xlsform.sheets import RULES, XlsformSheets
from spheres_core.foundation.content.packs import Finding

USUAL_ANSWER: Final = 100
"""Characters that an answer is taken to have here."""
OTHER_VALUE: Final = 25
"""Characters of the longest number, date or truth value."""
_PARTS: Final = frozenset(
    {"string", "substr", "substring", "substring-before", "substring-after", "normalize-space", "translate",
     "selected-at", "base64-decode"}
)  # fmt: skip
"""Functions whose value is at most as long as the first that they are given."""
MOST_STEPS: Final = 20_000
"""Signs, functions and references in all rules of a form; the largest form of a region has some hundreds."""


def check_sizes(source: XlsformSheets) -> Iterator[Finding]:
    """Finds the first rule that joins too long a text with usual answers, and the one with which there are too many."""
    sizes = _Sizes(source)
    steps = 0
    for row in source.survey.rows:
        for column in RULES:
            tree = _tree(column, row.cell(column))
            if tree is None:
                continue
            steps += sum(1 for _ in nodes(tree))
            message = _problem(sizes, tree, steps)
            if message is not None:
                yield cell_finding(source, source.survey, row.number, column, message)
                return


def _problem(sizes: _Sizes, tree: Tree, steps: int) -> Message | None:
    if steps > MOST_STEPS:
        return msg("With this rule the form has more than {limit} signs, functions and references.", limit=MOST_STEPS)
    if any(sizes.of_tree(node) > LONGEST_TEXT for node in nodes(tree) if node[0] in ("concat", "join")):
        return msg("With usual answers this joins more than {limit} characters.", limit=LONGEST_TEXT)
    return None


def _tree(column: str, cell: str) -> Tree | None:
    if not cell:
        return None
    try:
        return required_rule(cell) if column == "required" else rule_of(cell)
    except ExpressionInvalid:  # found elsewhere
        return None


def _name_of(node: Tree) -> str:
    return str(node[-1]).rpartition(".")[2]


class _Sizes:
    """How many characters values have with usual answers."""

    def __init__(self, source: XlsformSheets) -> None:
        calculations = ((row.cell("name"), _tree("calculation", row.cell("calculation"))) for row in source.survey.rows)
        self._calculations = {name: tree for name, tree in calculations if tree is not None}
        self._known: dict[str, int] = {}

    def of_tree(self, tree: Tree) -> int:
        match tree[0]:
            case "text":
                return len(tree[1])
            case "ref" | "path":
                return self._of_answer(_name_of(tree))
            case "self" | "column" | "jr:choice-name":
                return USUAL_ANSWER
            case "concat" | "join":
                return min(sum(map(self.of_tree, tree[1:])), 2 * LONGEST_TEXT)
            case "coalesce" | "once":
                return max(map(self.of_tree, tree[1:]))
            case name if name in _PARTS and len(tree) > 1:
                return self.of_tree(tree[1])
            case "if":
                return max(self.of_tree(tree[2]), self.of_tree(tree[3]))
            case _:
                return OTHER_VALUE

    def _of_answer(self, name: str) -> int:
        """Follows calculations one after the other, so that no chain of them is too long for Python's stack."""
        waiting = [name] if name not in self._known else []
        while waiting:
            here = waiting[-1]
            tree = self._calculations.get(here)
            needed = (
                {_name_of(node) for node in nodes(tree) if node[0] in ("ref", "path")} if tree is not None else set()
            )
            missing = [each for each in needed - self._known.keys() if each not in waiting]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            for each in needed:
                self._known.setdefault(each, USUAL_ANSWER)  # a circle, which is found elsewhere
            self._known[here] = USUAL_ANSWER if tree is None else self.of_tree(tree)
        return self._known[name]
