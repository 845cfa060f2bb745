"""Reads fields that people write in words: opening hours such as `lundi à vendredi, 8 h 30 à 16 h 30`."""

from collections.abc import Mapping
from typing import Any

import msgspec

from spheres_core.facts import Message, msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.schemas.directory import Hours
from spheres_core.partners.written_hours.opening_hours import hours_problem, read_hours


def with_hours_read(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Returns fields with hours that were given in words as the directory keeps them; as given where they cannot be
    read."""
    words = fields.get("hours")
    if not isinstance(words, str):
        return dict(fields)
    read: Any = read_hours(words) if words.strip() else []
    if read is None:
        return dict(fields)
    try:
        kept = msgspec.json.decode(msgspec.json.encode(msgspec.convert(read, tuple[Hours, ...])))
    except msgspec.ValidationError:
        return dict(fields)
    return {**fields, "hours": kept}


def unread_hours_problem(ctx: Context, value: Any) -> Message | None:
    """Returns why hours in words were not read, with an example or what may be meant; None for hours that were."""
    if not isinstance(value, str):
        return None
    return hours_problem(value, ctx.locale.tag) or msg("These hours cannot be read.")
