"""Free beds: what is noted for a night, and who notes it. It knows no HTTP."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.plugin import Context, prepare, record, scoped

from .models import nights

NOTED = "shelter_beds.noted"
LAST_TAKEN = "shelter_beds.last_taken"
_of_night = (scoped(nights), nights.c.night == bindparam("night"))
BY_ORGANIZATION = prepare(select(nights.c.organization_id, nights.c.free).where(*_of_night))
BY_NIGHT = prepare(
    select(nights.c.night, func.sum(nights.c.free))
    .where(scoped(nights))
    .group_by(nights.c.night)
    .order_by(nights.c.night)
)
SUM = prepare(select(func.coalesce(func.sum(nights.c.free), 0)).where(*_of_night))
_put = insert(nights)
PUT = prepare(_put.on_conflict_do_update(index_elements=list(nights.primary_key), set_={"free": _put.excluded.free}))


class FreeBeds(Struct, frozen=True):
    tonight: int


async def free_beds(ctx: Context) -> FreeBeds:
    return FreeBeds(await ctx.db.scalar(SUM, night=ctx.today))


async def by_organization(ctx: Context) -> dict[UUID, int]:
    return {row[0]: row[1] for row in await ctx.db.all(BY_ORGANIZATION, night=ctx.today)}


async def by_night(ctx: Context) -> Sequence[tuple[dt.date, int]]:
    return [(row[0], row[1]) for row in await ctx.db.all(BY_NIGHT)]


async def note(ctx: Context, free: Mapping[UUID, int]) -> None:
    before = (await free_beds(ctx)).tonight
    await ctx.db.run_many(PUT, [{"organization_id": id_, "night": ctx.today, "free": n} for id_, n in free.items()])
    await record(ctx, NOTED, details={"night": ctx.today.isoformat(), "free": sum(free.values())})
    if before and not (await free_beds(ctx)).tonight:
        await record(ctx, LAST_TAKEN, details={"night": ctx.today.isoformat()})
