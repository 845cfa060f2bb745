"""Columns of the list of participants: the state, the pivot worker, the next encounter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from spheres_core.followups.queries import caseload
from spheres_core.followups.states import STATES
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.queries.members import list_members


async def read_states(ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]) -> dict[UUID, str]:
    """Returns the state of each one's participation, in words."""
    found = await caseload.states_of(ctx, reader, participants)
    return {id: ctx.locale.say(STATES[state]) for id, state in found.items()}


async def read_pivots(ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]) -> dict[UUID, str]:
    """Returns the name of each one's pivot worker, or that somebody is missing."""
    known = await caseload.states_of(ctx, reader, participants)
    pivots = await caseload.pivots_of(ctx, reader, participants)
    names = {each.id: each.name for each in await list_members(ctx)} if pivots else {}
    nobody = ctx.locale.say("Nobody yet")
    return {id: names.get(pivots[id], "") if id in pivots else nobody for id in known}


async def read_promised(ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]) -> dict[UUID, str]:
    """Returns when each one has been promised an encounter next."""
    found = await caseload.promised_to(ctx, reader, participants)
    return {
        id: ctx.locale.time(at, zone=ctx.zone)
        if at >= ctx.now
        else ctx.locale.say("{moment}: how was it?", moment=ctx.locale.time(at, zone=ctx.zone))
        for id, at in found.items()
    }
