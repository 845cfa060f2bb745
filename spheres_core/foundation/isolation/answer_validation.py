"""Does a frozen struct that a plugin made really hold what its fields say? msgspec asks only when it decodes."""

import msgspec
from msgspec import Struct

from spheres_core.facts import Message

LONGEST = 20_000
"""Bytes that one struct of a plugin may have, as JSON."""

_SAID = frozenset({"reason", "message", "title"})
"""Fields that are a message or words: a union of two objects, which the decoder does not tell apart."""


def validate_answer(made: Struct, *, skip: frozenset[str] = frozenset()) -> None:
    """Raises TypeError or ValueError for a struct that could not be kept or said: wrong kinds, far too much, or NUL.

    `skip` names fields that are not data.
    """
    data = {}
    for field in msgspec.structs.fields(made):
        if field.name in skip:
            continue
        value = getattr(made, field.name)
        kind = field.type
        if field.name in _SAID:
            kind = Message if isinstance(value, Message) else dict[str, str]
        data[field.name] = msgspec.to_builtins(value)
        msgspec.convert(data[field.name], kind)
    written = msgspec.json.encode(data)
    if len(written) > LONGEST:
        raise ValueError(f"{type(made).__name__} is too long")
    if b"\\u0000" in written:
        raise ValueError(f"{type(made).__name__} holds NUL")
