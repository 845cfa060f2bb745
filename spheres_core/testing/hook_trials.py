"""Trying a plugin's answer to a hook with made-up facts, and saying in full how it fails.

Nothing of this runs where a person's data is: an error's own words are shown.
"""

import asyncio
import difflib
import random
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

import msgspec
from msgspec import Struct

from spheres_core import hookspecs
from spheres_core.foundation.isolation import fault_location, own_data
from spheres_core.foundation.isolation.hook_calls import (
    HookAnswers,
    HookCall,
    HookImplementation,
    PerRequest,
    call_hook,
)
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.testing import example_facts

LONGEST = 400
"""Characters of an error or of facts that are shown."""


class HookUnknown(AssertionError):
    """There is no such hook, or the plugin does not answer it; says which name is nearest."""

    def __init__(self, asked: str, known: Sequence[str]) -> None:
        nearest = difflib.get_close_matches(asked, known, 1, 0.5)
        hint = f"; did you mean {nearest[0]}?" if nearest else f"; there are {', '.join(known)}"
        super().__init__(f"{asked} is not among the hooks that are answered here{hint}")


class FactsRefused(AssertionError):
    """Facts that a test gave are not of the kind that the hook gets; says which."""


class Trial(Struct, frozen=True):
    """One question that was put on trial, and its answers."""

    answers: HookAnswers
    failure: str = ""
    """The exception, its words and its line; empty when it did not fail."""


def own_example(made: PluginSet, plugin_id: str, seed: int) -> Any:
    """Returns an example of what a plugin's `gather_own` returns, by its annotation; None when it has none."""
    for each in made.listeners(own_data.HOOK):
        if each.owner != plugin_id:
            continue
        kind = typing.get_type_hints(each.function).get("return")
        if kind is not None:
            return example_facts.example(kind, random.Random(seed))  # noqa: S311 - examples, not secrets
    return None


def try_hook(
    hook: str,
    mine: Sequence[HookImplementation],
    settings: Mapping[str, Struct],
    facts: Mapping[str, Any],
    own: Any,
    run: Callable[[Any], Any] = asyncio.run,
) -> Trial:
    """Asks one plugin's implementations. Never raises for what they do.

    `own` is what the plugin would have gathered; `run` runs a coroutine, where an event loop is there already.
    """
    failures: list[str] = []

    def explain(owner: str, error: BaseException) -> None:
        failures.append(f"{fault_location.locate_error(error, owner)}: {error}"[:LONGEST])

    request = PerRequest()
    subject = getattr(facts.get("referral"), "id", None)
    request.own |= {(each.owner, subject): own for each in mine}
    question = HookCall(hook, hookspecs.ANSWERS[hook], f"trial {uuid4()}", settings, facts, request, subject,
                        explain=explain)  # fmt: skip
    answers = run(call_hook(question, mine))
    slow = "it did not answer in time" if answers.missing and not failures else ""
    return Trial(answers, failures[0] if failures else slow)


def facts_from(hook: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a hook's arguments: examples, with what a test gave in their place, converted to their kind.

    A referral may be given as a mapping of some of its fields. Raises `FactsRefused` for an argument or a field that
    the hook does not have, and for a value of another kind.
    """
    kinds = example_facts.arguments_of(hook)
    strange = given.keys() - kinds.keys()
    if strange:
        raise FactsRefused(f"{hook} has no argument {', '.join(sorted(strange))}; it has {', '.join(kinds)}")
    made = example_facts.facts_for(hook, 0, {})
    for name, value in given.items():
        made[name] = _converted(f"{hook}({name})", made[name], kinds[name], value)
    return made


def _converted(place: str, example: Any, kind: Any, value: Any) -> Any:
    if isinstance(example, Struct) and isinstance(value, Mapping):
        unknown = value.keys() - set(example.__struct_fields__)
        if unknown:
            fields = ", ".join(example.__struct_fields__)
            raise FactsRefused(f"{place} has no field {', '.join(sorted(unknown))}; it has {fields}")
        value = {**msgspec.to_builtins(example), **msgspec.to_builtins(value)}
    try:
        return msgspec.convert(msgspec.to_builtins(value), kind)
    except msgspec.ValidationError as error:
        raise FactsRefused(f"{place}: {error}") from None
