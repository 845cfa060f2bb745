"""Ten plugins are asked in one thread that stays warm, the core's own in none; `make bench` says what that costs."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from benchmarks import hooks
from spheres_core.facts import Opinion, SentReferral
from spheres_core.foundation.isolation.hook_calls import HookCall, HookImplementation, call_hook

QUESTIONS = 20


def threads_that_answer(*, code: bool) -> set[int]:
    """Asks ten implementations again and again."""
    ran_in: set[int] = set()

    def assess(referral: SentReferral) -> Opinion:
        assert referral.community == "ontario"
        ran_in.add(threading.get_ident())
        return hooks.SAID

    ten = tuple(HookImplementation(f"p{number}", assess, ("referral",), code) for number in range(10))

    async def story() -> None:
        for _ in range(QUESTIONS):
            settings: dict[str, Any] = {}
            question = HookCall("assess_eligibility", Opinion, "cost", settings, {"referral": hooks.FACTS})
            assert len((await call_hook(question, ten)).answers) == len(ten)

    asyncio.run(story())
    return ran_in


def test_ten_plugins_are_asked_in_one_warm_thread() -> None:
    ran_in = threads_that_answer(code=True)

    assert len(ran_in) == 1
    assert threading.get_ident() not in ran_in


def test_the_cores_own_are_asked_where_the_question_is_put() -> None:
    assert threads_that_answer(code=False) == {threading.get_ident()}


def test_the_benchmark_says_what_both_cost() -> None:
    found = hooks.measure(turns=1)

    assert all(found[name] > 0 for name in ("bare_us", "guard_us", "thread_us"))
    assert hooks.show(found).count("times the bare call") == 2
