"""Plans meetings and ends them. With its end, nobody reads a brief of a meeting any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Integer, Text, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.committee.operations.item_access import close_items
from spheres_core.committee.operations.overdue_items import put_overdue_on_agenda
from spheres_core.committee.queries import meetings as queries
from spheres_core.committee.queries import seats
from spheres_core.committee.queries.meetings import MeetingOver, meetings
from spheres_core.committee.schemas.meetings import (
    Meeting,
    MeetingEnded,
    MeetingFound,
    MeetingPosted,
    PresencePosted,
)
from spheres_core.committee.settings import Settings
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Invalid
from spheres_core.foundation.tenancy.context import Context

ADD = prepare(insert(meetings))
END = prepare(
    meetings.update()
    .where(scoped(meetings), meetings.c.id == bindparam("which"))
    .where(meetings.c.version == bindparam("seen", type_=Integer()), meetings.c.state == "planned")
    .values(
        state=bindparam("to", type_=Text()), version=meetings.c.version + 1, author=bindparam("who"),
        written_at=bindparam("now"),
    )
    .returning(meetings.c.id)
)  # fmt: skip
ADD_PRESENCE = prepare(insert(seats.presences))


class BodyUnknown(Invalid):
    """There is no such body here."""

    code = "body_unknown"
    message = msg("Please choose a committee of this region.")


class MeetingInThePast(Invalid):
    """A meeting is planned before it is held."""

    code = "meeting_in_the_past"
    message = msg("Please choose a moment that is still to come.")


class NotAMember(Invalid):
    """Somebody who does not take part in this meeting."""

    code = "not_a_member"
    message = msg("Please choose somebody who takes part in this meeting.")


async def plan_meeting(ctx: Context, posted: MeetingPosted) -> Meeting:
    """Plans a meeting. What earlier meetings recommended and nobody has done stands first on its agenda.

    Raises `BodyUnknown`, `MeetingInThePast`.
    """
    require_body(ctx, posted.body)
    if posted.at <= ctx.now:
        raise MeetingInThePast(errors=[Problem(MeetingInThePast.message, path="at")])
    id = uuid7()
    ends = posted.at + dt.timedelta(hours=ctx.settings("committee", Settings).meeting_hours)
    place = ctx.keys.seal("committee_meetings", id, "place", posted.place.strip())
    found = MeetingFound(id, posted.body, posted.at, ends, place, "planned", 1)
    added = ADD.of(author=ctx.actor.id, written_at=ctx.now, **msgspec.structs.asdict(found))
    details = {"meeting": str(id), "body": posted.body}
    await audit.record(ctx, "meeting.planned", subject=("meeting", id), details=details, doing=[added])
    await put_overdue_on_agenda(ctx, found)
    return queries.shown(ctx, found)


async def end_meeting(ctx: Context, id: UUID, posted: MeetingEnded) -> Meeting:
    """Notes that a meeting was held, or calls it off; closes its items to everybody.

    Raises `MeetingUnknown`, `MeetingOver`, `ChangedMeanwhile`.
    """
    found = await queries.find_meeting(ctx, id)
    if found.state != "planned":
        raise MeetingOver
    moved = await ctx.db.run(END, which=id, seen=posted.version, to=posted.to, who=ctx.actor.id, now=ctx.now)
    newest = queries.shown(ctx, await queries.find_meeting(ctx, id))
    if not moved:
        raise ChangedMeanwhile(extra=_sides(posted, newest))
    details = {"meeting": str(id), "body": found.body, "to": posted.to}
    await audit.record(ctx, "meeting.ended", subject=("meeting", id), details=details)
    await close_items(ctx, found)
    return newest


async def note_presence(ctx: Context, id: UUID, posted: PresencePosted) -> Sequence[UUID]:
    """Notes who is there. Raises `MeetingUnknown`, `MeetingOver`, `NotAMember`."""
    found = await queries.planned(ctx, id)
    await ctx.db.lock("meeting", id)
    members = {each.staff_id for each in await seats.members_of(ctx, found)}
    if set(posted.staff) - members:
        raise NotAMember(errors=[Problem(NotAMember.message, path="staff")])
    before = await seats.present_in(ctx, id)
    new = sorted(set(posted.staff) - before)
    rows = [
        {"id": uuid7(), "meeting_id": id, "staff_id": each, "author": ctx.actor.id, "written_at": ctx.now}
        for each in new
    ]
    await ctx.db.run_many(ADD_PRESENCE, rows)
    await audit.record(ctx, "meeting.presence_noted", subject=("meeting", id), shown=new)
    return sorted(before | set(new))


def require_body(ctx: Context, key: str) -> None:
    """Lets a body that there is here go on. Raises `BodyUnknown`."""
    if key not in ctx.plugins.bodies:
        raise BodyUnknown(errors=[Problem(BodyUnknown.message, path="body")])


def _sides(posted: MeetingEnded, newest: Meeting) -> Mapping[str, Any]:
    return {"yours": msgspec.to_builtins(posted), "theirs": msgspec.to_builtins(newest)}
