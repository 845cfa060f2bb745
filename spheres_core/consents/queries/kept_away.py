"""Counts who is kept away from participants, for who watches over it. It says of nobody from whom."""

from sqlalchemy import bindparam, func, select

from spheres_core.consents.models import ExclusionRow
from spheres_core.consents.queries.reader import as_system
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context

exclusions = table(ExclusionRow)
LIVE = prepare(
    select(func.count()).where(
        scoped(exclusions), exclusions.c.starts <= bindparam("now"), exclusions.c.ends > bindparam("now")
    )
)


async def count_live_exclusions(ctx: Context) -> int:
    """Returns how many exclusions are in force now."""
    async with as_system(ctx):
        return int(await ctx.db.scalar(LIVE, now=ctx.now))
