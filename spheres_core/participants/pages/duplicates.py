"""The page on which a coordinator decides who is the same person."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.operations import duplicates as operations
from spheres_core.participants.permissions import DUPLICATES
from spheres_core.participants.schemas.duplicates import DecisionPosted
from spheres_core.participants.views.duplicates import duplicates_page

PAGE = "duplicates"


@get("/staff/duplicates", guards=[requires(DUPLICATES)], name=PAGE)
async def duplicates(ctx: Context, request_scope: RequestScope, done: FromQuery[str] = "") -> Response[bytes]:
    shown = await duplicates_page(ctx, done=done)
    return await rendering.page(ctx, request_scope, "participants/duplicates.html", **shown)


@post("/staff/duplicates", guards=[requires(DUPLICATES)], name="decide_duplicate", status_code=303)
async def decide(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    reason, same = sent["reason"][:1000], sent["same"] == "yes"
    try:
        await operations.decide(ctx, DecisionPosted(sent["participant"][:40], sent["other"][:40], same, reason))
    except (Conflict, Invalid) as refusal:
        return await _show_refusal(ctx, request_scope, refusal, f"{sent['participant']}-{sent['other']}", reason)
    return _done(ctx, request_scope, "same" if same else "different")


@post("/staff/duplicates/{id:uuid}/undo", guards=[requires(DUPLICATES)], name="undo_duplicate", status_code=303)
async def undo(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], request: Request[Any, Any, Any]
) -> Response[bytes]:
    reason = (await read_post(request))["reason"][:1000]
    try:
        await operations.undo(ctx, id, reason=reason)
    except (Conflict, Invalid) as refusal:
        return await _show_refusal(ctx, request_scope, refusal, str(id), reason)
    return _done(ctx, request_scope, "undone")


HANDLERS = (duplicates, decide, undo)


async def _show_refusal(
    ctx: Context, request_scope: RequestScope, refusal: Conflict | Invalid, about: str, reason: str
) -> Response[bytes]:
    """Shows the page again with what stands against it; that reading stays in the trail."""
    ctx.db.commit_on_refusal = True
    shown = await duplicates_page(ctx, refusal=refusal, about=about, reason=reason)
    return await rendering.page(ctx, request_scope, "participants/duplicates.html", status=refusal.status, **shown)


def _done(ctx: Context, request_scope: RequestScope, act: str) -> Response[bytes]:
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, PAGE), act))
