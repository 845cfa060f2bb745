"""Prints each cycle of imports among modules and packages that lie side by side in the folder it runs in.

Exits with 1 when there are any.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator

import grimp

INIT = "__init__"
"""Stands for a package's own module, beside its children."""


def cycles(package: str) -> list[str]:
    """Returns `parent: a, b, …` for each set of siblings that all import one another, directly or by way of each other.

    A package is one node with all that is in it, so that two packages may not import each other even where no two
    modules do. Imports inside functions count; those for type checkers do not.
    """
    graph = grimp.build_graph(package, exclude_type_checking_imports=True, cache_dir=None)
    siblings: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            parent, here, there = _meeting(importer.split("."), imported.split("."))
            siblings[parent][here].add(there)
    return sorted(
        f"{parent}: {', '.join(sorted(group))}"
        for parent, edges in siblings.items()
        for group in _strongly_connected(edges)
    )


def _meeting(importer: list[str], imported: list[str]) -> tuple[str, str, str]:
    """Returns the package in which the two modules part, and the child of it that each lies in."""
    shared = 0
    while shared < min(len(importer), len(imported)) and importer[shared] == imported[shared]:
        shared += 1
    return ".".join(importer[:shared]), *((each[shared : shared + 1] or [INIT])[0] for each in (importer, imported))


def _strongly_connected(edges: dict[str, set[str]]) -> Iterator[set[str]]:
    reach = {node: _reachable(edges, node) for node in edges}
    seen: set[str] = set()
    for node in sorted(edges):
        group = {other for other in reach[node] if node in reach.get(other, ())} | {node}
        if len(group) > 1 and node not in seen:
            seen |= group
            yield group


def _reachable(edges: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for each in edges.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


if __name__ == "__main__":
    sys.path.insert(0, "")
    found = cycles("spheres_core")
    print("\n".join(found))
    sys.exit(bool(found))
