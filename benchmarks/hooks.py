"""What it costs to ask ten implementations of a hook: pluggy's bare call, the core's guard, the thread of plugins.

The guard runs what is the core's own or a pack's at once, as `register_` hooks and questions to rooms do. Code plugins
are asked in one warm thread under a deadline, each with its own copy of the facts. All are measured in turns and in
processor time, so that a busy machine harms none.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from statistics import median
from typing import Any
from uuid import UUID

import msgspec
import pluggy

from spheres_core import hookimpl, hookspecs
from spheres_core.facts import Opinion, SentReferral
from spheres_core.foundation.isolation.hook_calls import HookCall, HookImplementation, call_hook

IMPLEMENTATIONS = 10
TURNS = 60
CALLS = 100
"""Calls of each turn; of those with a thread half."""
FACTS = SentReferral(UUID(int=1), "referral", "1", "fr", dt.date(2026, 11, 21), age=16, community="ontario")
SAID = Opinion("fits", {"fr": "Oui", "en": "Yes"}, "fits")


class _Plugin:
    @hookimpl
    def assess_eligibility(self, referral: SentReferral, settings: Any) -> Opinion:  # noqa: ARG002
        return SAID


def measure(turns: int = TURNS) -> dict[str, float]:
    """Microseconds of processor time of one call, medians of turns; so are the ratios to the bare call."""
    manager = pluggy.PluginManager("spheres")
    manager.add_hookspecs(hookspecs)
    made = [_Plugin() for _ in range(IMPLEMENTATIONS)]
    for number, each in enumerate(made):
        manager.register(each, f"plugin_{number}")
    own, foreign = (
        tuple(HookImplementation(f"p{n}", each.assess_eligibility, ("referral", "settings"), code)
              for n, each in enumerate(made))
        for code in (False, True)
    )  # fmt: skip
    bare, guard, thread = [], [], []
    with asyncio.Runner() as runner:
        for _ in range(turns):
            bare.append(_timed(CALLS, lambda: manager.hook.assess_eligibility(referral=FACTS, settings=None)))
            guard.append(runner.run(_asked(CALLS, own)))
            thread.append(runner.run(_asked(CALLS // 2, foreign)))
    ratios = [mine / least for mine, least in zip(guard, bare, strict=True)]
    return {
        "bare_us": round(median(bare), 2),
        "guard_us": round(median(guard), 2),
        "guard_over_bare": round(median(ratios), 2),
        "thread_us": round(median(thread), 1),
        "thread_over_bare": round(median(t / b for t, b in zip(thread, bare, strict=True)), 1),
    }


def _timed(calls: int, call: Callable[[], Any]) -> float:
    started = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - started) / calls * 1e6


async def _asked(calls: int, implementations: tuple[HookImplementation, ...]) -> float:
    """Each call is a request of its own: the copies of its facts are made anew."""
    started = time.process_time()
    for _ in range(calls):
        question = HookCall("assess_eligibility", Opinion, "bench", {}, {"referral": FACTS})
        asked = await call_hook(question, implementations)
    assert len(asked.answers) == IMPLEMENTATIONS
    return (time.process_time() - started) / calls * 1e6


def show(found: dict[str, float]) -> str:
    """The figures for a person."""
    return (
        f"\nasking {IMPLEMENTATIONS} implementations of a hook, microseconds of processor time:\n"
        f"  pluggy's bare call {found['bare_us']:>10.1f}\n"
        f"  inline guard       {found['guard_us']:>10.1f}   {found['guard_over_bare']:.2f} times the bare call\n"
        f"  thread of plugins  {found['thread_us']:>10.1f}   {found['thread_over_bare']:.1f} times the bare call"
    )


if __name__ == "__main__":
    print(msgspec.json.encode(measure()).decode())
