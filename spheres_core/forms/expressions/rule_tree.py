"""Walking rule trees without recursion: what a rule refers to, and rewriting its leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

Tree = list[Any]
"""`[operator, …]` with trees or plain values behind it, e.g. `["=", ["ref", "state"], ["text", "yes"]]`."""


LEAVES: Final = frozenset({"ref", "path", "position", "index"})
"""Nodes that mean something else at each place of a form, until they are resolved."""


def nodes(tree: Tree) -> Iterator[Tree]:
    """Yields every node, outermost first."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(child for child in node[1:] if isinstance(child, list))


def references_of(tree: Tree) -> frozenset[str]:
    return frozenset(node[1] for node in nodes(tree) if node[0] == "ref")


def columns_of(tree: Tree) -> frozenset[str]:
    return frozenset(node[1] for node in nodes(tree) if node[0] == "column")


def uses_self(tree: Tree) -> bool:
    return any(node[0] == "self" for node in nodes(tree))


def depth(tree: Tree) -> int:
    """Returns how many nodes stand inside each other, at the deepest place."""
    deepest = 0
    waiting = [(tree, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in node[1:] if isinstance(child, list))
    return deepest


def rewrite(tree: Tree, leaf: Callable[[Tree], Tree]) -> Tree:
    """Returns the same tree with every `ref`, `path`, `position` and `index` replaced by `leaf(node)`. Depth is bounded
    when a rule is read."""
    if tree[0] in LEAVES:
        return leaf(tree)
    return [
        tree[0],
        *(rewrite(child, leaf) if isinstance(child, list) else child for child in tree[1:]),
    ]
