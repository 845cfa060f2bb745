"""Meetings of committees, as JSON."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.committee.operations import absences
from spheres_core.committee.operations import meetings as operations
from spheres_core.committee.permissions import MEET, PREPARE
from spheres_core.committee.queries import meetings as queries
from spheres_core.committee.schemas.meetings import (
    AbsencePosted,
    AbsenceTakenBack,
    Meeting,
    MeetingEnded,
    MeetingPosted,
    MeetingPresence,
    PresencePosted,
)
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once


@get("/meetings", guards=[requires(MEET)], name="api_meetings", tags=["committee"],
     summary="Meetings of the committees, the last planned first")  # fmt: skip
async def list_meetings(ctx: Context, committee: FromQuery[str] = "", cursor: FromQuery[str] = "") -> Page[Meeting]:
    """Returns a page of them, without anything of their agendas. It goes into the trail."""
    return await queries.list_meetings(ctx, body=committee, cursor=cursor)


@post("/meetings", guards=[requires(PREPARE)], name="api_plan_meeting", tags=["committee"],
      summary="Plan a meeting")  # fmt: skip
async def plan_meeting(ctx: Context, data: JSONBody[MeetingPosted], once: Once) -> Meeting:
    """Puts first on its agenda what earlier meetings recommended and is overdue by then."""
    return await once.run("meeting", ctx.tenant.id, data, Meeting, lambda: operations.plan_meeting(ctx, data))


@get("/meetings/{id:uuid}", guards=[requires(MEET)], name="api_meeting", tags=["committee"],
     summary="One meeting")  # fmt: skip
async def read_meeting(ctx: Context, id: FromPath[UUID]) -> Meeting:
    """Returns when and where it is, and nothing of its agenda."""
    return queries.shown(ctx, await queries.find_meeting(ctx, id))


@post("/meetings/{id:uuid}/end", guards=[requires(PREPARE)], name="api_end_meeting", status_code=200,
      tags=["committee"], summary="Note that a meeting was held, or call it off")  # fmt: skip
async def end_meeting(ctx: Context, id: FromPath[UUID], data: JSONBody[MeetingEnded]) -> Meeting:
    """From then on nobody reads its briefs. When it was changed in the meantime: 409, with `yours` and `theirs`."""
    return await operations.end_meeting(ctx, id, data)


@post("/meetings/{id:uuid}/absences", guards=[requires(MEET)], name="api_note_absence", status_code=200,
      tags=["committee"], summary="Note that a member does not come")  # fmt: skip
async def note_absence(ctx: Context, id: FromPath[UUID], data: JSONBody[AbsencePosted]) -> Meeting:
    """Closes the items to her, and opens them to her substitute as far as the ledger lets them. She says so of her own
    seat; whoever prepares meetings says it of any."""
    return await absences.note_absence(ctx, id, data)


@post("/meetings/{id:uuid}/absences/take-back", guards=[requires(MEET)], name="api_take_back_absence", status_code=200,
      tags=["committee"], summary="Take back that a member does not come")  # fmt: skip
async def take_back_absence(ctx: Context, id: FromPath[UUID], data: JSONBody[AbsenceTakenBack]) -> Meeting:
    """For whoever announced it, until the meeting begins: 409 `meeting_begun` afterwards. The items close to the
    substitute at once, and open to whoever has the seat. Sent again, it changes nothing more."""
    return await absences.take_back(ctx, id, data)


@post("/meetings/{id:uuid}/presence", guards=[requires(PREPARE)], name="api_note_presence", status_code=200,
      tags=["committee"], summary="Note who is there")  # fmt: skip
async def note_presence(ctx: Context, id: FromPath[UUID], data: JSONBody[PresencePosted]) -> MeetingPresence:
    """Returns everybody who was noted so far."""
    return MeetingPresence(list(await operations.note_presence(ctx, id, data)))


HANDLERS: list[Any] = [
    list_meetings, plan_meeting, read_meeting, end_meeting, note_absence, take_back_absence, note_presence,
]  # fmt: skip
