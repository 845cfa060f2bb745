"""Cells that hold a rule, or yes or no."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.forms.expressions import Tree, columns_of, parse
from spheres_core.forms.expressions.rule_tree import nodes

YES: Final = frozenset({"yes", "true", "true()", "1"})


NO: Final = frozenset({"no", "false", "false()", "0"})


@lru_cache(maxsize=2048)
def rule_of(cell: str) -> Tree:
    """Returns the tree of a rule cell; typographic quotation marks count as plain ones. Raises ExpressionInvalid.

    Each cell is read by many checks: the tree is kept, and nobody changes it.
    """
    for typographic, plain in (("‘", "'"), ("’", "'"), ("“", '"'), ("”", '"'), ("\u00a0", " ")):
        cell = cell.replace(typographic, plain)
    return parse(cell)


def required_rule(cell: str) -> Tree | None:
    """Returns a `required` cell: yes, no, or a rule. None means never."""
    said = cell.strip().lower()
    if said in YES:
        return ["true"]
    return None if said in NO or not said else rule_of(cell)


def says_null(cell: str) -> bool:
    """Returns whether a rule that can be read speaks of `null`."""
    return any(node[0] == "null" for node in nodes(rule_of(cell)))


def lone_word_problem(tree: Tree) -> Message | None:
    """Returns why a rule with a bare word means nothing; only choice filters read them."""
    words = columns_of(tree)
    if not words:
        return None
    word = min(words)
    return msg(
        "“{word}” is neither a reference nor a text: write {reference} or '{word}'.",
        word=word,
        reference=f"${{{word}}}",
    )
