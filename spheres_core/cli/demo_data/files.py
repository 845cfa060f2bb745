"""Makes the files of a region's fictional young people, day after day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from msgspec import structs
from sqlalchemy import select

from spheres_core.cli.demo_data import (
    accompaniments,
    activities,
    agreements,
    committee,
    contacts,
    dates,
    decisions,
    encounters,
    participations,
    partners,
    plans,
    safety,
    service_gaps,
    unfinished,
)
from spheres_core.cli.demo_data.acts import Act, DemoFile, Part, Region, in_order, perform
from spheres_core.cli.demo_data.languages import language_of
from spheres_core.cli.demo_data.people import people, staying
from spheres_core.cli.demo_data.transfers import goes_elsewhere
from spheres_core.consents.queries.reader import as_system
from spheres_core.followups.models import ParticipationRow
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import SYSTEM, Context
from spheres_core.participants.operations import birthdays

PARTS: Final[tuple[Part, ...]] = (
    participations.part,
    agreements.part,
    contacts.part,
    encounters.part,
    accompaniments.part,
    accompaniments.peers,
    dates.part,
    decisions.part,
    plans.part,
    service_gaps.part,
    safety.part,
    activities.part,
    unfinished.part,
)
"""Acts in a file, by topic. What falls on one moment is done in this order. A room that comes adds its part."""
_participations = table(ParticipationRow)
_ANY = prepare(select(_participations.c.id).where(scoped(_participations)).limit(1))


async def plan(ctx: Context, staff: Mapping[str, UUID], *, many: int) -> list[tuple[DemoFile, Act]]:
    """Returns what is to be done, the earliest first; nothing where somebody takes part already."""
    async with as_system(ctx):
        if await ctx.db.one_or_none(_ANY) is not None:
            return []
    language = language_of(ctx)
    region = Region(staff, await partners.employers(ctx), language, ctx.now)
    persons = [each if goes_elsewhere(ctx) else staying(each, ctx.now) for each in people(ctx.now, language, many=many)]
    return in_order([DemoFile(each, region) for each in persons], PARTS)


async def make(ctx: Context, planned: list[tuple[DemoFile, Act]], done: Callable[[], None]) -> None:
    """Does all of it, and then raises the tasks about birthdays that are due today."""
    if not planned:
        return
    for file, act in planned:
        await perform(ctx, file, act)
        done()
    files = list({id(file): file for file, _ in planned}.values())
    await committee.hold_meetings(ctx, files)
    await birthdays.raise_due(structs.replace(ctx, actor=SYSTEM))
