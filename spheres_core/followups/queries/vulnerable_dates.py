"""Finds dates that make need rise, for whoever may read her needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.followups.models import VulnerableDateRow
from spheres_core.followups.queries.assignments import assignments, participants
from spheres_core.followups.schemas.vulnerable_dates import (
    DateAhead,
    VulnerableDate,
    VulnerableDateFound,
    VulnerableDates,
)
from spheres_core.followups.vulnerable_dates import is_near, next_day
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess

dates = table(VulnerableDateRow)
_columns = [dates.c[name] for name in VulnerableDateFound.__struct_fields__]
_stands = (scoped(dates), dates.c.ended_at.is_(None))
HERS = prepare(
    select(*_columns)
    .where(*_stands, permitted(dates.c.participant_id, "needs_and_plan", dates.c.dated_on))
    .where(dates.c.participant_id == bindparam("participant"))
    .order_by(dates.c.id),
    into=VulnerableDateFound,
)
_mine = exists().where(
    scoped(assignments),
    assignments.c.participant_id == dates.c.participant_id,
    assignments.c.staff_id == bindparam("staff"),
    assignments.c.ends > bindparam("now"),
)
MINE = prepare(
    select(*_columns, participants.c.code)
    .join_from(
        dates,
        participants,
        and_(participants.c.tenant_id == dates.c.tenant_id, participants.c.id == dates.c.participant_id),
    )
    .where(*_stands, _mine)
    .where(permitted(dates.c.participant_id, "needs_and_plan", dates.c.dated_on, asked_together=True))
    .order_by(dates.c.id)
)


class DateUnknown(NotFound):
    """There is no such date of hers, or none that the caller may read."""


async def list_dates(ctx: Context, file: ParticipantAccess) -> VulnerableDates:
    """Returns her dates, the next one first and those that have passed last, and writes to the trail what was shown."""
    require_class(ctx, file, "needs_and_plan")
    found = [shown(ctx, each) for each in await ctx.db.all(HERS, participant=file.id, **file.reader)]
    await audit.record(ctx, "dates.read", subject=("participant", file.id), shown=[each.id for each in found])
    return VulnerableDates(sorted(found, key=lambda each: (each.next_on or dt.date.max, each.id)))


async def find_date(ctx: Context, file: ParticipantAccess, id: UUID) -> VulnerableDateFound:
    """Returns one date's row. Raises `DateUnknown`."""
    rows = await ctx.db.all(HERS, participant=file.id, **file.reader)
    found = next((each for each in rows if each.id == id), None)
    if found is None:
        raise DateUnknown
    return found


def dates_ahead(ctx: Context, found: Sequence[Any]) -> list[DateAhead]:
    """Returns near dates for which no help was offered yet, the next one first. `found`: the rows of `MINE`."""
    near: list[DateAhead] = []
    for *values, sealed in found:
        each = VulnerableDateFound(*values)
        day = next_day(each.first_on, each.repeats, ctx.today)
        if day is not None and is_near(each.kind, day, ctx.today) and each.help_offered_for != day:
            code = ctx.keys.open("participants", each.participant_id, "code", sealed).decode()
            near.append(DateAhead(each.id, code, each.kind, day))
    return sorted(near, key=lambda each: (each.on, each.id))


def shown(ctx: Context, found: VulnerableDateFound) -> VulnerableDate:
    """Returns what is told of a date."""
    note = ctx.keys.open("vulnerable_dates", found.id, "note", found.note).decode() if found.note else ""
    return VulnerableDate(
        found.id, found.kind, found.first_on, found.repeats, note,
        next_day(found.first_on, found.repeats, ctx.today), found.help_offered_for, found.author, found.written_at,
    )  # fmt: skip
