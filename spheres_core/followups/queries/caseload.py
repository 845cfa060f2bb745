"""Reads what the list of participants says of followings: their state, the pivot worker, the next encounter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from spheres_core.consents.queries.readable import permitted
from spheres_core.followups.queries.assignments import assignments
from spheres_core.followups.queries.encounters import encounters, is_planned
from spheres_core.followups.queries.participations import participations
from spheres_core.followups.schemas.participations import StateCode
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context

_ids = bindparam("participants", type_=ARRAY(Uuid()))
STATES = prepare(
    select(participations.c.participant_id, participations.c.state)
    .where(scoped(participations), participations.c.participant_id == any_(_ids))
    .where(permitted(participations.c.participant_id, "participation", participations.c.dated_on))
    .ext(distinct_on(participations.c.participant_id))
    .order_by(participations.c.participant_id, participations.c.id.desc())
)
PIVOTS = prepare(
    select(assignments.c.participant_id, assignments.c.staff_id)
    .where(scoped(assignments), assignments.c.participant_id == any_(_ids))
    .where(assignments.c.part == "pivot", assignments.c.ends > bindparam("now"))
    .where(permitted(assignments.c.participant_id, "participation", assignments.c.dated_on))
)
PROMISED = prepare(
    select(encounters.c.participant_id, func.min(encounters.c.at))
    .where(scoped(encounters), encounters.c.participant_id == any_(_ids), is_planned)
    .where(permitted(encounters.c.participant_id, "encounters", encounters.c.dated_on))
    .group_by(encounters.c.participant_id)
)


async def states_of(ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]) -> dict[UUID, StateCode]:
    """Returns the state of each one's last participation that the reader may know of."""
    return dict(await ctx.db.all(STATES, participants=participants, **reader))


async def pivots_of(ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]) -> dict[UUID, UUID]:
    """Returns by participant who is her pivot worker now."""
    return dict(await ctx.db.all(PIVOTS, participants=participants, now=ctx.now, **reader))


async def promised_to(ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]) -> dict[UUID, dt.datetime]:
    """Returns by participant the moment of the earliest encounter that is planned; one that is past is late."""
    return dict(await ctx.db.all(PROMISED, participants=participants, **reader))
