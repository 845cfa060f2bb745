"""A process of the suite that crashes costs its test and no other, and the run comes to its end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.wait import LIMIT

CONFTEST = """
import pytest
from tests import schedule

@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return schedule.ByFile(config, log)
"""
CRASHES = """
import os, signal
from pathlib import Path

def test_crashes_once():
    crashed = Path(__file__).with_name("crashed")
    if not crashed.exists():
        crashed.touch()
        os.kill(os.getpid(), signal.SIGSEGV)
"""
FILES, CRASHING = 40, 30


def test_a_run_ends_after_a_process_has_crashed(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    for number in range(FILES):
        text = CRASHES if number == CRASHING else ""
        text += "".join(f"def test_{each}(): pass\n" for each in range(1 + number % 3))
        (tmp_path / f"test_{number:02}.py").write_text(text, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "xdist", "--numprocesses=2", "-rA", "--no-header", str(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ran = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    passed = re.findall(r"^PASSED (\S+)$", ran.stdout, re.MULTILINE)
    assert sorted(passed) == sorted(set(passed)), "a test that has run is not handed out again"
    assert len(passed) == sum(1 + number % 3 for number in range(FILES)) + 1
    assert re.findall(r"^FAILED (\S+)", ran.stdout, re.MULTILINE) == [f"test_{CRASHING:02}.py::test_crashes_once"]
    assert ran.returncode == 1
