"""Erases what was kept for a time only: records of close ones, a while after their support was closed."""

import datetime as dt

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.models import EntourageRow
from spheres_core.support.schemas.entourage import CLOSED
from spheres_core.support.settings import Settings

records = table(EntourageRow)
DUE = prepare(
    select(records.c.id)
    .where(scoped(records), records.c.state == CLOSED, records.c.closed_at <= bindparam("due"))
    .order_by(records.c.id)
    .limit(500)
)
ERASE = prepare(records.delete().where(scoped(records), records.c.id == any_(bindparam("ids", type_=ARRAY(Uuid())))))


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
