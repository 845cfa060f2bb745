"""Lets members stay out of what a committee discusses of somebody. It holds from the same moment on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.committee.permissions import PREPARE
from spheres_core.committee.queries import agenda, meetings
from spheres_core.committee.queries.agenda import ACT, recusals
from spheres_core.committee.schemas.agenda import Recused, RecusePosted
from spheres_core.consents.operations import standings
from spheres_core.consents.queries.reader import as_system
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.errors import NotAllowed
from spheres_core.foundation.tenancy.context import Context

ADD = prepare(insert(recusals))


async def recuse(ctx: Context, meeting: UUID, posted: RecusePosted) -> Recused:
    """Keeps a member out of an item, and of all that committees discuss of that participant from now on.

    For herself, as long as she may discuss the item; whoever prepares meetings may say it of another member.
    Raises `MeetingUnknown`, `ItemUnknown`, `NotAllowed`.
    """
    await meetings.find_meeting(ctx, meeting)
    if posted.staff not in (None, ctx.actor.id) and not ctx.may(PREPARE):
        raise NotAllowed
    item = await agenda.item_to_discuss(ctx, await agenda.reader_of(ctx), meeting, posted.item)
    staff = posted.staff or ctx.actor.id
    if staff is None:
        raise agenda.ItemUnknown
    async with as_system(ctx):
        added = ADD.of(
            id=uuid7(), participant_id=item.participant_id, item_id=item.id, staff_id=staff, author=ctx.actor.id,
            written_at=ctx.now, dated_on=item.dated_on,
        )  # fmt: skip
        subject, details = ("participant", item.participant_id), {"item": str(item.id), "staff": str(staff)}
        await audit.record(ctx, "committee.recused", subject=subject, details=details, doing=[added])
        open_ones = await ctx.db.all(agenda.OF_HER, participant=item.participant_id)
        await standings.end_standings_by(ctx, [each.id for each in open_ones], kind=ACT, staff=staff)
    return Recused(posted.item)
