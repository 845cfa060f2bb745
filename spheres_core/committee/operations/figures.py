"""Publishes figures of periods that have ended: each once, when somebody first asks for it, and never anew."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.committee.figures import publishable
from spheres_core.committee.queries import figures as queries
from spheres_core.committee.schemas.figures import CommitteeFigures, FigureCount, FigureKind, FigurePeriod
from spheres_core.committee.settings import Settings
from spheres_core.consents.queries.reader import as_system
from spheres_core.foundation.content.ended_periods import Period, ended_periods
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.operations import workshop_figures
from spheres_core.support.schemas.workshops import WorkshopPeriod

ADD = prepare(insert(queries.figures).on_conflict_do_nothing())
QUARTERS: Final = 4
YEARS: Final = 2


async def read_figures(ctx: Context) -> CommitteeFigures:
    """Returns the figures of the last periods, and publishes those that were not. Raises `NotAllowed`."""
    await queries.require_steering(ctx)
    found = CommitteeFigures(
        [await _period(ctx, "gaps", each) for each in ended_periods(ctx.today, 3, QUARTERS)],
        [await _period(ctx, "items", each) for each in ended_periods(ctx.today, 12, YEARS)],
        [_without_few(each) for each in (await workshop_figures.read_figures(ctx)).periods],
    )
    await audit.record(ctx, "committee_figures.read")
    return found


def _without_few(period: WorkshopPeriod) -> WorkshopPeriod:
    """Returns a quarter of workshops without kinds of which few took place: whose they were could be known."""
    return msgspec.structs.replace(period, held=[each for each in period.held if each.number >= period.smallest])


async def _period(ctx: Context, kind: FigureKind, period: Period) -> FigurePeriod:
    made = await queries.made_before(ctx, kind, period)
    if made is None:
        await _publish(ctx, kind, period)
        made = await queries.made_before(ctx, kind, period)
    divided_by, smallest, counts = made
    return FigurePeriod(period.first, period.last, divided_by, smallest, msgspec.convert(counts, list[FigureCount]))


async def _publish(ctx: Context, kind: FigureKind, period: Period) -> None:
    settings = ctx.settings("committee", Settings)
    divided_by = settings.gaps_by if kind == "gaps" else queries.SOURCE_AND_REPEAT
    async with as_system(ctx):
        if kind == "gaps":
            found = await queries.count_gaps(ctx, period, settings.gaps_by)
        else:
            found = await queries.count_items(ctx, period)
    counts: list[Any] = [
        {"by": list(cell), "persons": count} for cell, count in publishable(found, settings.smallest_group).items()
    ]
    added = ADD.of(
        id=uuid7(), kind=kind, first_day=period.first, last_day=period.last, divided_by=divided_by,
        smallest=settings.smallest_group, counts=counts, made_at=ctx.now,
    )  # fmt: skip
    details = {"kind": kind, "first_day": period.first.isoformat(), "divided_by": divided_by}
    await audit.record(ctx, "committee_figures.published", details=details, doing=[added])
