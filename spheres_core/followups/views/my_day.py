"""A worker's day: promised encounters, files to take over, gaps, and whom she follows."""

from __future__ import annotations

from spheres_core.audit import operations as audit
from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.queries import accompaniments, coordination, hand_overs, my_day
from spheres_core.followups.schemas.days import DayPart, MyDay
from spheres_core.foundation.plugins.registrations import DaySection
from spheres_core.foundation.tenancy.context import Context


async def day_of(ctx: Context) -> MyDay:
    """Returns what waits for the actor, and writes to the trail whose encounters were shown."""
    waiting = await hand_overs.list_hand_overs(ctx)
    gaps = await coordination.gaps(ctx) if ctx.may(ASSIGN) else []
    found = await my_day.followed(ctx)
    going_along = await accompaniments.planned(ctx)
    reachable, expected = await my_day.contacts(ctx, found.files)
    more = [await _part(ctx, section) for section in ctx.plugins.day_sections]
    listed = [
        *(each.id for each in found.promised),
        *(each.id for each in going_along),
        *(each.id for each in found.dates),
    ]
    await audit.record(ctx, "day.shown", shown=[*found.files, *listed])
    return MyDay(
        promised=found.promised,
        accompaniments=going_along,
        expected=expected,
        reachable=reachable,
        dates=found.dates,
        hand_overs=[each for each in waiting.hand_overs if each.to_staff == ctx.actor.id],
        more=[each for each in more if each.lines],
        without_pivot=gaps,
        files=list(found.files.values()),
    )


async def _part(ctx: Context, section: DaySection) -> DayPart:
    return DayPart(section.name, str(ctx.locale.say(section.title)), list(await section.read(ctx)))
