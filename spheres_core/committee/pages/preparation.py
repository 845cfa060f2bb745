"""Pages for whoever prepares meetings: planning one, seats, and what is written down in it."""

import datetime as dt
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.committee.operations import meetings as operations
from spheres_core.committee.operations import recommendations as recommending
from spheres_core.committee.operations import seats as seat_operations
from spheres_core.committee.pages.meetings import PAGE, panels_of
from spheres_core.committee.permissions import PREPARE
from spheres_core.committee.queries.meetings import find_meeting
from spheres_core.committee.schemas.meetings import (
    MeetingEnded,
    MeetingPosted,
    PresencePosted,
    SeatEnded,
    SeatPosted,
)
from spheres_core.committee.schemas.recommendations import RecommendationPosted
from spheres_core.committee.views import meeting_pages as views
from spheres_core.committee.views.confirmations import say_done
from spheres_core.committee.views.seats_page import plan_form, seats_page
from spheres_core.facts import msg
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.plans.views.form_fields import read_form

SEATS = "committee_seats"
RECORD = "committee_record"


@get("/staff/committee/new", guards=[requires(PREPARE)], name="plan_meeting")
async def meeting_form(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "committee/plan.html", **plan_form(ctx))


@post("/staff/committee/new", guards=[requires(PREPARE)], name="record_meeting", status_code=303)
async def plan_meeting(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await operations.plan_meeting(ctx, _meeting_of(ctx, sent))
    except Invalid as refusal:
        shown = plan_form(ctx, sent=sent, refusal=refusal)
        return await rendering.page(
            ctx, request_scope, "committee/plan.html", status=refusal.status, problems=sent.problems, **shown
        )
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, PAGE), "planned_meeting"))


@get("/staff/committee/seats", guards=[requires(PREPARE)], name=SEATS)
async def seats(ctx: Context, request_scope: RequestScope, done: FromQuery[str] = "") -> Response[bytes]:
    shown = await seats_page(ctx)
    return await rendering.page(ctx, request_scope, "committee/seats.html", done=say_done(ctx, done), **shown)


@post("/staff/committee/seats", guards=[requires(PREPARE)], name="give_committee_seat", status_code=303)
async def give_seat(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await seat_operations.give_seat(ctx, _seat_of(sent))
    except (Conflict, Invalid) as refusal:
        ctx.db.commit_on_refusal = True  # no seat was given, but the list is shown, and that stays in the trail
        shown = await seats_page(ctx, sent=sent, refusal=refusal) | {"problems": sent.problems, "done": None}
        return await rendering.page(ctx, request_scope, "committee/seats.html", status=refusal.status, **shown)
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, SEATS), "seat"))


@post("/staff/committee/seats/{id:uuid}/end", guards=[requires(PREPARE)], name="end_committee_seat", status_code=303)
async def end_seat(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    await seat_operations.end_seat(ctx, id, SeatEnded(ctx.today))
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, SEATS), "seat_ended"))


@get("/staff/committee/meetings/{id:uuid}/record", guards=[requires(PREPARE)], name=RECORD)
async def record(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], done: FromQuery[str] = ""
) -> Response[bytes]:
    found = await find_meeting(ctx, id)
    shown = await views.record_page(ctx, found) | {"panels": await panels_of(ctx, request_scope, found)}
    return await rendering.page(ctx, request_scope, "committee/record.html", done=say_done(ctx, done), **shown)


@post("/staff/committee/meetings/{id:uuid}/record", guards=[requires(PREPARE)], name="write_record", status_code=303)
async def write_record(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        act = await _act(ctx, id, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_refusal(ctx, request_scope, id, sent, refusal)
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, RECORD, id=id), act))


HANDLERS = (meeting_form, plan_meeting, seats, give_seat, end_seat, record, write_record)


def _meeting_of(ctx: Context, sent: Post) -> MeetingPosted:
    day = sent.day("day")
    try:
        hour = dt.time.fromisoformat(sent["hour"].strip())
    except ValueError:
        sent.problems["hour"] = msg("Write the hour as 13:30.")
    if sent.problems or day is None:
        raise Invalid
    at = dt.datetime.combine(day, hour.replace(tzinfo=None), ctx.zone)
    return read_form(MeetingPosted, {"body": sent["body"] or None, "at": at, "place": sent["place"]})


def _seat_of(sent: Post) -> SeatPosted:
    starts, ends = sent.day("starts"), sent.day("ends", required=False)
    if sent.problems:
        raise Invalid
    values = {name: sent[name] or None for name in ("body", "staff", "substitute_for")}
    return read_form(SeatPosted, {**values, "starts": starts, "ends": ends})


async def _act(ctx: Context, id: UUID, sent: Post) -> str:
    """Does what a form on the page asks for."""
    if sent["act"] == "present":
        await operations.note_presence(ctx, id, read_form(PresencePosted, {"staff": sent.every("staff")}))
        return "present"
    if sent["act"] == "end":
        version = sent.version()
        await operations.end_meeting(ctx, id, read_form(MeetingEnded, {"to": sent["to"] or None, "version": version}))
        return "ended_meeting"
    due_on, item = sent.day("due_on"), sent.whole("item", most=10_000)
    if sent.problems:
        raise Invalid
    values = {name: sent[name] or None for name in ("what", "owner", "dissent")}
    many = {name: sent.every(name) for name in ("contributed", "dissented")}
    posted = read_form(RecommendationPosted, {**values, **many, "item": item, "due_on": due_on})
    await recommending.recommend(ctx, id, posted)
    return "recommended"


async def _show_refusal(
    ctx: Context, request_scope: RequestScope, id: UUID, sent: Post, refusal: Conflict | Invalid
) -> Response[bytes]:
    ctx.db.commit_on_refusal = True  # nothing was written, but the page is shown, and that stays in the trail
    shown = await views.record_page(ctx, await find_meeting(ctx, id), sent=sent, refusal=refusal)
    shown |= {"problems": {**sent.problems, **shown["problems"]}, "panels": ()}
    return await rendering.page(ctx, request_scope, "committee/record.html", status=refusal.status, done=None, **shown)
