"""Finds with whom an emergency plan is to be talked about. Of the plan itself nothing is said but that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Uuid, and_, any_, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import as_system, read_for
from spheres_core.followups.models import ParticipationMoveRow
from spheres_core.followups.queries.assignments import assignments, participants
from spheres_core.followups.queries.participations import participations
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import BoundStatement, Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.safety.coverage import Asked, asked_for
from spheres_core.safety.queries.plans import not_now, plans
from spheres_core.safety.settings import Settings

moves = table(ParticipationMoveRow)


class PlanAsked(Struct, frozen=True):
    """Somebody with whom an emergency plan is to be talked about."""

    id: UUID
    participant: str
    """Her code."""
    why: Asked
    since: dt.date
    """Since when: she takes part, it was to be looked at, or it was to be asked again."""


class Active(Struct, frozen=True):
    """Somebody who takes part now."""

    id: UUID
    code: bytes
    active_on: dt.date


def _active(*conditions: Any) -> Statement[Active]:
    """Prepares the query of those who take part now and of whom the reader may know, each since when."""
    return prepare(
        select(participants.c.id, participants.c.code, func.min(moves.c.dated_on))
        .join_from(
            participations,
            participants,
            and_(
                participants.c.tenant_id == participations.c.tenant_id,
                participants.c.id == participations.c.participant_id,
            ),
        )
        .join(
            moves,
            and_(moves.c.tenant_id == participations.c.tenant_id, moves.c.participation_id == participations.c.id),
        )
        .where(scoped(participations), participations.c.state == "active", moves.c.to_state == "active", *conditions)
        .where(
            permitted(participations.c.participant_id, "participation", participations.c.dated_on, asked_together=True)
        )
        .group_by(participants.c.id, participants.c.code)
        .order_by(participants.c.id),
        into=Active,
    )


_mine = exists().where(
    scoped(assignments),
    assignments.c.participant_id == participations.c.participant_id,
    assignments.c.staff_id == bindparam("staff"),
    assignments.c.part == "pivot",
    assignments.c.ends > bindparam("now"),
)
MINE, WATCHED = _active(_mine), _active()
_among = any_(bindparam("ids", type_=ARRAY(Uuid())))
AGREED = prepare(
    select(plans.c.participant_id, plans.c.review_by).where(
        scoped(plans), plans.c.state == "agreed", plans.c.participant_id == _among
    )
)
NOT_NOW = prepare(
    select(not_now.c.participant_id, not_now.c.ask_again_on)
    .where(scoped(not_now), not_now.c.participant_id == _among)
    .ext(distinct_on(not_now.c.participant_id))
    .order_by(not_now.c.participant_id, not_now.c.id.desc())
)
"""Of each, the last one."""


def asks_active(ctx: Context, reader: Mapping[str, Any]) -> BoundStatement[Active]:
    """Asks for those who take part now and whom the actor follows as pivot worker."""
    return MINE.of(staff=ctx.actor.id, now=ctx.now, **reader)


async def coordinated(ctx: Context) -> list[Active]:
    """Returns those who take part now and whom the actor coordinates."""
    return await ctx.db.all(WATCHED, **await read_for(ctx, "coordination"))


def code_of(ctx: Context, found: Active) -> str:
    """Returns the code of one of them."""
    return ctx.keys.open("participants", found.id, "code", found.code).decode()


async def list_asked(ctx: Context, active: Sequence[Active]) -> list[PlanAsked]:
    """Returns those of them with whom a plan is to be talked about, and writes to the trail who was shown."""
    ids = [each.id for each in active]
    async with as_system(ctx):  # a coordinator hears that there is none, whatever she may read of it
        plans_found, put_off = await ctx.db.batch(AGREED.of(ids=ids), NOT_NOW.of(ids=ids))
    agreed, later = dict(map(tuple, plans_found)), dict(map(tuple, put_off))
    days = ctx.settings("safety", Settings).plan_days
    found = []
    for each in active:
        review_by, again = agreed.get(each.id), later.get(each.id)
        why = asked_for(
            active_on=each.active_on, today=ctx.today, days=days, agreed=each.id in agreed, review_by=review_by,
            ask_again_on=again,
        )  # fmt: skip
        if why is not None:
            since = {"missing": each.active_on, "review": review_by, "ask_again": again}[why] or each.active_on
            found.append(PlanAsked(each.id, code_of(ctx, each), why, since))
    await audit.record(ctx, "emergency_plan.asked_for", shown=[each.id for each in found])
    return sorted(found, key=lambda each: (each.since, each.id))
