"""Publishes figures of workshops, for quarters that have ended: each once, and never anew.

How many took place stands by kind, who was there by age group or role; small groups are left out, and no sum is
published, so that no small number can be worked out.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from sqlalchemy import Date, Text, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.foundation.content.ended_periods import Period, ended_periods
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import constant, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.models import WorkshopFigureRow
from spheres_core.support.queries.workshops import workshops
from spheres_core.support.schemas.sessions import LEAST_COUNTED
from spheres_core.support.schemas.workshops import AUDIENCE, WorkshopCount, WorkshopFigures, WorkshopPeriod

figures = table(WorkshopFigureRow)
QUARTERS: Final = 4
LOGGED_WITHIN: Final = dt.timedelta(days=14)
"""Time after the end of a quarter in which its last days may still be logged, before it is counted."""


class _Counted(Struct, frozen=True):
    kind: str
    audience: dict[str, int]


class _Published(Struct, frozen=True):
    smallest: int
    held: dict[str, int]
    reached: dict[str, int]


_first = bindparam("first", type_=Date())
HELD = prepare(
    select(workshops.c.kind, workshops.c.audience)
    .where(scoped(workshops), workshops.c.state == constant("held", Text()))
    .where(workshops.c.held_on >= _first, workshops.c.held_on <= bindparam("last", type_=Date())),
    into=_Counted,
)
MADE = prepare(
    select(figures.c.smallest, figures.c.held, figures.c.reached).where(scoped(figures), figures.c.first_day == _first),
    into=_Published,
)
ADD = prepare(insert(figures).on_conflict_do_nothing())


async def read_figures(ctx: Context) -> WorkshopFigures:
    """Returns the figures of the last quarters, and publishes those that were not."""
    ended = ended_periods(ctx.today - LOGGED_WITHIN, 3, QUARTERS)
    found = WorkshopFigures([await _period(ctx, each) for each in ended])
    await audit.record(ctx, "workshop_figures.read")
    return found


def large_enough(numbers: Mapping[str, int], smallest: int) -> dict[str, int]:
    """Returns the numbers of people that may be shown."""
    return {code: number for code, number in sorted(numbers.items()) if number >= smallest}


async def _period(ctx: Context, period: Period) -> WorkshopPeriod:
    """Returns what was published of a quarter; one in which nothing took place stays open to what is logged later."""
    made = await ctx.db.one_or_none(MADE, first=period.first)
    if made is None:
        found = await ctx.db.all(HELD, first=period.first, last=period.last)
        if not found:
            return WorkshopPeriod(period.first, period.last, LEAST_COUNTED, [], [])
        await _publish(ctx, period, found)
        (made,) = await ctx.db.all(MADE, first=period.first)
    held = [WorkshopCount(code, made.held[code]) for code in sorted(made.held)]
    reached = [WorkshopCount(group, made.reached[group]) for group in AUDIENCE if group in made.reached]
    return WorkshopPeriod(period.first, period.last, made.smallest, held, reached)


async def _publish(ctx: Context, period: Period, found: Sequence[_Counted]) -> None:
    held: dict[str, int] = {}
    reached: dict[str, int] = {}
    for each in found:
        held[each.kind] = held.get(each.kind, 0) + 1
        for group, number in each.audience.items():
            reached[group] = reached.get(group, 0) + number
    added = ADD.of(
        id=uuid7(), first_day=period.first, last_day=period.last, smallest=LEAST_COUNTED, held=held,
        reached=large_enough(reached, LEAST_COUNTED), made_at=ctx.now,
    )  # fmt: skip
    details = {"first_day": period.first.isoformat()}
    await audit.record(ctx, "workshop_figures.published", details=details, doing=[added])
