"""Finds with whom an emergency plan is to be talked about. Of the plan itself nothing is said but that."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Uuid, and_, any_, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import as_system, read_for
from spheres_core.consents.schemas import Purpose
from spheres_core.followups.models import ParticipationMoveRow
from spheres_core.followups.queries.assignments import assignments, participants
from spheres_core.followups.queries.participations import participations
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
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


class _Active(Struct, frozen=True):
    id: UUID
    code: bytes
    active_on: dt.date


def _active(*conditions: Any) -> Statement[_Active]:
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
        .where(permitted(participations.c.participant_id, "participation", participations.c.dated_on))
        .group_by(participants.c.id, participants.c.code)
        .order_by(participants.c.id),
        into=_Active,
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


async def asked_of_pivot(ctx: Context) -> list[PlanAsked]:
    """Returns those whom the actor follows as pivot worker, and writes to the trail who was shown."""
    return await _asked(ctx, "follow_up")


async def asked_of_coordinator(ctx: Context) -> list[PlanAsked]:
    """Returns those whom the actor coordinates, and writes to the trail who was shown."""
    return await _asked(ctx, "coordination")


async def active_for(ctx: Context, purpose: Purpose) -> dict[UUID, str]:
    """Returns the codes of those who take part now and whom the actor follows as pivot worker, or coordinates."""
    return {each.id: _code(ctx, each) for each in await _active_rows(ctx, purpose)}


async def _active_rows(ctx: Context, purpose: Purpose) -> list[_Active]:
    reader = await read_for(ctx, purpose)
    if purpose == "coordination":
        return await ctx.db.all(WATCHED, **reader)
    return await ctx.db.all(MINE, staff=ctx.actor.id, now=ctx.now, **reader)


def _code(ctx: Context, found: _Active) -> str:
    return ctx.keys.open("participants", found.id, "code", found.code).decode()


async def _asked(ctx: Context, purpose: Purpose) -> list[PlanAsked]:
    active = await _active_rows(ctx, purpose)
    ids = [each.id for each in active]
    async with as_system(ctx):  # a coordinator hears that there is none, whatever she may read of it
        agreed = dict([tuple(row) for row in await ctx.db.all(AGREED, ids=ids)])
        later = dict([tuple(row) for row in await ctx.db.all(NOT_NOW, ids=ids)])
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
            found.append(PlanAsked(each.id, _code(ctx, each), why, since))
    await audit.record(ctx, "emergency_plan.asked_for", shown=[each.id for each in found])
    return sorted(found, key=lambda each: (each.since, each.id))
