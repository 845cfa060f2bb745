"""What the documentation says of forms is so."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Final

import pytest

from spheres_core.forms.answers import check
from spheres_core.forms.expressions import FUNCTIONS
from spheres_core.forms.meanings import MEANINGS, REQUIRED_OF_A_REFERRAL
from spheres_core.forms.xlsform.reader import read

PAGE: Final = (Path(__file__).parents[3] / "docs" / "forms.md").read_text("utf-8")
TODAY: Final = dt.date(2026, 11, 21)


def test_the_example_form_loads_and_works() -> None:
    table = re.search(r"```\n(\| survey \|.*?)```", PAGE, re.DOTALL)
    assert table is not None

    form = read(table[1].encode(), key="example", suffix=".md")
    checked = check(form, {"knows": "oui", "age": 17, "who_else": "x"}, today=TODAY)

    assert checked.values == {"knows": "oui", "age": 17, "minor": "yes", "who_else": "x"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_is_described(function: str) -> None:
    assert f"`{function}(" in PAGE


@pytest.mark.parametrize("meaning", MEANINGS.values(), ids=MEANINGS)
def test_every_meaning_is_described_with_its_codes(meaning: object) -> None:
    name = getattr(meaning, "name", "")
    row = next(line for line in PAGE.splitlines() if line.startswith("|") and f"`{name}`" in line)

    assert all(code in row for code in getattr(meaning, "codes", ()))
    assert ("*" in row) == any(name in group for group in REQUIRED_OF_A_REFERRAL)
