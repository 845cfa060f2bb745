"""Finds meetings. Nothing of their agendas stands here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Text, Uuid, and_, bindparam, literal_column, or_, select

from spheres_core.audit import operations as audit
from spheres_core.committee.models import CommitteeMeetingRow
from spheres_core.committee.schemas.meetings import Meeting, MeetingFound
from spheres_core.facts import msg
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of

meetings = table(CommitteeMeetingRow)
_columns = [meetings.c[name] for name in MeetingFound.__struct_fields__]
_body = bindparam("of_body", type_=Text())
LIST = prepare(
    select(*_columns)
    .where(scoped(meetings), or_(_body == "", meetings.c.body == _body))
    .where(meetings.c.id < bindparam("before", type_=Uuid()))
    .order_by(meetings.c.id.desc())
    .limit(bindparam("limit")),
    into=MeetingFound,
)
ONE = prepare(select(*_columns).where(scoped(meetings), meetings.c.id == bindparam("id")), into=MeetingFound)
is_to_come = and_(meetings.c.state == literal_column("'planned'"), meetings.c.ends_at > bindparam("now"))
TO_COME = prepare(
    select(*_columns)
    .where(scoped(meetings), is_to_come)
    .where(or_(_body == "", meetings.c.body == _body))
    .order_by(meetings.c.at, meetings.c.id),
    into=MeetingFound,
)


class MeetingUnknown(NotFound):
    """There is no such meeting."""


class MeetingOver(Conflict):
    """The meeting was held or called off, or its time is over."""

    code = "meeting_over"
    message = msg("This meeting is over, or was called off.")


class NobodyDiscussed(Conflict):
    """The body of this meeting discusses nobody's situation."""

    code = "nobody_discussed"
    message = msg("Nobody’s situation is discussed in this committee.")


async def list_meetings(ctx: Context, *, body: str = "", cursor: str = "") -> Page[Meeting]:
    """Returns a page of meetings, the last planned first, and writes to the trail which were shown."""

    async def ask(before: UUID, limit: int) -> Sequence[Meeting]:
        found = await ctx.db.all(LIST, of_body=body, before=before, limit=limit)
        return [shown(ctx, each) for each in found]

    page = await page_of(ctx, f"meetings {body}", cursor, ask)
    await audit.record(ctx, "committee.meetings_listed", shown=[each.id for each in page.items])
    return page


async def find_meeting(ctx: Context, id: UUID) -> MeetingFound:
    """Returns a meeting's row. Raises `MeetingUnknown`."""
    found = await ctx.db.one_or_none(ONE, id=id)
    if found is None:
        raise MeetingUnknown
    return found


async def planned(ctx: Context, id: UUID) -> MeetingFound:
    """Returns a meeting that is still to be held or is being held. Raises `MeetingUnknown`, `MeetingOver`."""
    found = await find_meeting(ctx, id)
    if found.state != "planned" or ctx.now >= found.ends_at:
        raise MeetingOver
    return found


async def planned_to_discuss(ctx: Context, id: UUID) -> MeetingFound:
    """Returns such a meeting of a body that discusses participants. Raises `NobodyDiscussed` for any other, too."""
    found = await planned(ctx, id)
    if not discusses(ctx, found.body):
        raise NobodyDiscussed
    return found


def discusses(ctx: Context, body: str) -> bool:
    """Returns whether participants may stand on a body's agendas; not where the body is not there any more."""
    known = ctx.plugins.bodies.get(body)
    return known is not None and known.discusses_participants


async def to_come(ctx: Context, *, body: str = "") -> list[MeetingFound]:
    """Returns meetings that are still to be held or are being held, the next one first."""
    return await ctx.db.all(TO_COME, of_body=body, now=ctx.now)


def shown(ctx: Context, found: MeetingFound) -> Meeting:
    """Returns what is told of a meeting. Its title says the day, and nothing of what it is about."""
    place = ctx.keys.open("committee_meetings", found.id, "place", found.place).decode()
    title = ctx.locale.say(msg("Meeting of {day}", day=ctx.locale.date(day_of(ctx, found))))
    return Meeting(found.id, found.version, found.body, str(title), found.at, found.ends_at, place, found.state)


def day_of(ctx: Context, found: MeetingFound) -> dt.date:
    """Returns the day of a meeting in the region."""
    return found.at.astimezone(ctx.zone).date()
