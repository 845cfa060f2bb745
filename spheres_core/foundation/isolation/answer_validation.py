"""Does a frozen struct that a plugin made really hold what its fields say? msgspec asks only when it decodes."""

from collections.abc import Mapping
from functools import lru_cache
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from spheres_core.facts import Message, Words

LONGEST: Final = 20_000
"""Bytes that one struct of a plugin may have, as JSON."""


@lru_cache(maxsize=512)
def _fields(kind: type[Struct]) -> tuple[tuple[str, "_Kind"], ...]:
    """Reads a struct's fields and their types once: a plugin's answers are of few kinds, and come often."""
    return tuple((each.name, _Kind.of(each.type)) for each in msgspec.structs.fields(kind))


class _Kind(Struct, frozen=True):
    """A declared type, taken apart: a union of two objects is none that the decoder tells apart."""

    plain: Any
    """The type that the decoder checks; None when nothing else fits than a message or words."""
    codes: frozenset[str] = frozenset()
    """Texts that fit as they are, where only some do."""
    said: bool = False
    """A message or words fit."""
    or_of: tuple[Any, ...] = ()
    """Types that fit besides: a text and a date are two that the decoder does not tell apart either."""
    each: "_Kind | None" = None
    """The kind of a tuple's items, where they are not plain."""
    values: "_Kind | None" = None
    """The kind of a mapping's values, where they are not plain; its keys are texts."""
    struct: type[Struct] | None = None

    @classmethod
    def of(cls, declared: Any) -> "_Kind":
        options = get_args(declared) if get_origin(declared) in (Union, UnionType) else (declared,)
        if Message in options:
            return cls(None, said=True, or_of=tuple(each for each in options if each not in (Message, Words)))
        if get_origin(declared) is tuple and get_args(declared)[1:] == (Ellipsis,):
            inner = cls.of(get_args(declared)[0])
            if inner.said or inner.each or inner.struct:
                return cls(None, each=inner)
        if get_origin(declared) is Mapping and (inner := cls.of(get_args(declared)[1])).said:
            return cls(None, values=inner)
        if isinstance(declared, type) and issubclass(declared, Struct):
            return cls(None, struct=declared)
        if get_origin(declared) is Literal:
            return cls(declared, codes=frozenset(each for each in get_args(declared) if type(each) is str))
        return cls(declared)


def _refuse_unfit(value: Any, kind: _Kind) -> None:
    if type(value) is str and (kind.plain is str or value in kind.codes):
        return
    if kind.said and isinstance(value, Message):
        msgspec.convert(msgspec.to_builtins(value), Message)
    elif kind.said and isinstance(value, Mapping):
        msgspec.convert(msgspec.to_builtins(value), dict[str, str])
    elif type(value) in kind.or_of:
        return
    elif kind.each is not None and isinstance(value, tuple):
        for item in value:
            _refuse_unfit(item, kind.each)
    elif kind.values is not None and isinstance(value, Mapping):
        msgspec.convert(list(value), list[str])
        for item in value.values():
            _refuse_unfit(item, kind.values)
    elif kind.struct is not None and type(value) is kind.struct:
        validate_answer(value)
    elif kind.plain is None:
        raise TypeError(f"{type(value).__name__} does not fit")
    else:
        msgspec.convert(msgspec.to_builtins(value), kind.plain)


def validate_answer(made: Struct, *, skip: frozenset[str] = frozenset()) -> None:
    """Raises TypeError or ValueError for a struct that could not be kept or said: wrong kinds, far too much, or NUL.

    `skip` names fields that are not data.
    """
    for name, kind in _fields(type(made)):
        if name not in skip:
            _refuse_unfit(getattr(made, name), kind)
    data: Any = made
    if skip:
        data = {name: getattr(made, name) for name, _ in _fields(type(made)) if name not in skip}
    written = msgspec.json.encode(data)
    if len(written) > LONGEST:
        raise ValueError(f"{type(made).__name__} is too long")
    if b"\\u0000" in written:
        raise ValueError(f"{type(made).__name__} holds NUL")
