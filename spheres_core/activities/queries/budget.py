"""Adds up what outings may cost and what they cost, by season."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Text, bindparam, func, select

from spheres_core.activities.outing_states import season_days, season_of
from spheres_core.activities.queries.outings import outings
from spheres_core.activities.schemas.outings import ActivityBudget, SeasonBudget, SeasonName
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context

_month = func.date_trunc("month", func.timezone(bindparam("zone", type_=Text()), outings.c.at))
_takes_place = outings.c.state != bindparam("off", type_=Text())
_months = (
    select(_month.label("month"), outings.c.planned_cents, outings.c.spent_cents, _takes_place.label("takes_place"))
    .where(scoped(outings))
    .subquery()
)
BY_MONTH = prepare(
    select(
        _months.c.month, func.count().filter(_months.c.takes_place),
        func.coalesce(func.sum(_months.c.planned_cents).filter(_months.c.takes_place), 0),
        func.coalesce(func.sum(_months.c.spent_cents), 0),
    ).group_by(_months.c.month)
)  # fmt: skip


async def season_sums(ctx: Context) -> ActivityBudget:
    """Returns the sums of the outings of each season, the latest first. What was called off is no longer planned, but
    what was spent on it was spent."""
    sums: dict[tuple[int, SeasonName], list[int]] = defaultdict(lambda: [0, 0, 0])
    for month, *numbers in await ctx.db.all(BY_MONTH, off="called_off", zone=ctx.tenant.time_zone):
        season = season_of(month.date())
        sums[season] = [was + int(more) for was, more in zip(sums[season], numbers, strict=True)]
    ordered = sorted(sums, key=lambda each: season_days(*each), reverse=True)
    return ActivityBudget([SeasonBudget(*each, *sums[each]) for each in ordered])
