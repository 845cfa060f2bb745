"""How a plugin is asked. An error, a hang or a garbage answer in one plugin never reaches another, nor the request.

The core's and a pack's answers run at once. Those of code plugins run one after the other in a thread made for this
question, under one deadline; whoever is still running then is named and left behind. A plugin that holds the
interpreter lock cannot be cut, only named: docs/write-a-plugin.md says so.
"""

import asyncio
import contextlib
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from msgspec import Struct

DEADLINE = 0.5
"""Seconds that all code plugins together have for one question."""

log = structlog.get_logger("spheres.plugins")


class Implementation(Struct, frozen=True):
    """One plugin's (or room's) answer to one hook."""

    owner: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    code: bool
    """Runs code that is not the core's."""


class Asked(Struct, frozen=True):
    """The answers to one question, and who did not answer."""

    answers: tuple[tuple[str, Any], ...]
    """(owner, answer) in calling order."""
    missing: tuple[str, ...] = ()
    """Owners whose opinion is missing because they failed."""


async def ask(
    hook: str,
    implementations: Sequence[Implementation],
    expected: type,
    settings: Mapping[str, Struct],
    facts: Mapping[str, Any],
    *,
    deadline: float = DEADLINE,
) -> Asked:
    """Put one question to every implementation. Never raises for what a plugin does."""
    answers: list[tuple[str, Any]] = []
    missing: list[str] = []
    foreign = [each for each in implementations if each.code]
    for each in implementations:
        if not each.code:
            _answer(hook, each, expected, settings, facts, answers, missing)
    if foreign:
        await _in_a_thread(hook, foreign, expected, settings, facts, answers, missing, deadline)
    return Asked(tuple(answers), tuple(missing))


async def _in_a_thread(
    hook: str,
    foreign: Sequence[Implementation],
    expected: type,
    settings: Mapping[str, Struct],
    facts: Mapping[str, Any],
    answers: list[tuple[str, Any]],
    missing: list[str],
    deadline: float,
) -> None:
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    heard: list[tuple[str, Any]] = []
    failed: list[str] = []
    reached: list[str] = []

    def settle() -> None:
        if not done.done():
            done.set_result(None)

    def work() -> None:
        for each in foreign:
            reached.append(each.owner)
            _answer(hook, each, expected, settings, facts, heard, failed)
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle)

    started = time.monotonic()
    threading.Thread(target=work, name=f"spheres-ask-{hook}", daemon=True).start()
    try:
        await asyncio.wait_for(done, deadline)
        answers.extend(heard)
        missing.extend(failed)
    except TimeoutError:
        answers.extend(tuple(heard))
        answered = {owner for owner, _ in heard}
        silent = [each.owner for each in foreign if each.owner not in reached or each.owner == reached[-1]]
        missing.extend(dict.fromkeys([*failed, *(owner for owner in silent if owner not in answered)]))
        log.warning(
            "plugin.too_slow", hook=hook, plugin=reached[-1] if reached else "", seconds=time.monotonic() - started
        )


def _answer(
    hook: str,
    each: Implementation,
    expected: type,
    settings: Mapping[str, Struct],
    facts: Mapping[str, Any],
    answers: list[tuple[str, Any]],
    missing: list[str],
) -> None:
    try:
        values = {"settings": settings.get(each.owner), **facts}
        result = each.function(**{name: values[name] for name in each.arguments})
        given = () if result is None else result if isinstance(result, list | tuple) else (result,)
        for answer in given:
            if not isinstance(answer, expected):
                raise TypeError(f"{hook} is answered with {expected.__name__}, not {type(answer).__name__}")
        answers.extend((each.owner, answer) for answer in given)
    except (Exception, SystemExit) as error:
        if not each.code:
            raise
        missing.append(each.owner)
        log.warning("plugin.failed", hook=hook, plugin=each.owner, error=type(error).__name__, at=_place(error))


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
