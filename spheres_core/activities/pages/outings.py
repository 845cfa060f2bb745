"""Pages of outings: the list, one with who comes along, its form, its attendance, and the sums of seasons."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Response

from spheres_core.activities.operations import attendance
from spheres_core.activities.operations import outings as operations
from spheres_core.activities.permissions import BUDGET, PLAN
from spheres_core.activities.queries.outings import When
from spheres_core.activities.queries.panels import activity_facts
from spheres_core.activities.schemas.invitations import AttendancePosted
from spheres_core.activities.views import outing_pages as views
from spheres_core.activities.views.confirmations import say_done
from spheres_core.activities.views.outing_form import budget_sent, outing_changed, outing_posted
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.panels import show_slot
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope

LIST, ONE = "activities", "activity"
Which = Annotated[When, QueryParameter(required=False)]


@get("/staff/activities", guards=[requires(PLAN)], name=LIST)
async def activities(
    ctx: Context, request_scope: RequestScope, when: Which = "coming", cursor: FromQuery[str] = ""
) -> Response[bytes]:
    shown = await views.list_page(ctx, when=when, cursor=cursor)
    return await rendering.page(ctx, request_scope, "activities/list.html", **shown)


@get("/staff/activities/new", guards=[requires(PLAN)], name="plan_activity")
async def plan_activity(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await _show_form(ctx, request_scope, None)


@post("/staff/activities/new", guards=[requires(PLAN)], name="record_activity", status_code=303)
async def record_activity(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        made = await operations.plan_outing(ctx, outing_posted(ctx, sent))
    except (Conflict, Invalid) as refusal:
        return await _show_form(ctx, request_scope, None, sent=sent, refusal=refusal)
    return _done(ctx, request_scope, made.items[0].id, "planned")


@get("/staff/activities/budget", guards=[requires(BUDGET)], name="activity_budget")
async def activity_budget(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "activities/budget.html", **await views.budget_page(ctx))


@get("/staff/activities/{id:uuid}", guards=[requires(PLAN)], name=ONE)
async def activity(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], done: FromQuery[str] = ""
) -> Response[bytes]:
    return await _show_one(ctx, request_scope, id, done=done)


@get("/staff/activities/{id:uuid}/change", guards=[requires(PLAN)], name="change_activity")
async def change_activity(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    return await _show_form(ctx, request_scope, id)


@post("/staff/activities/{id:uuid}/change", guards=[requires(PLAN)], name="save_activity", status_code=303)
async def save_activity(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await operations.change_outing(ctx, id, outing_changed(ctx, sent))
    except (Conflict, Invalid) as refusal:
        return await _show_form(ctx, request_scope, id, sent=sent, refusal=refusal)
    return _done(ctx, request_scope, id, "changed")


@post("/staff/activities/{id:uuid}/attendance", guards=[requires(PLAN)], name="note_attendance", status_code=303)
async def note_attendance(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], request: Request[Any, Any, Any]
) -> Response[bytes]:
    try:
        await attendance.note_attendance(ctx, id, _attendance(await read_post(request)))
    except (Conflict, Invalid) as refusal:
        return await _show_one(ctx, request_scope, id, sent=Post(()), refusal=refusal)
    return _done(ctx, request_scope, id, "noted")


@post("/staff/activities/{id:uuid}/budget", guards=[requires(BUDGET)], name="set_activity_budget", status_code=303)
async def set_activity_budget(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await operations.set_budget(ctx, id, budget_sent(sent))
    except (Conflict, Invalid) as refusal:
        return await _show_one(ctx, request_scope, id, sent=sent, refusal=refusal)
    return _done(ctx, request_scope, id, "budgeted")


HANDLERS = (
    activities,
    plan_activity,
    record_activity,
    activity_budget,
    activity,
    change_activity,
    save_activity,
    note_attendance,
    set_activity_budget,
)


def _attendance(sent: Post) -> AttendancePosted:
    """Returns who came: of those who stood on the page, whoever was ticked."""
    asked, came = list(dict.fromkeys(sent.every("asked"))), set(sent.every("came"))
    return AttendancePosted([each for each in asked if each in came], [each for each in asked if each not in came])


async def _show_form(
    ctx: Context, request_scope: RequestScope, id: UUID | None, *, sent: Post | None = None,
    refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    ctx.db.commit_on_refusal = refusal is not None
    shown = await views.form_page(ctx, id, sent=sent, refusal=refusal)
    status = refusal.status if refusal else 200
    return await rendering.page(
        ctx, request_scope, "activities/form.html", status=status, problems=sent.problems if sent else {}, **shown
    )


async def _show_one(
    ctx: Context, request_scope: RequestScope, id: UUID, *, done: str = "", sent: Post | None = None,
    refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    """Shows an outing; after a refusal nothing was written, but who was shown stays in the trail."""
    ctx.db.commit_on_refusal = refusal is not None
    shown = await views.outing_page(ctx, id, sent=sent, refusal=refusal)
    panels = await show_slot(ctx, request_scope, "show_activity", partial(activity_facts, id=id))
    return await rendering.page(
        ctx, request_scope, "activities/outing.html", status=refusal.status if refusal else 200,
        problems=sent.problems if sent else {}, done=say_done(ctx, done), panels=panels, **shown,
    )  # fmt: skip


def _done(ctx: Context, request_scope: RequestScope, id: UUID, act: str) -> Response[bytes]:
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, ONE, id=id), act))
