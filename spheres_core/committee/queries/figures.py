"""Counts what the Steering Committee may know: gaps in services, and who comes on agendas, by codes, never of whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Text, and_, bindparam, exists, func, literal_column, select

from spheres_core.committee.figures import Cell
from spheres_core.committee.members import holds
from spheres_core.committee.models import CommitteeFigureRow
from spheres_core.committee.permissions import PREPARE
from spheres_core.committee.queries.agenda import items
from spheres_core.committee.queries.seats import OF_BODY
from spheres_core.committee.schemas.figures import Division, FigureKind
from spheres_core.foundation.content.ended_periods import Period
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.plans.queries.requests import gaps
from spheres_core.staff.models import StaffRow

STEERING: Final = "steering"
SOURCE_AND_REPEAT: Final = "source_and_repeat"
figures, staff = table(CommitteeFigureRow), table(StaffRow)
earlier = items.alias("earlier")
_first, _last = bindparam("first", type_=Date()), bindparam("last", type_=Date())
MADE = prepare(
    select(figures.c.divided_by, figures.c.smallest, figures.c.counts).where(
        scoped(figures), figures.c.kind == bindparam("of_kind", type_=Text()), figures.c.first_day == _first
    )
)
GAPS = prepare(
    select(gaps.c.participant_id, gaps.c.need, gaps.c.area)
    .where(scoped(gaps), gaps.c.dated_on >= _first, gaps.c.dated_on <= _last)
    .distinct()
)
"""For work that belongs to no person."""
_again = exists().where(
    earlier.c.tenant_id == items.c.tenant_id,
    earlier.c.participant_id == items.c.participant_id,
    earlier.c.state == literal_column("'on'"),
    earlier.c.id != items.c.id,
    earlier.c.dated_on < items.c.dated_on,
    earlier.c.dated_on >= items.c.dated_on - func.make_interval(1),
)
ITEMS = prepare(
    select(items.c.participant_id, func.coalesce(staff.c.organization, ""), _again)
    .join_from(items, staff, and_(staff.c.tenant_id == items.c.tenant_id, staff.c.id == items.c.author), isouter=True)
    .where(scoped(items), items.c.state == literal_column("'on'"), ~items.c.carried)
    .where(items.c.dated_on >= _first, items.c.dated_on <= _last)
    .distinct()
)
"""For work that belongs to no person. What only an overdue recommendation put there does not count."""


async def require_steering(ctx: Context) -> None:
    """Lets members of the Steering Committee go on, and whoever prepares meetings. Raises `NotAllowed`."""
    if not await sees_figures(ctx):
        raise NotAllowed


async def sees_figures(ctx: Context) -> bool:
    """Returns whether the actor may read figures: she has a seat in the Steering Committee, or prepares meetings."""
    if ctx.may(PREPARE):
        return True
    seats = await ctx.db.all(OF_BODY, of_body=STEERING)
    return any(each.staff_id == ctx.actor.id and holds(each, ctx.today) for each in seats)


async def count_gaps(ctx: Context, period: Period, divided_by: Division) -> Mapping[Cell, set[UUID]]:
    """Returns whose needs nobody could meet, by what the region divides. The transaction must be the system's."""
    found: dict[Cell, set[UUID]] = defaultdict(set)
    for her, need, area in await ctx.db.all(GAPS, first=period.first, last=period.last):
        cells: Mapping[Division, Cell] = {"need": (need,), "area": (area,), "need_and_area": (need, area)}
        found[cells[divided_by]].add(her)
    return found


async def count_items(ctx: Context, period: Period) -> Mapping[Cell, set[UUID]]:
    """Returns who came on agendas, by source, first or again. The transaction must be the system's."""
    found: dict[Cell, set[UUID]] = defaultdict(set)
    for her, source, is_again in await ctx.db.all(ITEMS, first=period.first, last=period.last):
        found[source, "again" if is_again else "first"].add(her)
    return found


async def made_before(ctx: Context, kind: FigureKind, period: Period) -> Any:
    """Returns how a period is divided, its smallest number and its counts, where it was published already."""
    rows = await ctx.db.all(MADE, of_kind=kind, first=period.first)
    return rows[0] if rows else None
