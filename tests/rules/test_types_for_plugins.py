"""The core ships its types: a new plugin is checked by `mypy --strict` against the installed wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from spheres_core.authoring import scaffold
from spheres_core.authoring.scaffold import NewPlugin
from tests import linters
from tests.wheels import installed

WRONG = "from spheres_core.plugin import Opinion, no_such_name\n\nOpinion(outcome='perhaps', reason=3)\n"


def what_mypy_knows(folder: Path) -> Path:
    """Returns a copy of the cache that mypy keeps of the tree, when it has read all of it: empty when there is none.

    It holds for the installed core where that has the same types, whose files mypy compares; it reads others anew.
    """
    if linters.FOLDER in os.environ:
        linters.result("mypy")
    copy, kept = folder / "cache", linters.ROOT / ".mypy_cache"
    if kept.is_dir():
        shutil.copytree(kept, copy)
    return copy


def test_a_new_plugin_has_no_error_against_the_installed_core_and_what_misuses_it_has(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """In one run of mypy, which is slow to begin: all errors that it finds are of the wrong file beside it."""
    new = NewPlugin("code", "night_bus", ("fr-CA", "en-CA"), {"fr": "Essai", "en": "Trial"})
    plugin = scaffold.create_plugin(new, tmp_path / "night_bus")
    (plugin / "wrong.py").write_text(WRONG)
    options = ["--strict", "--python-executable", str(installed(tmp_path_factory) / "python"), "--config-file="]
    options += ["--no-error-summary", "--cache-dir", str(what_mypy_knows(tmp_path))]
    command = [sys.executable, "-m", "mypy", *options, "night_bus"]

    ran = subprocess.run(command, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)

    first, second, *more = [line for line in ran.stdout.splitlines() if ": error:" in line]
    assert 'wrong.py:1: error: Module "spheres_core.plugin" has no attribute "no_such_name"' in first
    assert 'wrong.py:3: error: Argument "outcome" to "Opinion" has incompatible type' in second
    assert all(line.startswith("night_bus/wrong.py:3:") for line in more)
    assert ran.stderr == ""
