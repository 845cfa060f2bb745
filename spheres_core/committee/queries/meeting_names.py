"""Finds how somebody wants to be called at meetings. The identity vault is another table, and is read by no query here.

There is one name of each, the last; nobody is found by it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.committee.models import MeetingNameRow
from spheres_core.committee.schemas.meeting_names import HeardBy, MeetingName, MeetingNameFound
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.schemas import FOREVER, MEETING_NAME
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess

names = table(MeetingNameRow)
HERS = prepare(
    select(*(names.c[each] for each in MeetingNameFound.__struct_fields__))
    .where(scoped(names), names.c.participant_id == bindparam("participant", type_=Uuid()))
    .where(permitted(names.c.participant_id, MEETING_NAME, names.c.dated_on)),
    into=MeetingNameFound,
)
TO_DISCUSS = prepare(
    select(names.c.participant_id, names.c.id, names.c.called)
    .where(scoped(names), names.c.called.is_not(None))
    .where(names.c.participant_id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .where(permitted(names.c.participant_id, MEETING_NAME, names.c.dated_on, act="discuss"))
)


async def names_to_discuss(ctx: Context, reader: Mapping[str, Any], participants: Collection[UUID]) -> dict[UUID, str]:
    """Returns, by participant, the name that the actor may hear in a meeting; none for all others.

    `reader`: from `committee.queries.agenda.reader_of`.
    """
    rows = await ctx.db.all(TO_DISCUSS, ids=list(participants), **reader) if participants else []
    return {her: ctx.keys.open("meeting_names", id, "called", called).decode() for her, id, called in rows}


async def read_name(ctx: Context, file: ParticipantAccess) -> MeetingName:
    """Returns how she wants to be called and who may hear it, for who follows her. It goes into the trail.

    Raises `ParticipantUnknown`.
    """
    require_class(ctx, file, MEETING_NAME)
    found = await name_of(ctx, file)
    await audit.record(ctx, "meeting_name.read", subject=("participant", file.id), details={"version": found.version})
    return found


async def name_of(ctx: Context, file: ParticipantAccess) -> MeetingName:
    """Returns the same for an act that writes an entry of its own."""
    found = await ctx.db.one_or_none(HERS, participant=file.id, **file.reader)
    if found is None:
        return MeetingName(0, "", None, heard_by(ctx, file))
    words = ctx.keys.open("meeting_names", found.id, "called", found.called).decode() if found.called else ""
    return MeetingName(found.version, words, found.dated_on, heard_by(ctx, file))


def heard_by(ctx: Context, file: ParticipantAccess) -> list[HeardBy]:
    """Returns the organizations with a line that lets them hear it now, in the order of their keys."""
    return [
        HeardBy(each.recipient, None if each.ends >= FOREVER else each.ends)
        for each in sorted(file.decided.entries, key=lambda each: (each.recipient, each.ends))
        if (each.information, each.act) == (MEETING_NAME, "discuss") and each.starts <= ctx.now < each.ends
    ]
