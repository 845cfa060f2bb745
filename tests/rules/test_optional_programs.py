"""`make test` needs nothing of the system; what is missing is said once, and `.ci/run` installs all of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.optional_programs import CHROMIUM, NGINX, POSTGRES_15, PROGRAMS, Program, missing, notice, reason_to_skip

ROOT: Final = Path(__file__).parents[2]


def test_ci_installs_each_program_and_no_other() -> None:
    script = (ROOT / ".ci" / "run").read_text()

    installed = re.findall(r"^\[ -[xd] (\S+) \] \|\| need\+=\((\S+)\)$", script, re.MULTILINE)
    assert sorted(installed) == sorted((str(each.path), each.package) for each in PROGRAMS)


def test_ci_fails_when_a_test_is_skipped() -> None:
    assert "[0-9]+ skipped" in (ROOT / ".ci" / "run").read_text()


@pytest.mark.parametrize("program", PROGRAMS, ids=[each.package for each in PROGRAMS])
def test_without_a_program_only_the_tests_that_need_it_are_left_out(program: Program) -> None:
    absent = missing(lambda path: path != program.path)

    assert absent == [program]
    assert reason_to_skip(["tmp_path", program.fixture], absent) == f"{program.package} not installed"
    assert reason_to_skip(["tmp_path", "cluster", "make_world"], absent) is None


def test_what_is_left_out_is_said_in_one_line_and_nothing_where_all_is_there() -> None:
    said = notice([CHROMIUM, NGINX, POSTGRES_15])

    assert said is not None
    assert "\n" not in said
    assert all(each.package in said for each in (CHROMIUM, NGINX, POSTGRES_15))
    assert notice(missing(lambda _: True)) is None


def test_programs_that_tests_start_are_asked_for_by_their_fixture() -> None:
    """No test names such a program's path itself: it would fail where the program is missing."""
    own = {ROOT / "tests" / "optional_programs.py", Path(__file__)}
    paths = [str(each.path.parent if each.package == "postgresql-15" else each.path) for each in PROGRAMS]

    found = [
        f"{file.relative_to(ROOT)}: {path}"
        for file in sorted((ROOT / "tests").rglob("*.py"))
        if file not in own
        for path in paths
        if path in file.read_text()
    ]
    assert found == []
