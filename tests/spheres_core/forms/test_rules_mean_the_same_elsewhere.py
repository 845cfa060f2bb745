"""Rules mean what they mean in Enketo, ODK Web Forms and Collect, by what the suites of these expect."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from spheres_core.forms.expressions import Clock, RuleScope, clock_at, evaluate, parse
from spheres_core.forms.expressions.values import number, stored, text, truth
from spheres_core.forms.rule_trials import tried_rows
from spheres_core.foundation.content.packs import say_plainly
from tests.spheres_core.forms.rule_engine import browser_engine, judged

TABLE: Final = (Path(__file__).parents[2] / "assets" / "expressions" / "expectations.tsv").read_bytes().decode()
PHOENIX: Final = clock_at(dt.datetime(2026, 11, 21, 9, 30, tzinfo=ZoneInfo("America/Phoenix")))
ROWS: Final = tuple(tried_rows(TABLE, PHOENIX))
KNOWN: Final = {
    ". = 30 + ${p1}": "the table has lost the answer of p1; nothing is 30 days after a blank",
    "round('-0.5')": "Collect alone rounds a negative half up; others away from zero, as in round(-1.5)",
}
"""Rules that have another value here, with the reason."""
CONSTRUCTS: Final = ("*", "..", "(", "axes", "place in a form", "Variables", "Names with", "neither a reference")


@pytest.fixture(scope="module")
def engine() -> Any:
    return browser_engine()


def test_every_rule_that_is_accepted_has_the_expected_value() -> None:
    different = {row.expression: (row.expected, row.found) for row in ROWS if row.result == "different"}

    assert different.keys() == KNOWN.keys(), different
    assert sum(row.result == "agree" for row in ROWS) >= 811


def test_every_refusal_names_what_is_not_understood() -> None:
    refused = [row for row in ROWS if row.result == "refused"]
    told = {row.expression: say_plainly(row.reason) for row in refused if row.reason is not None}

    assert len(told) == len({row.expression for row in refused})
    unnamed = {rule: said for rule, said in told.items() if not any(each in said for each in CONSTRUCTS)}
    assert unnamed == {}


def test_the_table_can_differ() -> None:
    """Control: a wrong expectation is told."""
    head = "expression\tvalues\town\tkind\texpected\n"

    (row,) = tried_rows(f"{head}1 + 1\t{{}}\t\tnumber\t3\n", PHOENIX)

    assert (row.result, row.found) == ("different", 2.0)


def test_the_browser_has_the_same_values(engine: Any) -> None:
    for row in ROWS:
        if row.result == "refused":
            continue
        tree = parse(row.expression)
        values = {name: value for name, value in json.loads(row.values).items() if value is not None}
        here = evaluate(tree, RuleScope(values, today=PHOENIX, own=row.own))

        there = judged(engine, tree, values, own=row.own, clock=PHOENIX._asdict())

        assert (there["text"], there["truth"]) == (text(here), truth(here)), row.expression


MONTREAL: Final[Clock] = clock_at(dt.datetime(2026, 7, 1, 0, 30, tzinfo=ZoneInfo("America/Toronto")))


@pytest.mark.parametrize(
    ("rule", "values", "value"),
    [
        ("today() - ${born}", {"born": "2026-01-01"}, 181.0),
        ("int((today() - ${born}) div 365.25) < 18", {"born": "2010-03-15"}, True),
        ("format-date(today(), '%d %b') = '01 Jul' and now() > today()", {}, True),
        ("date(today() + 30)", {}, "2026-07-31"),
        ("string(now())", {}, "2026-07-01T00:30:00.000-04:00"),
        ("${born} = '2010-03-15T00:00:00-04:00'", {"born": "2010-03-15"}, True),
        ("${x} != 'yes'", {}, True),
        ("${x} = ${y}", {}, True),
        ("${x} + 1 = ''", {}, False),
        ("${x} < 3 or ${x} >= 3", {}, False),
        ("if(${x}, 'a', 'b')", {}, "b"),
        ("${n} = 0.3", {"n": 0.1 + 0.2}, True),
        ("1 div 0 > 10 and -1 div 0 < 0", {}, True),
        ("regex(${x}, '[0-9]{3}')", {"x": "1234"}, False),
        ("substr('😀bc', 1, 2)", {}, "b"),
        ("number('2026-02-30')", {}, float("nan")),
        ("count(${x}) + sum(${x}) * 10 + max(${x})", {"x": [1.0, 2.0, 4.0]}, 77.0),
        ("${x} > 3", {"x": [1.0, 2.0, 4.0]}, True),
        ("join('-', ${x}, 'z')", {"x": ["a", "", "b"]}, "a--b-z"),
        ("random() = random() and random() < 1", {}, True),
    ],
)
def test_values_on_the_server_and_in_the_browser(engine: Any, rule: str, values: dict[str, Any], value: Any) -> None:
    here = evaluate(parse(rule), RuleScope(values, today=MONTREAL))
    there = judged(engine, parse(rule), values, clock=MONTREAL._asdict())

    if isinstance(value, float):
        assert repr(number(here, MONTREAL.offset)) == repr(value)
    else:
        assert (here if isinstance(value, bool) else text(here)) == value
    assert (there["text"], there["truth"], there["stored"]) == (text(here), truth(here), stored(here))
