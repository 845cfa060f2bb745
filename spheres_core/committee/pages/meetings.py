"""Pages for members of committees: the next meeting, the own brief, and a page for a screen that everybody sees."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.committee.operations.absences import note_absence, take_back
from spheres_core.committee.operations.recusals import recuse as recuse_member
from spheres_core.committee.permissions import MEET
from spheres_core.committee.queries.meetings import find_meeting
from spheres_core.committee.queries.panels import meeting_facts
from spheres_core.committee.queries.seats import SeatUnknown, own_seat
from spheres_core.committee.schemas.agenda import RecusePosted
from spheres_core.committee.schemas.meetings import AbsencePosted, AbsenceTakenBack, MeetingFound
from spheres_core.committee.views import meeting_pages as views
from spheres_core.committee.views.confirmations import say_done
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.panels import ShownPanel, show_slot
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.plans.views.form_fields import read_form

PAGE = "committee"
MEETING = "committee_meeting"


@get("/staff/committee", guards=[requires(MEET)], name=PAGE)
async def committee(ctx: Context, request_scope: RequestScope, done: FromQuery[str] = "") -> Response[bytes]:
    shown = await views.committee_page(ctx)
    return await rendering.page(ctx, request_scope, "committee/meetings.html", done=say_done(ctx, done), **shown)


@get("/staff/committee/meetings/{id:uuid}", guards=[requires(MEET)], name=MEETING)
async def meeting(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], done: FromQuery[str] = ""
) -> Response[bytes]:
    found = await find_meeting(ctx, id)
    shown = await views.meeting_page(ctx, found)
    panels = await panels_of(ctx, request_scope, found)
    return await rendering.page(
        ctx, request_scope, "committee/meeting.html", done=say_done(ctx, done), panels=panels, **shown
    )


@get("/staff/committee/meetings/{id:uuid}/screen", guards=[requires(MEET)], name="committee_screen")
async def screen(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    shown = await views.shared_page(ctx, await find_meeting(ctx, id))
    return await rendering.page(ctx, request_scope, "committee/screen.html", **shown)


@post("/staff/committee/meetings/{id:uuid}/recuse", guards=[requires(MEET)], name="recuse_member", status_code=303)
async def recuse(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    await recuse_member(ctx, id, read_form(RecusePosted, {"item": sent.whole("item", most=10_000)}))
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, MEETING, id=id), "recused"))


@post("/staff/committee/meetings/{id:uuid}/absence", guards=[requires(MEET)], name="note_own_absence",
      status_code=303)  # fmt: skip
async def note_own_absence(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], request: Request[Any, Any, Any]
) -> Response[bytes]:
    """Of the seat that lets her take part; who has none in this meeting finds nothing."""
    sent, seat = await read_post(request), await own_seat(ctx, await find_meeting(ctx, id))
    if seat is None:
        raise SeatUnknown
    posted = read_form(AbsencePosted, {"seat": str(seat.id), "substitute": sent["substitute"] or None})
    await note_absence(ctx, id, posted)
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, MEETING, id=id), "absent"))


@post("/staff/committee/meetings/{id:uuid}/absence/take-back", guards=[requires(MEET)], name="take_back_absence",
      status_code=303)  # fmt: skip
async def take_back_absence(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    await take_back(ctx, id, read_form(AbsenceTakenBack, {"seat": sent["seat"]}))
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, MEETING, id=id), "comes"))


async def panels_of(ctx: Context, request_scope: RequestScope, meeting: MeetingFound) -> tuple[ShownPanel, ...]:
    """Returns what plugins show on the pages of a meeting."""
    return await show_slot(ctx, request_scope, "show_meeting", partial(meeting_facts, meeting=meeting))


HANDLERS = (committee, meeting, screen, recuse, note_own_absence, take_back_absence)
