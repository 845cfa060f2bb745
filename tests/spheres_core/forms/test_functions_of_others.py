"""Functions that forms of the Community Health Toolkit have: those of dates are computed, others refused by name."""

from __future__ import annotations

from typing import Final

import pytest

from spheres_core.forms.expressions import ExpressionInvalid, RuleScope, clock_of_day, evaluate, parse
from spheres_core.forms.expressions.values import text
from spheres_core.foundation.content.packs import say_plainly
from tests.spheres_core.forms.rule_engine import browser_engine, judged

CLOCK: Final = clock_of_day("2026-11-28")


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("z-score", "keep the values"),
        ("cht:extension-lib", "no program"),
        ("jr:itext", "choice-name"),
    ],
)
def test_a_function_of_others_that_needs_more_than_answers_is_refused_by_name(function: str, said: str) -> None:
    with pytest.raises(ExpressionInvalid) as refused:
        parse(f"{function}(${{a}}, 1)")

    sentence = say_plainly(refused.value.message)
    assert function in sentence
    assert said in sentence


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("cht:difference-in-days('2026-03-08', '2026-03-09')", "1"),
        ("cht:difference-in-days('2026-03-09', '2026-03-08')", "-1"),
        ("cht:difference-in-weeks('2026-03-15', '2026-03-02')", "-1"),
        ("difference-in-months('2026-01-31', '2026-02-27')", "0"),
        ("difference-in-months('2026-01-31', '2026-02-28')", "1"),
        ("cht:difference-in-months('2026-03-31', '2026-01-31')", "-2"),
        ("cht:difference-in-years('2008-02-29', '2026-02-27')", "17"),
        ("cht:difference-in-years('2008-02-29', '2026-02-28')", "18"),
        ("cht:difference-in-months('', '2026-02-28')", ""),
        ("cht:difference-in-days('soon', '2026-02-28')", ""),
    ],
)
def test_whole_spans_between_dates_are_counted_on_the_server_and_in_the_browser(rule: str, value: str) -> None:
    tree = parse(rule)

    assert text(evaluate(tree, RuleScope({}, today=CLOCK))) == value
    assert judged(browser_engine(), tree, {}, clock=CLOCK._asdict())["text"] == value
