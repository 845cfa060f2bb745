"""Cursor pagination: opaque, unforgeable, bound to the tenant and to the list it was given for."""

import base64
import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context

LIMIT = 50
"""Rows on a page."""

LATEST = UUID(int=(1 << 128) - 1)
"""Newer than any row: a list that begins with the newest begins after this."""


EARLIEST = UUID(int=0)
"""Older than any row: a list that begins with the oldest begins after this."""


class CursorInvalid(Invalid):
    """A cursor that this list of this tenant did not give."""

    code = "cursor_invalid"
    message = msg("This cursor is not one of this list.")


class HasId(Protocol):
    @property
    def id(self) -> UUID: ...


T = TypeVar("T", bound=HasId)


class Page(Struct, Generic[T], frozen=True):
    """One page of a list, newest first."""

    items: list[T]
    next: str | None
    """The cursor of the page after this one; null on the last page."""


def make_cursor(ctx: Context, name: str, last: UUID) -> str:
    """Returns a cursor that stands after the row `last` of the list `name`."""
    mark = ctx.keys.blind(f"cursor {name}", last.hex)
    return base64.urlsafe_b64encode(last.bytes + mark).decode().rstrip("=")


def read_cursor(ctx: Context, name: str, cursor: str, *, first: UUID = LATEST) -> UUID:
    """Returns the row a cursor stands after, `first` for an empty one. Raises `CursorInvalid`."""
    if not cursor:
        return first
    try:
        raw = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        last = UUID(bytes=raw[:16])
    except ValueError:
        raise CursorInvalid from None
    if not hmac.compare_digest(raw[16:], ctx.keys.blind(f"cursor {name}", last.hex)):
        raise CursorInvalid
    return last


async def page_of(
    ctx: Context,
    name: str,
    cursor: str,
    ask: Callable[[UUID, int], Awaitable[Sequence[T]]],
    *,
    first: UUID = LATEST,
) -> Page[T]:
    """Returns the page of the list `name` that begins after `cursor`, after `first` when it has none. `ask(start,
    limit)` gets the rows.

    Raises `CursorInvalid`.
    """
    items = await ask(read_cursor(ctx, name, cursor, first=first), LIMIT + 1)
    more = len(items) > LIMIT
    shown = list(items[:LIMIT])
    return Page(shown, make_cursor(ctx, name, shown[-1].id) if more else None)
