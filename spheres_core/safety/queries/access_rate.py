"""Counts emergency accesses, and those that somebody looked at in time. It names nobody's file."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.reader import as_system
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.safety.queries.accesses import FILES, accesses
from spheres_core.safety.schemas.accesses import AccessRate
from spheres_core.safety.settings import Settings

DAYS: Final = 90
ALL = prepare(
    select(accesses.c.dated_on, accesses.c.reviewed_at).where(
        scoped(accesses), accesses.c.opened_at > bindparam("since")
    )
)


async def read_access_rate(ctx: Context) -> AccessRate:
    """Returns the figures of the last days, of all files of the region, for whoever coordinates."""
    async with as_system(ctx):
        rows = await ctx.db.all(ALL, since=ctx.now - dt.timedelta(days=DAYS))
        files = int(await ctx.db.scalar(FILES))
    await audit.record(ctx, "emergency_accesses.counted")
    most = dt.timedelta(days=ctx.settings("safety", Settings).access_review_days)
    spent = [(at.astimezone(ctx.zone).date() - on if at else None, ctx.today - on) for on, at in rows]
    looked_at = [took for took, _ in spent if took is not None]
    open_for = [age for took, age in spent if took is None]
    return AccessRate(
        days=DAYS, opened=len(rows), reviewed_in_time=sum(took <= most for took in looked_at),
        reviewed_late=sum(took > most for took in looked_at), overdue=sum(age > most for age in open_for),
        waiting=sum(age <= most for age in open_for), files=files,
        per_100_files=round(100 * len(rows) / files, 1) if files else 0.0,
    )  # fmt: skip
