"""Erases what was kept for a time only: records of close ones, a while after their support was closed, and sessions
for staff, a while after their day."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Date, Uuid, and_, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.models import EntourageRow, SupportSession
from spheres_core.support.schemas.entourage import CLOSED
from spheres_core.support.settings import Settings

records, sessions = table(EntourageRow), table(SupportSession)
DUE = prepare(
    select(records.c.id)
    .where(scoped(records), records.c.state == CLOSED, records.c.closed_at <= bindparam("due"))
    .order_by(records.c.id)
    .limit(500)
)
ERASE = prepare(records.delete().where(scoped(records), records.c.id == any_(bindparam("ids", type_=ARRAY(Uuid())))))


SESSIONS_DUE = prepare(
    select(sessions.c.id)
    .where(scoped(sessions))
    .where(or_(sessions.c.held_on <= bindparam("day", type_=Date()),
               and_(sessions.c.held_on.is_(None), sessions.c.asked_at <= bindparam("due"))))
    .order_by(sessions.c.id)
    .limit(500)
)  # fmt: skip
ERASE_SESSIONS = prepare(
    sessions.delete().where(scoped(sessions), sessions.c.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
)


async def count_due_records(ctx: Context, within: dt.timedelta) -> int:
    """Returns how many records `erase_due` would erase by then, at most 500."""
    kept = dt.timedelta(days=ctx.settings("support", Settings).entourage_erased_after_days)
    return len(await ctx.db.all(DUE, due=ctx.now + within - kept))


async def erase_due(ctx: Context) -> int:
    """Erases whole records whose time is over, and returns how many. The trail keeps that there was one."""
    due = ctx.now - dt.timedelta(days=ctx.settings("support", Settings).entourage_erased_after_days)
    ids = [id for (id,) in await ctx.db.all(DUE, due=due)]
    if ids:
        await ctx.db.run(ERASE, ids=ids)
        for id in ids:
            await audit.record(ctx, "entourage.erased", subject=("entourage", id))
    return len(ids)


async def count_due_sessions(ctx: Context, within: dt.timedelta) -> int:
    """Returns how many sessions `erase_due_sessions` would erase by then, at most 500."""
    return len(await _due_sessions(ctx, within))


async def erase_due_sessions(ctx: Context) -> int:
    """Erases sessions for staff whose time is over, with everybody's part, and returns how many."""
    ids = await _due_sessions(ctx, dt.timedelta())
    if ids:
        await ctx.db.run(ERASE_SESSIONS, ids=ids)
        for id in ids:
            await audit.record(ctx, "support_session.erased", subject=("support_session", id))
    return len(ids)


async def _due_sessions(ctx: Context, within: dt.timedelta) -> list[UUID]:
    due = ctx.now + within - dt.timedelta(days=ctx.settings("support", Settings).sessions_erased_after_days)
    return [id for (id,) in await ctx.db.all(SESSIONS_DUE, due=due, day=due.astimezone(ctx.zone).date())]
