"""A worker's day: promised encounters, files to take over, gaps, and whom she follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spheres_core.audit import operations as audit
from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.queries import coordination, hand_overs, my_day
from spheres_core.followups.schemas.days import DayPart, MyDay
from spheres_core.foundation.plugins.registrations import DaySection
from spheres_core.foundation.tenancy.context import Context


async def day_of(ctx: Context) -> MyDay:
    """Returns what waits for the actor, and writes to the trail whose encounters were shown."""
    async with audit.recorded_together(ctx):
        return await _day_of(ctx)


async def _day_of(ctx: Context) -> MyDay:
    waiting = await hand_overs.list_hand_overs(ctx)
    gaps = await coordination.gaps(ctx) if ctx.may(ASSIGN) else []
    found = await my_day.followed(ctx, ctx.plugins.day_sections)
    reachable, expected = await my_day.contacts(ctx, found.files)
    more = [await _part(ctx, section, found.rows) for section in ctx.plugins.day_sections]
    listed = [
        *(each.id for each in found.promised),
        *(each.id for each in found.accompaniments),
        *(each.id for each in found.dates),
    ]
    await audit.record(ctx, "day.shown", shown=[*found.files, *listed])
    return MyDay(
        promised=found.promised,
        accompaniments=found.accompaniments,
        expected=expected,
        reachable=reachable,
        dates=found.dates,
        hand_overs=[each for each in waiting.hand_overs if each.to_staff == ctx.actor.id],
        more=[each for each in more if each.lines],
        without_pivot=gaps,
        files=list(found.files.values()),
    )


async def _part(ctx: Context, section: DaySection, rows: Mapping[Any, Any]) -> DayPart:
    lines = await (section.read(ctx, rows[section.asks]) if section.asks is not None else section.read(ctx))
    return DayPart(section.name, str(ctx.locale.say(section.title)), list(lines))
