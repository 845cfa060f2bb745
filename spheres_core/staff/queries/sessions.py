"""Queries about sessions: the browsers in which staff are signed in."""

import datetime as dt
from uuid import UUID

from sqlalchemy import bindparam, func, select

from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.access_secrets import hash_secret
from spheres_core.staff.models import StaffSession
from spheres_core.staff.schemas import Session

IDLE = dt.timedelta(minutes=30)
"""A session ends when it has not been used for so long."""
LONGEST = dt.timedelta(hours=12)
"""A session ends then, however much it is used."""

sessions = table(StaffSession)
_open = (
    scoped(sessions),
    sessions.c.staff_id == bindparam("staff_id"),
    sessions.c.created_at > bindparam("oldest"),
    sessions.c.last_seen_at > bindparam("idle_since"),
)
OPEN = prepare(
    select(sessions.c.id, sessions.c.created_at, sessions.c.last_seen_at)
    .where(*_open)
    .order_by(sessions.c.last_seen_at.desc())
)
COUNT = prepare(select(func.count()).select_from(sessions).where(*_open))
IDS = prepare(select(sessions.c.id).where(scoped(sessions), sessions.c.staff_id == bindparam("staff_id")))


async def sessions_of(ctx: Context, staff_id: UUID, *, cookie: str) -> list[Session]:
    """Returns a person's open sessions, last used first. `cookie`: the secret of the session that asks."""
    current = hash_secret(cookie)
    rows = await ctx.db.all(OPEN, staff_id=staff_id, oldest=ctx.now - LONGEST, idle_since=ctx.now - IDLE)
    return [
        Session(created_at, last_seen_at, id == current, session_key(ctx, id)) for id, created_at, last_seen_at in rows
    ]


async def count_sessions(ctx: Context, staff_id: UUID) -> int:
    """Counts a person's open sessions."""
    return int(await ctx.db.scalar(COUNT, staff_id=staff_id, oldest=ctx.now - LONGEST, idle_since=ctx.now - IDLE))


async def find_session(ctx: Context, staff_id: UUID, key: str) -> bytes | None:
    """Returns the id of the person's session that was shown under this key, or None."""
    ids = [id for (id,) in await ctx.db.all(IDS, staff_id=staff_id)]
    return next((id for id in ids if session_key(ctx, id) == key), None)


def account_mark(ctx: Context, staff_id: UUID) -> UUID:
    """Returns a keyed mark of an account for the forms that are made for it; says nothing of who it is."""
    return UUID(bytes=ctx.keys.blind("account of a form", str(staff_id)))


def session_key(ctx: Context, id: bytes) -> str:
    """Returns a name for a session that its owner may be shown, and that says nothing of its secret."""
    return ctx.keys.blind("session", id.hex()).hex()
