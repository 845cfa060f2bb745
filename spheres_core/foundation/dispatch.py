"""How a plugin is asked. An error, a hang or a garbage answer in one plugin never reaches another, nor the request.

The core's and a pack's answers run at once. Those of code plugins run one after the other in a thread made for this
question, under one deadline; whoever is still running then is named and left behind, those after it are asked without
it, and for a while that tenant does not ask it the same again: its opinion is missing at once. A plugin that holds the
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

from spheres_core.foundation.sound import refuse_unsound

DEADLINE = 0.5
"""Seconds that all code plugins together have for one question."""
PATIENCE = 4
"""Deadlines after which those who could not be asked, because others hung before them, are missing too."""
REST = 30.0
"""Seconds for which a tenant does not ask a plugin again what it was too slow to answer; longer while it still runs."""
MOST_ANSWERS = 50
"""Of one plugin to one question."""

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


class Question(Struct, frozen=True):
    """What is asked: the hook, what it is answered with, the tenant that asks, its settings by owner, the facts."""

    hook: str
    expected: type
    tenant: str
    settings: Mapping[str, Struct]
    facts: Mapping[str, Any]


class _Resting(Struct):
    until: float
    thread: threading.Thread


_resting: dict[tuple[str, str, str], _Resting] = {}
"""By tenant, plugin and hook. A hung call cannot be ended; at most one of each is left behind."""


async def ask(question: Question, implementations: Sequence[Implementation], *, deadline: float = DEADLINE) -> Asked:
    """Put one question to every implementation. Never raises for what a plugin does."""
    answers: list[tuple[str, Any]] = []
    missing: list[str] = []
    for each in implementations:
        if not each.code:
            _answer(question, each, answers, missing)
    foreign = [each for each in implementations if each.code]
    missing.extend(each.owner for each in foreign if _rests(question, each.owner))
    waiting = [each for each in foreign if each.owner not in missing]
    patience = time.monotonic() + PATIENCE * deadline
    while waiting and time.monotonic() < patience:
        waiting = await _in_a_thread(question, waiting, answers, missing, deadline)
    missing.extend(each.owner for each in waiting)
    return Asked(tuple(answers), tuple(missing))


async def _in_a_thread(
    question: Question,
    foreign: Sequence[Implementation],
    answers: list[tuple[str, Any]],
    missing: list[str],
    deadline: float,
) -> list[Implementation]:
    """Ask one after the other; those behind one that did not answer in time, to be asked without it."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    heard: list[list[tuple[str, Any]]] = []
    failed: list[str] = []
    left_behind = threading.Event()

    def settle() -> None:
        if not done.done():
            done.set_result(None)

    def work() -> None:
        for each in foreign:
            given: list[tuple[str, Any]] = []
            _answer(question, each, given, failed)
            if left_behind.is_set():
                return
            heard.append(given)
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle)

    started = time.monotonic()
    thread = threading.Thread(target=work, name=f"spheres-ask-{question.hook}", daemon=True)
    thread.start()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(done, deadline)
    left_behind.set()
    reached = len(heard)
    answers.extend(answer for given in heard[:reached] for answer in given)
    missing.extend(each.owner for each in foreign[:reached] if each.owner in failed)
    if reached == len(foreign):
        return []
    slow = foreign[reached].owner
    missing.append(slow)
    _resting[(question.tenant, slow, question.hook)] = _Resting(time.monotonic() + REST, thread)
    log.warning("plugin.too_slow", hook=question.hook, plugin=slow, seconds=time.monotonic() - started)
    return list(foreign[reached + 1 :])


def _rests(question: Question, owner: str) -> bool:
    known = _resting.get((question.tenant, owner, question.hook))
    return known is not None and (known.thread.is_alive() or time.monotonic() < known.until)


def _answer(question: Question, each: Implementation, answers: list[tuple[str, Any]], missing: list[str]) -> None:
    try:
        values = {"settings": question.settings.get(each.owner), **question.facts}
        result = each.function(**{name: values[name] for name in each.arguments})
        given = () if result is None else tuple(result) if isinstance(result, list | tuple) else (result,)
        if each.code:
            _refuse_garbage(question, given)
        answers.extend((each.owner, answer) for answer in given)
    except BaseException as error:
        if not each.code:
            raise
        missing.append(each.owner)
        kind = type(error).__name__
        log.warning("plugin.failed", hook=question.hook, plugin=each.owner, error=kind, at=_place(error))


def _refuse_garbage(question: Question, given: tuple[Any, ...]) -> None:
    if len(given) > MOST_ANSWERS:
        raise ValueError(f"{question.hook} is answered {len(given)} times")
    for answer in given:
        if type(answer) is not question.expected or not isinstance(answer, Struct):
            raise TypeError(f"{question.hook} is answered with {question.expected.__name__}")
        refuse_unsound(answer)


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
