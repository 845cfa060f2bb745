"""Erases closed incidents whose time is over, where the region has set one."""

import datetime as dt

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.privacy.queries.incidents import incidents
from spheres_core.privacy.settings import Settings

DUE = prepare(
    select(incidents.c.id)
    .where(scoped(incidents), incidents.c.state == "closed", incidents.c.found_on <= bindparam("due"))
    .order_by(incidents.c.id)
    .limit(500)
)
ERASE = prepare(
    incidents.delete().where(scoped(incidents), incidents.c.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
)


async def erase_incidents(ctx: Context) -> int:
    """Erases incidents that are due, and returns how many. The trail keeps that there was one."""
    years = ctx.settings("privacy", Settings).incident_years
    if not years:
        return 0
    ids = [id for (id,) in await ctx.db.all(DUE, due=_years_before(ctx.today, years))]
    if ids:
        await ctx.db.run(ERASE, ids=ids)
        for id in ids:
            await audit.record(ctx, "incident.erased", subject=("incident", id))
    return len(ids)


async def count_due_incidents(ctx: Context, within: dt.timedelta) -> int:
    """Returns how many incidents `erase_incidents` would erase by then, at most 500."""
    years = ctx.settings("privacy", Settings).incident_years
    return len(await ctx.db.all(DUE, due=_years_before(ctx.today + within, years))) if years else 0


def _years_before(day: dt.date, years: int) -> dt.date:
    """Returns the same day so many years before; the 28th for a 29 February that is not there."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
