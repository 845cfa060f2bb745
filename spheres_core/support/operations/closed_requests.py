"""Closes requests: whatever was typed is deleted in the same statement, and codes and counts stay."""

import datetime as dt

from sqlalchemy import Text, Uuid, any_, bindparam, null, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, array

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.models import AdviceRequest
from spheres_core.support.schemas.advice import ANSWERED, CLOSED, REFERRAL_DRAFTED
from spheres_core.support.settings import Settings

requests = table(AdviceRequest)
_closed = {
    "state": CLOSED,
    "answers": null(),
    "reply": null(),
    "tools": array([], type_=Text()),
    "moved_at": bindparam("now"),
    "version": requests.c.version + 1,
}
CLOSE = prepare(requests.update().where(scoped(requests), requests.c.id == bindparam("which")).values(_closed))
CLOSE_ALL = prepare(
    requests.update()
    .where(scoped(requests), requests.c.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .values(_closed)
)
DUE = prepare(
    select(requests.c.id)
    .where(
        scoped(requests),
        or_(requests.c.state == ANSWERED, requests.c.state == REFERRAL_DRAFTED),
        requests.c.moved_at <= bindparam("due"),
    )
    .order_by(requests.c.id)
    .limit(500)
)


async def count_due_requests(ctx: Context, within: dt.timedelta) -> int:
    """Returns of how many requests `close_due` would delete the words by then, at most 500."""
    kept = dt.timedelta(days=ctx.settings("support", Settings).advice_closes_after_days)
    return len(await ctx.db.all(DUE, due=ctx.now + within - kept))


async def close_due(ctx: Context) -> int:
    """Closes what was answered long enough ago, and returns how many requests that were."""
    due = ctx.now - dt.timedelta(days=ctx.settings("support", Settings).advice_closes_after_days)
    ids = [id for (id,) in await ctx.db.all(DUE, due=due)]
    if ids:
        await ctx.db.run(CLOSE_ALL, ids=ids, now=ctx.now)
        for id in ids:
            await audit.record(ctx, "advice.closed", subject=("advice", id))
    return len(ids)
