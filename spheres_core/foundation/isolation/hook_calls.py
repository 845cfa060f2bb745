"""How a plugin is asked. An error, a hang or a garbage answer in one plugin never reaches another, nor the request.

The core's and a pack's answers run at once. Those of code plugins run one after the other in a warm thread, under one
deadline; whoever is still running then is named and left behind with that thread, those after it are asked without it
in another. What fails again and again, or hangs, is out of that tenant's way for a while: its opinion is missing
at once. A plugin that holds the interpreter lock cannot be cut, only named: docs/write-a-plugin.md says so.
"""

import copy
import datetime as dt
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin
from uuid import UUID

import msgspec
from msgspec import Struct, field

from spheres_core.foundation.isolation import fault_location, incidents
from spheres_core.foundation.isolation.answer_validation import validate_answer
from spheres_core.foundation.isolation.circuit_breakers import CIRCUIT_BREAKERS, Key
from spheres_core.foundation.isolation.deadlines import wait_for_thread
from spheres_core.foundation.isolation.fault_location import FaultLocation
from spheres_core.foundation.isolation.watchdog import WATCHDOG

DEADLINE = 0.5
"""Seconds that all code plugins together have for one question."""
PATIENCE = 4
"""Deadlines after which those who could not be asked, because others hung before them, are missing too."""
MOST_ANSWERS = 50
"""Of one plugin to one question."""


class HookImplementation(Struct, frozen=True):
    """One plugin's (or room's) answer to one hook."""

    owner: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    code: bool
    """Runs code that is not the core's."""


class HookAnswers(Struct, frozen=True):
    """The answers to one question, and who did not answer."""

    answers: tuple[tuple[str, Any], ...]
    """(owner, answer) in calling order."""
    missing: tuple[str, ...] = ()
    """Owners whose opinion is missing because they failed."""


class PerRequest(Struct):
    """Holds what plugins are given once a request: to each its own copy of the facts, and what it gathered."""

    copies: dict[tuple[str, int], tuple[Any, Any]] = field(default_factory=dict)
    """By owner and the id of a fact: the fact, so that no other takes its id, and the owner's copy."""
    own: dict[tuple[str, Any], Any] = field(default_factory=dict)
    """By owner and the id of what is asked about, what `gather_own` returned."""
    ungathered: set[tuple[str, Any]] = field(default_factory=set)
    """Those whose `gather_own` failed."""

    def copy_for(self, owner: str, fact: Any) -> Any:
        """Returns a fact as this plugin may have it."""
        if type(fact) in _UNCHANGING:
            return fact
        found = self.copies.get((owner, id(fact)))
        if found is None:
            found = self.copies[owner, id(fact)] = (fact, _own_copy(fact))
        return found[1]


class HookCall(Struct, frozen=True):
    """One question: the hook, the type of its answers, the id of the tenant, its settings by owner, the facts."""

    hook: str
    expected: type
    tenant: str
    settings: Mapping[str, Struct]
    facts: Mapping[str, Any]
    request: PerRequest = field(default_factory=PerRequest)
    subject: Any = None
    """The id of what is asked about."""
    most: int = MOST_ANSWERS
    """Answers of one plugin."""
    explain: Callable[[str, BaseException], None] | None = None
    """`explain(owner, error)` is told of each failure while the plugin is tried with examples; never in a real request,
    where an error may hold words of a case."""
    finish: Callable[[str, Any], Any] | None = None
    """`finish(owner, answer)` makes of an answer what stands in its place, as part of the plugin's own work."""


async def call_hook(question: HookCall, implementations: Sequence[HookImplementation]) -> HookAnswers:
    """Puts one question to every implementation. Never raises for what a plugin does."""
    answers: list[tuple[str, Any]] = []
    missing: list[str] = []
    waiting: list[HookImplementation] = []
    facts, settings = question.facts, question.settings
    for each in implementations:  # one of the core's costs hardly more than its own call: `python -m benchmarks.hooks`
        owner = each.owner
        if not each.code:
            result = each.function(*[settings.get(owner) if n == "settings" else facts.get(n) for n in each.arguments])
            if isinstance(result, list | tuple):
                answers.extend([(owner, answer) for answer in result])
            elif result is not None:
                answers.append((owner, result))
        elif "own" in each.arguments and (owner, question.subject) in question.request.ungathered:
            missing.append(owner)
        elif CIRCUIT_BREAKERS.allows(_key(question, each)):
            waiting.append(each)
        else:
            missing.append(owner)
    if not waiting:
        return HookAnswers(tuple(answers), tuple(missing))
    patience = time.monotonic() + PATIENCE * DEADLINE
    while waiting and time.monotonic() < patience:
        waiting = await _in_a_thread(question, waiting, answers, missing)
    for each in waiting:
        CIRCUIT_BREAKERS.release(_key(question, each))
        missing.append(each.owner)
    return HookAnswers(tuple(answers), tuple(missing))


