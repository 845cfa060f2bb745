"""Erases workshops, and trainings of staff, that are longer ago than what a region keeps. Published figures stay."""

import datetime as dt
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, any_, bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.queries.trainings import trainings
from spheres_core.support.queries.workshops import workshops
from spheres_core.support.settings import Settings

_until, _ids = bindparam("until", type_=Date()), bindparam("ids", type_=ARRAY(Uuid()))
OLD_WORKSHOPS, OLD_TRAININGS = (
    prepare(select(rows.c.id).where(scoped(rows), rows.c.held_on <= _until).order_by(rows.c.id).limit(500))
    for rows in (workshops, trainings)
)
ERASE_WORKSHOPS = prepare(workshops.delete().where(scoped(workshops), workshops.c.id == any_(_ids)))
ERASE_TRAININGS = prepare(trainings.delete().where(scoped(trainings), trainings.c.id == any_(_ids)))


async def count_old_logs(ctx: Context, within: dt.timedelta) -> tuple[int, int]:
    """Returns how many workshops and trainings `erase_old_logs` would erase by then, at most 500 of each."""
    old_workshops, old_trainings = await _old(ctx, ctx.today + within)
    return len(old_workshops), len(old_trainings)


async def erase_old_logs(ctx: Context) -> int:
    """Erases what is longer ago than it is kept, and returns how many. The trail keeps that there was one."""
    old_workshops, old_trainings = await _old(ctx, ctx.today)
    if old_workshops:
        await ctx.db.run(ERASE_WORKSHOPS, ids=old_workshops)
        for id in old_workshops:
            await audit.record(ctx, "workshop.erased", subject=("workshop", id))
    if old_trainings:
        await ctx.db.run(ERASE_TRAININGS, ids=old_trainings)
        for id in old_trainings:
            await audit.record(ctx, "training.erased", subject=("training", id))
    return len(old_workshops) + len(old_trainings)


async def _old(ctx: Context, today: dt.date) -> tuple[list[UUID], list[UUID]]:
    settings = ctx.settings("support", Settings)
    days = (settings.workshops_erased_after_days, settings.trainings_erased_after_days)
    ends = [today - dt.timedelta(days=each) for each in days]
    return (
        [id for (id,) in await ctx.db.all(OLD_WORKSHOPS, until=ends[0])],
        [id for (id,) in await ctx.db.all(OLD_TRAININGS, until=ends[1])],
    )
