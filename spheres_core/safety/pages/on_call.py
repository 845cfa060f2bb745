"""Pages of somebody on call, and of who looks at emergency accesses afterwards."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.queries.access import ParticipantUnknown
from spheres_core.plans.views.form_fields import read_form
from spheres_core.safety.operations import accesses as operations
from spheres_core.safety.pages.panels import plan_panels
from spheres_core.safety.permissions import OPEN, REVIEW
from spheres_core.safety.queries.access import EMERGENCY, find_for_plan
from spheres_core.safety.queries.plans import read_plans
from spheres_core.safety.schemas.accesses import AccessReviewed
from spheres_core.safety.views import on_call as views

REVIEWS = "emergency_accesses"


@get("/staff/on-call", guards=[requires(OPEN)], name="on_call")
async def on_call(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "safety/on_call.html", **views.on_call_page(ctx))


@post("/staff/on-call", guards=[requires(OPEN)], name="open_in_emergency", status_code=303)
async def open_in_emergency(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await operations.open_in_emergency(ctx, sent["code"][:40], sent["reason"][:2000])
    except (ParticipantUnknown, Invalid) as refusal:
        return await _show(ctx, request_scope, sent, refusal)
    access = await find_for_plan(ctx, sent["code"][:40], EMERGENCY)
    return rendering.go_to(rendering.place_of(ctx, request_scope, views.PLAN_PAGE, participant=access.code))


@get("/staff/on-call/{participant:str}", guards=[requires(OPEN)], name=views.PLAN_PAGE)
async def on_call_plan(ctx: Context, request_scope: RequestScope, participant: FromPath[str]) -> Response[bytes]:
    access = await find_for_plan(ctx, participant, EMERGENCY)
    agreed = (await read_plans(ctx, access)).agreed
    shown = await views.on_call_plan(ctx, access, agreed)
    shown["panels"] = await plan_panels(ctx, request_scope, access, agreed)
    return await rendering.page(ctx, request_scope, "safety/on_call_plan.html", **shown)


@get("/staff/emergency-accesses", guards=[requires(REVIEW)], name=REVIEWS)
async def reviews(ctx: Context, request_scope: RequestScope, done: FromQuery[str] = "") -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "safety/accesses.html", **await views.reviews_page(ctx, done=done))


@post("/staff/emergency-accesses/{id:uuid}", guards=[requires(REVIEW)], name="review_access", status_code=303)
async def review(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], request: Request[Any, Any, Any]
) -> Response[bytes]:
    try:
        posted = read_form(AccessReviewed, {"finding": (await read_post(request))["finding"]})
        await operations.review_access(ctx, id, posted)
    except (Conflict, Invalid) as refusal:
        return await _show_reviews(ctx, request_scope, refusal)
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, REVIEWS), "access_reviewed"))


HANDLERS = (on_call, open_in_emergency, on_call_plan, reviews, review)


async def _show_reviews(ctx: Context, request_scope: RequestScope, refusal: Refusal) -> Response[bytes]:
    ctx.db.commit_on_refusal = True  # nothing was noted, but the list is shown, and that stays in the trail
    shown = await views.reviews_page(ctx, refusal=refusal)
    return await rendering.page(ctx, request_scope, "safety/accesses.html", status=refusal.status, **shown)


async def _show(ctx: Context, request_scope: RequestScope, sent: Post, refusal: Refusal) -> Response[bytes]:
    ctx.db.commit_on_refusal = True
    shown = views.on_call_page(ctx, sent=sent, refusal=refusal)
    return await rendering.page(ctx, request_scope, "safety/on_call.html", status=422, **shown)
