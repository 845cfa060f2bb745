"""Finds what a plugin imports of the core or of another plugin that is not published for it, without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from spheres_core import plugin as plugin_api
from spheres_core.conformance import source_reader
from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.plugins.discovery import Installed

TESTING: Final = "spheres_core.testing"
PAGE: Final = "docs/plugin-api.md"
PUBLISHED: Final = frozenset({plugin_api.__name__, *(f"{plugin_api.__name__}.{name}" for name in plugin_api.__all__)})
"""Everything that a plugin may import of the core."""


def unpublished_in(tree: ast.Module, path: Path, plugin_id: str) -> Iterator[tuple[Message, int]]:
    """Yields what is wrong with the imports of one file, each with its line. `path`: inside the plugin."""
    may_test = "tests" in path.parts
    for name, line in source_reader.imports(tree):
        if _is_foreign(name, plugin_id) and not (may_test and f"{name}.".startswith(f"{TESTING}.")):
            yield msg("{name} is not published for plugins: see {page}.", name=name, page=PAGE), line


def unpublished_imports(installed: Installed) -> tuple[Finding, ...]:
    """Returns a finding for each import of a code plugin, without its tests, that is not published."""
    if installed.manifest.tier != "code":
        return ()
    found: list[Finding] = []
    for path in sorted(installed.root.rglob("*.py")):
        inside = path.relative_to(installed.root)
        if "tests" in inside.parts:
            continue
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError, OSError):  # it cannot be imported either, which is said elsewhere
            continue
        for message, line in unpublished_in(tree, inside, installed.manifest.id):
            found.append(Finding(inside.as_posix(), message, line=line))
    return tuple(found)


def _is_foreign(name: str, plugin_id: str) -> bool:
    """Says whether an imported name belongs to the core, unpublished, or to another plugin."""
    package, _, rest = name.partition(".")
    if package == "spheres_plugins":
        return rest.partition(".")[0] != plugin_id
    return package == "spheres_core" and name not in PUBLISHED
