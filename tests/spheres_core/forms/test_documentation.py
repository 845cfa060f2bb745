"""What the documentation says of forms is so."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.forms.answers import check
from spheres_core.forms.expressions import FUNCTIONS
from spheres_core.forms.meanings import MEANINGS, REQUIRED_OF_A_REFERRAL
from spheres_core.forms.xlsform.reader import read
from tests.spheres_core.forms.documented_rules import tried, tried_in_browser
from tests.spheres_core.forms.rule_engine import browser_engine

PAGE: Final = (Path(__file__).parents[3] / "docs" / "forms.md").read_text("utf-8")
TODAY: Final = dt.date(2026, 11, 21)


def test_the_example_form_loads_and_works() -> None:
    table = re.search(r"```\n(\| survey \|.*?)```", PAGE, re.DOTALL)
    assert table is not None

    form = read(table[1].encode(), key="example", suffix=".md")
    checked = check(form, {"knows": "oui", "age": 17, "who_else": "x"}, today=TODAY)

    assert checked.values == {"knows": "oui", "age": 17, "minor": "yes", "who_else": "x"}


EXAMPLES: Final = re.findall(
    r"^\| `([a-z0-9:-]+)\([^`]*\)` \| [^|]+ \| `([^|]+)` \| `([^|`]*)` \|$", PAGE, re.MULTILINE
)


def test_every_function_is_described_by_an_example() -> None:
    assert sorted(function for function, _, _ in EXAMPLES) == sorted(FUNCTIONS)


@pytest.mark.parametrize(("function", "rule", "value"), EXAMPLES, ids=[each[0] for each in EXAMPLES])
def test_examples_of_functions_are_so_on_the_server_and_in_the_browser(
    engine: Any, function: str, rule: str, value: str
) -> None:
    assert f"{function}(" in rule
    assert tried(rule) == value
    assert tried_in_browser(engine, rule) == value


def test_an_example_with_a_wrong_value_would_be_found() -> None:
    """Control: the same examples do not have just any value."""
    assert len({tried(rule) for _, rule, _ in EXAMPLES}) > len(EXAMPLES) / 2


@pytest.fixture(scope="module")
def engine() -> Any:
    return browser_engine()


@pytest.mark.parametrize("meaning", MEANINGS.values(), ids=MEANINGS)
def test_every_meaning_is_described_with_its_codes(meaning: object) -> None:
    name = getattr(meaning, "name", "")
    row = next(line for line in PAGE.splitlines() if line.startswith("|") and f"`{name}`" in line)

    assert all(code in row for code in getattr(meaning, "codes", ()))
    assert ("*" in row) == any(name in group for group in REQUIRED_OF_A_REFERRAL)
