"""Free beds: what is noted for a night, and who notes it. It knows no HTTP."""

from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, select

from spheres_core.plugin import Context, prepare, record, scoped, upsert

from .models import nights

NOTED, LAST_TAKEN = "shelter_beds.noted", "shelter_beds.last_taken"
_of_night = nights.c.night == bindparam("night")
OF_NIGHT = prepare(select(*nights.c["organization_id", "free"]).where(scoped(nights), _of_night))
PUT = upsert(nights)


class FreeBeds(Struct, frozen=True):
    tonight: int
    by_organization: dict[UUID, int]


async def by_organization(ctx: Context) -> dict[UUID, int]:
    return {row[0]: row[1] for row in await ctx.db.all(OF_NIGHT, night=ctx.today)}


async def free_beds(ctx: Context) -> FreeBeds:
    noted = await by_organization(ctx)
    return FreeBeds(sum(noted.values()), noted)


async def note(ctx: Context, free: dict[UUID, int]) -> None:
    before, night = (await free_beds(ctx)).tonight, {"night": ctx.today.isoformat()}
    await ctx.db.run_many(PUT, [{"organization_id": id_, "night": ctx.today, "free": n} for id_, n in free.items()])
    await record(ctx, NOTED, details={**night, "free": sum(free.values())})
    if before and not (await free_beds(ctx)).tonight:
        await record(ctx, LAST_TAKEN, details=night)
