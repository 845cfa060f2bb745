"""Declaring columns: their common explanations, and one for each field of a struct that none was declared for."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo

from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content.sheet_columns import Column, Kind, Named
from spheres_core.partners.schemas.directory import Hours
from spheres_core.partners.sheets.vocabulary import STATUSES

DAY: Final = msg("A day such as 2026-11-21.")
STATUS: Final = msg(
    "How well this is known: verified at its source, from a secondary source, or to confirm. Empty: to confirm."
)
SOURCE: Final = msg("Where it was read.")
KEY: Final = msg("Stays the same for ever: by it an upgrade finds the entry. Empty: made of the name.")
UNTIL: Final = msg("The first day on which it no longer holds. Empty: it holds.")
DAY_KNOWN: Final = msg("No, when only the year or the month is known. Empty: yes.")
HOURS: Final = msg("Such as Mo-Fr 09:00-17:00; Sa 10:00-12:00, or 24/7. Empty: not stated.")
LANGUAGES: Final = msg("Such as fr; en. Empty: not stated.")
AREAS_OF: Final = msg("Names of the sheet of areas, with semicolons between them.")
VERIFIED_ON: Final = msg("The day on which somebody last checked, such as 2026-11-21.")
_AUTO: Final = msg("The field {name} of partners.toml.")


def column(field: str, kind: Kind, en: str, fr: str, about: Message, **more: Any) -> Column:
    return Column(field, kind, (en, fr), about, **more)


def status_column(field: str, en: str, fr: str) -> Column:
    return column(field, "choice", en, fr, STATUS, choices=STATUSES)


def _field_kind(kind: Any) -> Kind:
    if kind == Words:
        return "words"
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    plain: dict[Any, Kind] = {str: "text", bool: "flag", int: "number", dt.date: "day"}
    for option in options:
        if option in plain:
            return plain[option]
    if kind == tuple[str, ...]:
        return "list"
    if kind == tuple[Hours, ...]:
        return "hours"
    return "text" if typing.get_origin(kind) is typing.Literal else "toml"


def _unlisted(kind: type[Struct], listed: Sequence[Column], *without: str) -> Iterator[Column]:
    """Columns for the fields that none is declared for."""
    known = {each.field.partition(".")[0] for each in listed} | set(without)
    for each in msgspec.structs.fields(kind):
        name = each.encode_name
        if name not in known:
            about = Message(_AUTO.msgid, {"name": name})
            yield Column(name, _field_kind(each.type), (name, name), about, default=_default(each) is True)


def _default(each: FieldInfo) -> Any:
    return each.default


def complete(kind: type[Struct], listed: Sequence[Column], *without: str) -> tuple[Column, ...]:
    return (*listed, *_unlisted(kind, listed, *without))


def prefixed(columns: Sequence[Column], prefix: str, label: Named | None = None) -> Iterator[Column]:
    for each in columns:
        names = each.names if label is None else (f"{label[0]} {each.names[0]}", f"{label[1]} {each.names[1]}")
        yield msgspec.structs.replace(each, field=prefix + each.field, names=names)


def with_extra(columns: Sequence[Column], listed: Sequence[Column], prefix: str, label: Named) -> Iterator[Column]:
    yield from prefixed(listed, prefix)
    yield from prefixed(columns[len(listed) :], prefix, label)
