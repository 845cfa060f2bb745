"""Does a frozen struct that a plugin made really hold what its fields say? msgspec asks only when it decodes."""

from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Struct

from spheres_core.facts import Message

LONGEST: Final = 20_000
"""Bytes that one struct of a plugin may have, as JSON."""

_WORDS: Final = dict[str, str]
_SAID: Final = frozenset({"reason", "message", "title", "purpose"})
"""Fields that are a message or words: a union of two objects, which the decoder does not tell apart."""


@lru_cache(maxsize=512)
def _fields(kind: type[Struct]) -> tuple[tuple[str, Any], ...]:
    """Reads a struct's fields and their types once: a plugin's answers are of few kinds, and come often."""
    return tuple((each.name, each.type) for each in msgspec.structs.fields(kind))


def validate_answer(made: Struct, *, skip: frozenset[str] = frozenset()) -> None:
    """Raises TypeError or ValueError for a struct that could not be kept or said: wrong kinds, far too much, or NUL.

    `skip` names fields that are not data.
    """
    data = {}
    for name, kind in _fields(type(made)):
        if name in skip:
            continue
        value = getattr(made, name)
        if kind is str and type(value) is str:
            data[name] = value
            continue
        if name in _SAID:
            kind = Message if isinstance(value, Message) else _WORDS
        data[name] = msgspec.to_builtins(value)
        msgspec.convert(data[name], kind)
    written = msgspec.json.encode(data)
    if len(written) > LONGEST:
        raise ValueError(f"{type(made).__name__} is too long")
    if b"\\u0000" in written:
        raise ValueError(f"{type(made).__name__} holds NUL")
