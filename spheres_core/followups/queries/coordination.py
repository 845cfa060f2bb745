"""Finds what a coordinator watches: who has how many files, who has no pivot worker, which offers wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, func, literal_column, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import read_for
from spheres_core.followups.queries.assignments import assignments, participants
from spheres_core.followups.queries.hand_overs import hand_overs
from spheres_core.followups.queries.participations import participations
from spheres_core.followups.schemas.coordination import Caseload, Coordination, HandOverWaiting
from spheres_core.followups.schemas.days import WithoutPivot
from spheres_core.followups.schemas.participations import StateCode
from spheres_core.followups.states import FOLLOWED, OPEN
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context

_has_pivot = exists().where(
    scoped(assignments),
    assignments.c.participation_id == participations.c.id,
    assignments.c.part == "pivot",
    assignments.c.ends > bindparam("now"),
)
GAPS = prepare(
    select(participants.c.id, participants.c.code, participations.c.state)
    .join_from(
        participations,
        participants,
        and_(
            participants.c.tenant_id == participations.c.tenant_id, participants.c.id == participations.c.participant_id
        ),
    )
    .where(scoped(participations), ~_has_pivot)
    .where(participations.c.state.in_([literal_column(f"'{state}'") for state in sorted(OPEN)]))
    .where(permitted(participations.c.participant_id, "participation", participations.c.dated_on))
    .order_by(participations.c.id)
)
CASELOADS = prepare(
    select(assignments.c.staff_id, assignments.c.part, participations.c.state, func.count())
    .join_from(
        assignments,
        participations,
        and_(
            participations.c.tenant_id == assignments.c.tenant_id, participations.c.id == assignments.c.participation_id
        ),
    )
    .where(scoped(assignments), assignments.c.ends > bindparam("now"))
    .where(permitted(assignments.c.participant_id, "participation", assignments.c.dated_on))
    .group_by(assignments.c.staff_id, assignments.c.part, participations.c.state)
)
OFFERED = prepare(
    select(
        hand_overs.c.id, participants.c.id, participants.c.code, hand_overs.c.part, hand_overs.c.from_staff,
        hand_overs.c.to_staff, hand_overs.c.her_answer, hand_overs.c.offered_at,
    )
    .join_from(
        hand_overs,
        participants,
        and_(participants.c.tenant_id == hand_overs.c.tenant_id, participants.c.id == hand_overs.c.participant_id),
    )
    .where(scoped(hand_overs), hand_overs.c.state == "offered")
    .where(permitted(hand_overs.c.participant_id, "participation", hand_overs.c.dated_on))
    .order_by(hand_overs.c.id)
)  # fmt: skip


async def coordination(ctx: Context) -> Coordination:
    """Returns what the actor watches as a coordinator, and writes to the trail who was shown."""
    reader = await read_for(ctx, "coordination")
    gaps = await _gaps(ctx, reader)
    offered = await ctx.db.all(OFFERED, **reader)
    found = Coordination(
        await _caseloads(ctx, reader),
        list(gaps.values()),
        [
            HandOverWaiting(id, _code(ctx, her, code), part, giver, to, answer is not None, at)
            for id, her, code, part, giver, to, answer, at in offered
        ],
    )
    await audit.record(ctx, "coordination.read", shown=[*gaps, *(row[1] for row in offered)])
    return found


async def gaps(ctx: Context) -> list[WithoutPivot]:
    """Returns those who take part without a pivot worker, of whom the actor knows as a coordinator."""
    found = await _gaps(ctx, await read_for(ctx, "coordination"))
    return [each for each in found.values() if each.state in FOLLOWED]


async def _gaps(ctx: Context, reader: Mapping[str, Any]) -> dict[UUID, WithoutPivot]:
    rows = await ctx.db.all(GAPS, now=ctx.now, **reader)
    return {her: WithoutPivot(_code(ctx, her, code), state) for her, code, state in rows}


async def _caseloads(ctx: Context, reader: Mapping[str, Any]) -> list[Caseload]:
    pivot: dict[UUID, dict[StateCode, int]] = {}
    backup: dict[UUID, int] = {}
    for staff, part, state, number in await ctx.db.all(CASELOADS, now=ctx.now, **reader):
        if part == "pivot":
            pivot.setdefault(staff, {})[state] = number
        else:
            backup[staff] = backup.get(staff, 0) + number
    return [Caseload(staff, pivot.get(staff, {}), backup.get(staff, 0)) for staff in sorted(pivot.keys() | backup)]


def _code(ctx: Context, her: UUID, sealed: bytes) -> str:
    return ctx.keys.open("participants", her, "code", sealed).decode()
