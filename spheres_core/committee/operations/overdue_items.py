"""Puts what is overdue on the agenda of the next meeting."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.committee.operations.item_access import open_item
from spheres_core.committee.queries import agenda
from spheres_core.committee.queries.meetings import day_of
from spheres_core.committee.queries.overdue import OF_BODY
from spheres_core.committee.schemas.agenda import ItemFound
from spheres_core.committee.schemas.meetings import MeetingFound
from spheres_core.consents.queries.reader import as_system
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.tenancy.context import Context

ADD = prepare(insert(agenda.items))


async def put_overdue_on_agenda(ctx: Context, meeting: MeetingFound) -> None:
    """Puts participants on a meeting's agenda of whom something that was recommended is overdue by its day.

    The item asks nothing and draws on nothing but what was recommended; members may discuss it as far as she lets them.
    """
    async with as_system(ctx):
        rows = await ctx.db.all(OF_BODY, of_body=meeting.body, before=day_of(ctx, meeting))
        for number, (participant,) in enumerate(rows, 1):
            await _put(ctx, meeting, participant, number)


async def _put(ctx: Context, meeting: MeetingFound, participant: UUID, number: int) -> None:
    item = ItemFound(uuid7(), participant, meeting.id, number, "on", True, "not_reached", None, [], [], 1, ctx.today)
    added = ADD.of(author=ctx.actor.id, written_at=ctx.now, **msgspec.structs.asdict(item))
    details = {"item": str(item.id), "meeting": str(meeting.id), "number": number}
    await audit.record(ctx, "agenda_item.carried", subject=("participant", participant), details=details, doing=[added])
    await open_item(ctx, meeting, item)
