"""Finds what earlier meetings recommended and nobody has done by its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Text, Uuid, and_, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.committee.models import RecommendationRow
from spheres_core.committee.queries.agenda import CLASS, items
from spheres_core.committee.queries.meetings import day_of, meetings
from spheres_core.committee.queries.texts import texts_about
from spheres_core.committee.schemas.meetings import MeetingFound
from spheres_core.consents.queries.readable import permitted
from spheres_core.facts import msg
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.plugins.bodies import BriefLine
from spheres_core.foundation.tenancy.context import Context

OVERDUE: Final = msg("Recommended before, and still open")
recommendations = table(RecommendationRow)
_of_item = and_(items.c.tenant_id == recommendations.c.tenant_id, items.c.id == recommendations.c.item_id)
_of_meeting = and_(meetings.c.tenant_id == items.c.tenant_id, meetings.c.id == items.c.meeting_id)
_open = (
    scoped(recommendations),
    recommendations.c.state == "open",
    recommendations.c.due_on < bindparam("before", type_=Date()),
)
TO_DISCUSS = prepare(
    select(recommendations.c.id, recommendations.c.participant_id, recommendations.c.due_on)
    .join_from(recommendations, items, _of_item)
    .where(*_open, items.c.meeting_id != bindparam("but_of", type_=Uuid()))
    .where(recommendations.c.participant_id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .where(permitted(recommendations.c.participant_id, CLASS, recommendations.c.dated_on, act="discuss"))
    .order_by(recommendations.c.due_on, recommendations.c.id)
)
OF_BODY = prepare(
    select(recommendations.c.participant_id)
    .join_from(recommendations, items, _of_item)
    .join(meetings, _of_meeting)
    .where(*_open, meetings.c.body == bindparam("of_body", type_=Text()))
    .distinct()
)
"""Of whom something is overdue in a body, by a day. For work that belongs to no person."""


async def overdue_before(
    ctx: Context, reader: Mapping[str, Any], meeting: MeetingFound, participants: Sequence[UUID]
) -> dict[UUID, list[BriefLine]]:
    """Returns, by participant, what is overdue by a meeting's day, as far as the reader may discuss it."""
    if not participants:
        return {}
    rows = await ctx.db.all(
        TO_DISCUSS, before=day_of(ctx, meeting), but_of=meeting.id, ids=list(participants), **reader
    )
    said = await texts_about(ctx, reader, [row[0] for row in rows], act="discuss")
    found: dict[UUID, list[BriefLine]] = {}
    for id, participant, due_on in rows:
        label = ctx.locale.say(msg("By {day}", day=ctx.locale.date(due_on)))
        found.setdefault(participant, []).append(BriefLine(said.of(id, "what"), str(label)))
    return found
