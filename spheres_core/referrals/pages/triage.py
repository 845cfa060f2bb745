"""Pages for coordinators: the list of referrals, and one of them with the next step."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import Post, read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.operations import triage
from spheres_core.referrals.permissions import READ, TRIAGE
from spheres_core.referrals.views.triage import inbox_page, referral_page

InState = Annotated[str, QueryParameter(name="state", required=False)]


@get("/referrals", guards=[requires(READ)], name="inbox")
async def inbox(
    ctx: Context,
    request_scope: RequestScope,
    in_state: InState = "",
    need: FromQuery[str] = "",
    spoken: FromQuery[str] = "",
    cursor: FromQuery[str] = "",
) -> Response[bytes]:
    shown = await inbox_page(ctx, {"state": in_state, "need": need, "spoken": spoken}, cursor)
    return await rendering.page(ctx, request_scope, "referrals/inbox.html", **shown)


@get("/referrals/{id:uuid}", guards=[requires(READ)], name="referral")
async def referral(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "referrals/referral.html", **await referral_page(ctx, id))


@post("/referrals/{id:uuid}", guards=[requires(TRIAGE)], name="transition", status_code=303)
async def take_step(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await triage.move_referral(ctx, id, sent["to"], reason=sent["reason"])
    except (Conflict, Invalid) as refusal:
        return await _show_refusal(ctx, request_scope, id, refusal, sent)
    return rendering.go_to(str(request.url.path))


async def _show_refusal(
    ctx: Context, request_scope: RequestScope, id: UUID, refusal: Conflict | Invalid, sent: Post
) -> Response[bytes]:
    """Shows the referral again with what stands against the step; that reading stays in the trail."""
    ctx.db.commit_on_refusal = True
    shown = await referral_page(ctx, id, (refusal, sent["to"], sent["reason"]))
    return await rendering.page(ctx, request_scope, "referrals/referral.html", status=refusal.status, **shown)
