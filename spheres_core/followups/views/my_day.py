"""A worker's day: promised encounters, files to take over, gaps, and whom she follows."""

from __future__ import annotations

from spheres_core.audit import operations as audit
from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.queries import hand_overs, my_day
from spheres_core.followups.schemas import MyDay
from spheres_core.foundation.tenancy.context import Context


async def day_of(ctx: Context) -> MyDay:
    """Returns what waits for the actor, and writes to the trail whose encounters were shown."""
    waiting = await hand_overs.list_hand_overs(ctx)
    gaps = await my_day.gaps(ctx) if ctx.may(ASSIGN) else []
    promised, files = await my_day.promised(ctx), await my_day.files(ctx)
    await audit.record(ctx, "day.shown", shown=[each.id for each in promised])
    offered = [each for each in waiting.hand_overs if each.to_staff == ctx.actor.id]
    return MyDay(promised, offered, gaps, files)
