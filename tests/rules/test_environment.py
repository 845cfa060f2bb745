"""The environment is read in one place, and the manual lists what is read there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import spheres_core
from spheres_core.foundation import deployment
from tests import syntax

CORE = Path(spheres_core.__file__).parent
MANUAL = CORE.parent / "docs" / "run-it.md"
DEPLOYMENT = "foundation/deployment.py"
ACCESSORS = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}


def environment_accesses(source: str) -> list[int]:
    """Returns the numbers of the lines that read or set the environment."""
    return sorted(set(_accesses(source)))


def _accesses(source: str) -> Iterator[int]:
    for node in syntax.nodes(source, ACCESSORS):
        if isinstance(node, ast.Attribute) and node.attr in ACCESSORS:
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and node.module == "os" and ACCESSORS & {each.name for each in node.names}:
            yield node.lineno


def environment_problems(root: Path) -> list[str]:
    """Returns `file:line` for each access in the core of the tree in `root`, apart from the module that may."""
    core = root / "spheres_core"
    return [
        f"{path.relative_to(core).as_posix()}:{line}"
        for path in sorted(core.rglob("*.py"))
        if path != core / DEPLOYMENT
        for line in environment_accesses(path.read_text(encoding="utf-8"))
    ]


def test_only_the_deployment_module_reads_the_environment() -> None:
    assert environment_accesses((CORE / DEPLOYMENT).read_text(encoding="utf-8")), "the scan finds the module that may"
    assert environment_problems(CORE.parent) == []


def test_a_read_of_the_environment_elsewhere_is_found() -> None:
    assert environment_accesses("import os\nHOME = os.environ['SPHERES_HOME']\n") == [2]
    assert environment_accesses("import os as system\nsystem.getenv('PORT')\n") == [2]
    assert environment_accesses("from os import environ\n") == [1]
    assert environment_accesses("import os\nos.getcwd()\n") == []


def test_the_manual_names_each_variable_that_is_read_and_no_other() -> None:
    in_the_manual = set(re.findall(r"\bSPHERES_[A-Z_]+\b", MANUAL.read_text(encoding="utf-8")))

    assert in_the_manual == set(deployment.VARIABLES)
    assert f"| `{deployment.PORT}` |" in MANUAL.read_text(encoding="utf-8")
