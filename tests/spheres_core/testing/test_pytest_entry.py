"""The fixtures reach whoever has SPHÈRES installed, and nobody else notices them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[3]
NAME: Final = "spheres_core.fixtures"
UNRELATED: Final = """
import sys

def test_nothing_of_ours_was_loaded():
    assert "spheres_core.fixtures" in sys.modules
    assert not {"spheres_core.testing", "spheres_core.app", "litestar", "sqlalchemy"} & set(sys.modules)
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder on the path that says of this tree what an installed SPHÈRES says."""
    site = tmp_path / "site"
    info = site / "spheres-0.1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: spheres\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text(f"[pytest11]\n{NAME} = {NAME}\n")
    return site


def run(folder: Path, site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{ROOT}", "PYTEST_ADDOPTS": ""}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_run_that_has_nothing_to_do_with_us_loads_nothing_of_ours(tmp_path: Path, installed: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_unrelated.py").write_text(UNRELATED)

    ran = run(tmp_path, installed, "-p", "no:anyio", "-p", "no:schemathesis", "-p", "no:playwright")

    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_named_twice_the_fixtures_are_there_once(tmp_path: Path, installed: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text("pytest_plugins = ['spheres_core.fixtures']\n")

    ran = run(tmp_path, installed, "-p", NAME, "--fixtures", "-p", "no:schemathesis", "-p", "no:playwright")

    assert ran.returncode in (0, 5), ran.stdout + ran.stderr
    assert ran.stdout.count("make_world -- ") == 1


def test_the_test_harness_needs_no_pytest() -> None:
    script = (
        "import sys; sys.modules['pytest'] = None; sys.modules['_pytest'] = None\n"
        "from spheres_core.testing import World, MakeWorld, definition, world_maker, shared_cluster\n"
        "from spheres_core.cli.command_table import COMMANDS\n"
        "import importlib\n"
        "for each in COMMANDS.values():\n"
        "    if each.target: importlib.import_module('spheres_core.cli.' + each.target.partition(':')[0])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
