"""Values of any kind that a hook may be given: made from its type, the same ones each time."""

from __future__ import annotations

import collections.abc
import datetime as dt
import random
import sys
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, Union
from uuid import UUID

import msgspec
from msgspec import Struct

from spheres_core import facts, hookspecs

WORDS: Final = ("", "yes", "no", "unsure", "other", "en", "fr", "ontario", "Éloïse", "'; --", "x" * 300)
"""Codes and texts: usual ones, an empty one, long ones, and some that break what is careless."""
NAMES: Final = {**vars(typing), **vars(collections.abc), **vars(facts), "Struct": Struct, "Any": Any}


class NoExample(Exception):
    """A kind of value of which none can be made."""


def arguments_of(hook: str) -> dict[str, Any]:
    """Returns a question's arguments by name with their types, without `settings`, `own` and `ctx`."""
    function = getattr(hookspecs, hook)
    known = {**NAMES, **vars(hookspecs), "Context": object}
    hints = typing.get_type_hints(function, globalns=known, localns=known)
    return {name: kind for name, kind in hints.items() if name not in ("return", "settings", "own", "ctx")}


def facts_for(hook: str, seed: int, said: Mapping[str, Any]) -> dict[str, Any]:
    """Returns example facts for one call of a hook; `said` fixes fields of a referral."""
    chance = random.Random(seed)  # noqa: S311 - examples, not secrets
    made = {name: example(kind, chance) for name, kind in arguments_of(hook).items()}
    return {name: _with(value, said) if name == "referral" else value for name, value in made.items()}


def _with(value: Any, said: Mapping[str, Any]) -> Any:
    fitting = {name: each for name, each in said.items() if name in getattr(value, "__struct_fields__", ())}
    return msgspec.structs.replace(value, **fitting) if fitting else value


def example(kind: Any, chance: random.Random) -> Any:
    """Returns one value of a type. Raises `NoExample`."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Struct):
        known = {**NAMES, "UUID": UUID, "dt": dt, **vars(sys.modules[kind.__module__])}
        hints = typing.get_type_hints(kind, globalns=known)
        return kind(**{name: example(hints[name], chance) for name in kind.__struct_fields__})
    if origin in (Union, types.UnionType, Literal):
        chosen = chance.choice(parts)
        return chosen if origin is Literal else example(chosen, chance)
    if origin in (tuple, list, collections.abc.Sequence):
        made = [example(parts[0], chance) for _ in range(chance.randrange(4))]
        return made if origin is list else tuple(made)
    if origin in (dict, collections.abc.Mapping):
        return {chance.choice(("fr", "en", "a:b")): example(parts[1], chance) for _ in range(chance.randrange(3))}
    if kind in PLAIN:
        return PLAIN[kind](chance)
    raise NoExample(str(kind))


PLAIN: Final[dict[Any, Callable[[random.Random], Any]]] = {
    str: lambda chance: chance.choice(WORDS),
    int: lambda chance: chance.choice((0, 1, 11, 12, 17, 18, 24, 25, 120)),
    float: lambda chance: chance.random(),
    bool: lambda chance: chance.random() < 0.5,
    type(None): lambda _: None,
    Any: lambda chance: chance.choice((*WORDS, 0, True, None)),
    UUID: lambda chance: UUID(int=chance.getrandbits(128)),
    dt.date: lambda chance: dt.date(2026, 1, 1) + dt.timedelta(days=chance.randrange(1000)),
    dt.datetime: lambda chance: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=chance.randrange(9999)),
}
