"""The linters, each in a process of its own beside the tests: started at the beginning of the run, read at its end."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.wait import wait_until

ROOT: Final = Path(__file__).parents[1]
LINT_IMPORTS: Final = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"
LINTERS: Final = {
    "ruff": [sys.executable, "-m", "ruff", "check", "--quiet", "."],
    "ruff format": [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "."],
    "mypy": [sys.executable, "-m", "mypy"],
    "import contracts": [sys.executable, "-c", LINT_IMPORTS],
    "import cycles": [sys.executable, "tests/rules/import_cycles.py"],
}
FOLDER: Final = "SPHERES_TEST_LINTERS"
"""The variable that tells the processes of a run where the linters write what they find."""
STARTED: Final[list[subprocess.Popen[bytes]]] = []
"""Those of this process."""


def start() -> None:
    """Starts all of them, unless a process of this run did."""
    if FOLDER in os.environ:
        return
    folder = Path(tempfile.mkdtemp(prefix="spheres-linters-"))
    os.environ[FOLDER] = str(folder)
    for name, command in LINTERS.items():
        said, ended = folder / f"{name}.said", folder / f"{name}.ended"
        script = f"{shlex.join(command)} >{shlex.quote(str(said))} 2>&1; echo $? >{shlex.quote(str(ended))}.part"
        script += f"; mv {shlex.quote(str(ended))}.part {shlex.quote(str(ended))}"
        STARTED.append(subprocess.Popen(["/bin/sh", "-c", script], cwd=ROOT, stdin=subprocess.DEVNULL))


def end() -> None:
    """Waits for those that this process started, and removes what they wrote."""
    for each in STARTED:
        each.wait()
    if STARTED:
        STARTED.clear()
        shutil.rmtree(os.environ.pop(FOLDER))


def result(name: str) -> tuple[int, str]:
    """Returns the exit status and the output of one, when it has ended."""
    folder = Path(os.environ[FOLDER])
    ended = folder / f"{name}.ended"
    wait_until(ended.exists, why=lambda: f"{name} does not end")
    return int(ended.read_text()), (folder / f"{name}.said").read_text()
