"""Cursor pagination: opaque, unforgeable, bound to the tenant and to the list it was given for."""

import base64
import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol
from uuid import UUID

from spheres_core.facts import msg
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context

LIMIT = 50
"""Rows on a page."""

LATEST = UUID(int=(1 << 128) - 1)


class CursorInvalid(Invalid):
    """A cursor that this list of this tenant did not give."""

    code = "cursor_invalid"
    message = msg("This cursor is not one of this list.")


class HasId(Protocol):
    @property
    def id(self) -> UUID: ...


def make_cursor(ctx: Context, name: str, last: UUID) -> str:
    """A cursor after the row `last` of the list `name`."""
    mark = ctx.keys.blind(f"cursor {name}", last.hex)
    return base64.urlsafe_b64encode(last.bytes + mark).decode().rstrip("=")


def read_cursor(ctx: Context, name: str, cursor: str) -> UUID:
    """The row a cursor stands after; the newest possible for an empty one. Raises `CursorInvalid`."""
    if not cursor:
        return LATEST
    try:
        raw = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        last = UUID(bytes=raw[:16])
    except ValueError:
        raise CursorInvalid from None
    if not hmac.compare_digest(raw[16:], ctx.keys.blind(f"cursor {name}", last.hex)):
        raise CursorInvalid
    return last


async def page_of(
    ctx: Context, name: str, cursor: str, ask: Callable[[UUID, int], Awaitable[Sequence[HasId]]]
) -> dict[str, Any]:
    """One page, newest first: `{"items": […], "next": cursor or None}`. `ask(before, limit)` gets the rows."""
    items = await ask(read_cursor(ctx, name, cursor), LIMIT + 1)
    more = len(items) > LIMIT
    shown = list(items[:LIMIT])
    return {"items": shown, "next": make_cursor(ctx, name, shown[-1].id) if more else None}
