"""Every line is as pyproject.toml asks; the linters run beside the tests (`tests/linters.py`)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests import linters
from tests.schedule import SLOWEST

ROOT: Final = Path(__file__).parents[2]


@pytest.fixture(scope="module", autouse=True)
def _started() -> None:
    linters.start()


@pytest.mark.parametrize("linter", linters.LINTERS)
def test_the_linters_find_nothing(linter: str) -> None:
    status, said = linters.result(linter)

    assert status == 0, said


def test_the_schedule_names_files_that_exist() -> None:
    assert [each for each in SLOWEST if not (ROOT / "tests" / each).is_file()] == []
