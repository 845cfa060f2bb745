"""The coordinator's page: gaps to close, hand-overs that wait, and who has how many files."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.followups.operations import assignments
from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.views.coordination_page import coordination_page, pivot_posted
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.queries.access import find_for_caller

PAGE = "coordination"
TEMPLATE = "followups/coordination.html"


@get("/staff/coordination", guards=[requires(ASSIGN)], name=PAGE)
async def coordination(ctx: Context, request_scope: RequestScope, done: FromQuery[str] = "") -> Response[bytes]:
    return await rendering.page(ctx, request_scope, TEMPLATE, **await coordination_page(ctx, done=done))


@post("/staff/participants/{participant:str}/pivot", guards=[requires(ASSIGN)], name="name_pivot", status_code=303)
async def name_pivot(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        await assignments.assign_to(ctx, access, pivot_posted(sent))
    except (Conflict, Invalid) as refusal:
        ctx.db.commit_on_refusal = True  # nobody was named, but the page is shown, and that stays in the trail
        shown = await coordination_page(ctx, code=access.code, chosen=sent["staff"], refusal=refusal)
        return await rendering.page(ctx, request_scope, TEMPLATE, status=refusal.status, **shown)
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, PAGE), "pivot_named"))


HANDLERS = (coordination, name_pivot)
