"""Eight wrong lines, each written into a copy of the tree, and each found by the rule that is there to find it.

Most are all that their rule finds, which shows that the copy has no other. Of the tree itself its own tests say so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.linters import LINT_IMPORTS
from tests.rules.test_dependencies import problems as dependency_problems
from tests.rules.test_environment import environment_problems
from tests.rules.test_plugins import unpublished_imports
from tests.rules.test_templates import problems as template_problems

ROOT: Final = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the rules read."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("spheres_core", "plugins", "tests", "benchmarks"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "assets"))
    (copy / "docs").mkdir()
    for name in ("pyproject.toml", "setup.py", "docs/conf.py"):
        shutil.copy(ROOT / name, copy / name)
    return copy


def contract_problems(root: Path) -> list[str]:
    """Returns the lines in which import-linter names broken contracts and why, for the tree in `root`."""
    ran = subprocess.run([sys.executable, "-c", LINT_IMPORTS], cwd=root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0 or "Broken contracts" in ran.stdout, ran.stdout + ran.stderr
    return ran.stdout.partition("Broken contracts")[2].splitlines()


def cycle_problems(root: Path) -> list[str]:
    """Returns each group of siblings of the core in `root` that import one another."""
    script = Path(__file__).with_name("import_cycles.py")
    ran = subprocess.run([sys.executable, script], cwd=root, capture_output=True, text=True, check=False)
    assert not ran.stderr, ran.stderr
    return [line for line in ran.stdout.splitlines() if line]


@contextmanager
def written(file: Path, text: str) -> Iterator[None]:
    """Adds text to the end of a file, which it makes when there is none, and takes it away again."""
    before = file.read_text() if file.exists() else None
    file.write_text((before or "") + text)
    try:
        yield
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before)


@pytest.fixture(scope="module")
def broken_contracts(tree: Path) -> list[str]:
    """What import-linter finds when three wrong lines stand in the tree at once: it reads all of it each time."""
    with (
        written(tree / "spheres_core/forms/schemas.py", "\nfrom spheres_core.referrals import states\n"),
        written(tree / "spheres_core/referrals/operations/intake.py", "\nfrom litestar import Request\n"),
        written(tree / "spheres_core/staff/lookups.py", "LOOKUPS = ()\n"),
    ):
        return contract_problems(tree)


def test_an_upward_import_is_found(broken_contracts: list[str]) -> None:
    line = "spheres_core.forms.schemas -> spheres_core.referrals.states"
    assert any(line in each for each in broken_contracts)


def test_a_template_that_uses_one_of_a_room_above_is_found(tree: Path) -> None:
    with written(tree / "spheres_core/staff/templates/staff/account.html", '{% include "site/home.html" %}\n'):
        found = template_problems(tree / "spheres_core")

    assert found == ["staff/account.html: site/home.html belongs to site, which stands above staff"]


def test_litestar_in_an_operation_is_found(broken_contracts: list[str]) -> None:
    assert any("spheres_core.referrals.operations.intake -> litestar" in each for each in broken_contracts)


def test_a_module_of_no_kind_is_found(broken_contracts: list[str]) -> None:
    assert any("spheres_core.staff.lookups" in each for each in broken_contracts)


def test_an_import_of_a_plugin_that_is_not_published_is_found(tree: Path) -> None:
    line = "\nfrom spheres_core.referrals.queries import referral_of\n"
    with written(tree / "plugins/regional_intake/queries.py", line):
        found = unpublished_imports(tree / "plugins" / "regional_intake")

    assert found == ["queries.py: spheres_core.referrals.queries.referral_of"]


def test_an_undeclared_dependency_is_found(tree: Path) -> None:
    lines = (tree / "spheres_core/facts/__init__.py").read_text().count("\n")
    with written(tree / "spheres_core/facts/__init__.py", "import typing_extensions\n"):
        found = dependency_problems(tree)

    assert found == [f"spheres_core/facts/__init__.py:{lines + 1}: typing_extensions is imported and not declared"]


def test_a_read_of_the_environment_elsewhere_is_found(tree: Path) -> None:
    lines = (tree / "spheres_core/referrals/states.py").read_text().count("\n")
    with written(tree / "spheres_core/referrals/states.py", "\nimport os\nHOME = os.environ['SPHERES_HOME']\n"):
        found = environment_problems(tree)

    assert found == [f"referrals/states.py:{lines + 3}"]


def test_a_cycle_is_found(tree: Path) -> None:
    """Two packages that import each other, although no two of their modules do; and from inside a function."""
    lines = "\n\ndef late():\n    import spheres_core.foundation.languages.registry\n"
    with written(tree / "spheres_core/foundation/content/workbooks.py", lines):
        found = cycle_problems(tree)

    assert found == ["spheres_core.foundation: content, languages"]