async def _in_a_thread(
    question: HookCall,
    foreign: Sequence[HookImplementation],
    answers: list[tuple[str, Any]],
    missing: list[str],
) -> list[HookImplementation]:
    """Asks one after the other; returns those behind one that did not answer in time, to be asked without it."""
    heard: list[tuple[Any, ...] | FaultLocation] = []
    left_behind = threading.Event()

    def work() -> None:
        for each in foreign:
            given = _answer_or_fault(question, each)
            if left_behind.is_set():
                return
            heard.append(given)

    thread = await wait_for_thread(work, DEADLINE, name=f"spheres-ask-{question.hook}")
    left_behind.set()
    reached = len(heard)
    for each, given in zip(foreign, heard[:reached], strict=False):
        if isinstance(given, FaultLocation):
            missing.append(each.owner)
            _note(question, each, given)
        else:
            answers.extend([(each.owner, answer) for answer in given])
            CIRCUIT_BREAKERS.record_success(_key(question, each))
    if reached == len(foreign):
        return []
    slow = foreign[reached]
    missing.append(slow.owner)
    _note(question, slow, fault_location.locate_thread(thread.ident, slow.owner), thread)
    return list(foreign[reached + 1 :])


def _key(question: HookCall, each: HookImplementation) -> Key:
    return question.tenant, each.owner, question.hook


def _note(
    question: HookCall, each: HookImplementation, what: FaultLocation, thread: threading.Thread | None = None
) -> None:
    rest = CIRCUIT_BREAKERS.record_failure(_key(question, each), thread=thread)
    incidents.record(question.tenant, each.owner, question.hook, what, rest=rest)


def _answer_or_fault(question: HookCall, each: HookImplementation) -> tuple[Any, ...] | FaultLocation:
    try:
        with WATCHDOG.registered(_key(question, each), each.function, in_task=False):
            return _answer(question, each)
    except BaseException as error:
        if question.explain is not None:
            question.explain(each.owner, error)
        return fault_location.locate_error(error, each.owner)


def _answer(question: HookCall, each: HookImplementation) -> tuple[Any, ...]:
    values: dict[str, Any] = {}
    for name in each.arguments:
        if name == "settings":
            values[name] = question.settings.get(each.owner)
        elif name == "own":
            values[name] = question.request.own.get((each.owner, question.subject))
        else:
            values[name] = question.request.copy_for(each.owner, question.facts[name])
    result = each.function(**values)
    given = () if result is None else tuple(result) if isinstance(result, list | tuple) else (result,)
    _refuse_garbage(question, given)
    return given if question.finish is None else tuple([question.finish(each.owner, answer) for answer in given])


_UNCHANGING: Final = frozenset({
    NoneType, bool, int, float, str, bytes, UUID, dt.date, dt.datetime, dt.time, dt.timedelta, Decimal,
})  # fmt: skip


def _own_copy(value: Any) -> Any:
    """Facts that a plugin may spoil for itself only: frozen structs can be forced open, and mappings are not frozen."""
    kind: Any = type(value)
    if kind in _UNCHANGING:
        return value
    if isinstance(value, Struct):
        made = copy.copy(value)
        for name in _open_fields(kind):
            msgspec.structs.force_setattr(made, name, _own_copy(getattr(value, name)))
        return made
    if isinstance(value, Mapping):
        return {name: _own_copy(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return kind([_own_copy(each) for each in value])
    return value


@lru_cache(maxsize=512)
def _open_fields(kind: Any) -> tuple[str, ...]:
    """Returns the fields of a struct that may hold something that can be changed."""
    return tuple(each.name for each in msgspec.structs.fields(kind) if not _never_changes(each.type))


def _never_changes(declared: Any) -> bool:
    if isinstance(declared, type) and get_origin(declared) is None:
        return declared in _UNCHANGING
    if get_origin(declared) is Literal:
        return True
    inner = [each for each in get_args(declared) if each is not Ellipsis]
    return get_origin(declared) in (tuple, Union, UnionType) and all(_never_changes(each) for each in inner)


def _refuse_garbage(question: HookCall, given: tuple[Any, ...]) -> None:
    if len(given) > question.most:
        raise ValueError(f"{question.hook} is answered {len(given)} times")
    for answer in given:
        if type(answer) is not question.expected or not isinstance(answer, Struct):
            kind = type(answer).__name__
            raise TypeError(f"{question.hook} is answered with {question.expected.__name__}, not with {kind}")
        validate_answer(answer)
