"""Trying a hook with made-up facts: what is given is converted or refused by name, and a failure is said in full."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from spheres_core.facts import Opinion, SentReferral
from spheres_core.foundation.isolation.hook_calls import HookImplementation
from spheres_core.testing.hook_trials import FactsRefused, HookUnknown, facts_from, try_hook


def fails(referral: SentReferral) -> Opinion:
    raise ValueError(f"no opinion on {referral.community}")


def answers_otherwise(referral: SentReferral) -> Any:
    return referral.age


def tried(function: Any) -> str:
    mine = [HookImplementation("a_plugin", function, ("referral",), True)]
    return try_hook("assess_eligibility", mine, {}, facts_from("assess_eligibility", GIVEN), None).failure


GIVEN = {"referral": {"community": "pontiac", "age": 16}}


def test_facts_are_converted_as_json_says_them() -> None:
    given = {"referral": {"received_on": "2026-11-21", "age_band": {"least": 12, "most": 14}, "needs": ["housing"]}}

    referral = facts_from("assess_eligibility", given)["referral"]

    assert referral.received_on == dt.date(2026, 11, 21)
    assert (referral.age_band.most, referral.needs) == (14, ("housing",))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"referal": {}}, "assess_eligibility has no argument referal; it has referral"),
        ({"referral": {"comunity": "x"}}, "assess_eligibility(referral) has no field comunity; it has id, form"),
        ({"referral": {"age": "sixteen"}}, "assess_eligibility(referral): Expected `int | null`, got `str`"),
    ],
)
def test_facts_that_do_not_fit_are_refused_by_name(given: dict[str, Any], said: str) -> None:
    with pytest.raises(FactsRefused) as refused:
        facts_from("assess_eligibility", given)
    assert said in str(refused.value)


def test_a_hook_that_is_not_there_is_answered_with_the_nearest() -> None:
    assert "did you mean assess_eligibility?" in str(HookUnknown("asses_elegibility", ["assess_eligibility"]))
    assert "there are check_referral" in str(HookUnknown("zzz", ["check_referral"]))


def test_a_failure_says_exception_line_and_words_or_what_was_expected_and_given() -> None:
    assert tried(fails).startswith("ValueError at test_hook_trials.py:")
    assert tried(fails).endswith(": no opinion on pontiac")
    assert "assess_eligibility is answered with Opinion, not with int" in tried(answers_otherwise)
