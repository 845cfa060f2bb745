"""Finds who follows her, and whom somebody follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import as_system, read_for
from spheres_core.consents.schemas import FOREVER
from spheres_core.followups.models import AssignmentRow
from spheres_core.followups.queries import participations
from spheres_core.followups.schemas.assignments import Assignment, AssignmentFound, Assignments, Part
from spheres_core.followups.states import FOLLOWED
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import ParticipantRow

assignments, participants = table(AssignmentRow), table(ParticipantRow)
_columns = [assignments.c[name] for name in AssignmentFound.__struct_fields__]
_hers = select(*_columns).where(scoped(assignments), assignments.c.participant_id == bindparam("participant"))
CURRENT = prepare(_hers.where(assignments.c.ends > bindparam("now")).order_by(assignments.c.id), into=AssignmentFound)
"""For operations, which say for whom they read."""
READABLE = prepare(
    _hers.where(permitted(assignments.c.participant_id, "participation", assignments.c.dated_on)).order_by(
        assignments.c.id.desc()
    ),
    into=AssignmentFound,
)
FILES_OF = prepare(
    select(assignments.c.participant_id, participants.c.code)
    .join_from(
        assignments,
        participants,
        and_(participants.c.tenant_id == assignments.c.tenant_id, participants.c.id == assignments.c.participant_id),
    )
    .where(scoped(assignments), assignments.c.staff_id == bindparam("staff"), assignments.c.part == bindparam("part"))
    .where(assignments.c.ends > bindparam("now"))
    .where(permitted(assignments.c.participant_id, "participation", assignments.c.dated_on))
    .order_by(assignments.c.id)
)
NUMBER_OF = prepare(
    select(func.count()).where(
        scoped(assignments), assignments.c.staff_id == bindparam("staff"), assignments.c.ends > bindparam("now")
    )
)


async def list_assignments(ctx: Context, reader: Mapping[str, Any], participant: UUID) -> Assignments:
    """Returns who follows her and who did, newest first. `reader`: from `consents.queries.reader.read_for`."""
    found = await ctx.db.all(READABLE, participant=participant, **reader)
    episode = await participations.latest(ctx, participant)
    await audit.record(ctx, "assignments.listed", subject=("participant", participant))
    followed = any(each.part == "pivot" and each.ends > ctx.now for each in found)
    missing = episode is not None and episode.state in FOLLOWED and not followed
    return Assignments([shown(each) for each in found], missing)


async def current(ctx: Context, participant: UUID) -> list[AssignmentFound]:
    """Returns who follows her now, for an operation."""
    return await ctx.db.all(CURRENT, participant=participant, now=ctx.now)


async def files_of(ctx: Context, staff: UUID | None, part: Part) -> list[tuple[UUID, str]]:
    """Returns whom somebody follows now in this part and may know of, each with her code."""
    reader = await read_for(ctx, "follow_up")
    rows = await ctx.db.all(FILES_OF, staff=staff, part=part, now=ctx.now, **reader)
    return [(id, ctx.keys.open("participants", id, "code", sealed).decode()) for id, sealed in rows]


async def number_of(ctx: Context, staff: UUID) -> int:
    """Returns how many files somebody has now, as pivot worker or backup, whoever asks: a number, and no code."""
    async with as_system(ctx):
        return int(await ctx.db.scalar(NUMBER_OF, staff=staff, now=ctx.now))


def shown(found: AssignmentFound) -> Assignment:
    """Returns what is told of an assignment."""
    ends = None if found.ends >= FOREVER else found.ends
    return Assignment(found.id, found.participation_id, found.staff_id, found.part, found.starts, ends)
