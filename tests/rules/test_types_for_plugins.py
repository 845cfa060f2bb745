"""The core ships its types: a new plugin is checked by `mypy --strict` against the installed wheel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.wheels import core_wheel, make_environment


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `venv`, where the core is installed from its wheel, and with a new code plugin, `night_bus`."""
    folder = tmp_path_factory.mktemp("author")
    programs = make_environment(folder / "venv", core_wheel(tmp_path_factory))
    new = ["plugin", "new", "--tier", "code", "--id", "night_bus", "--languages", "fr-CA,en-CA", "--yes", "night_bus"]
    environment = {"PATH": "/usr/bin:/bin", "LANG": "en_CA.UTF-8", "SPHERES_HOME": str(folder / "home")}
    subprocess.run([programs / "spheres", *new], cwd=folder, env=environment, check=True, capture_output=True)
    return folder


def mypy_strict(folder: Path) -> str:
    """Returns what `mypy --strict` says of the plugin in that folder. The installed core is read, not judged."""
    options = ["--strict", "--python-executable", "venv/bin/python", "--config-file=", "--no-error-summary"]
    command = [sys.executable, "-m", "mypy", *options, "night_bus"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_a_new_plugin_has_no_error_against_the_installed_core(author: Path) -> None:
    assert mypy_strict(author) == ""


def test_a_line_that_misuses_the_core_is_an_error(author: Path) -> None:
    (author / "night_bus" / "wrong.py").write_text(
        "from spheres_core.plugin import Opinion, no_such_name\n\nOpinion(outcome='perhaps', reason=3)\n"
    )

    found = mypy_strict(author)

    assert 'wrong.py:1: error: Module "spheres_core.plugin" has no attribute "no_such_name"' in found
    assert 'wrong.py:3: error: Argument "outcome" to "Opinion" has incompatible type' in found
    assert all(line.startswith("night_bus/wrong.py:") for line in found.splitlines() if ": error:" in line)
