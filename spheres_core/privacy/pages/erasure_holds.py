"""The page of what holds erasures: which, since when, by whom, why, and until when somebody looks at it again."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromQuery
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.queries.access import ParticipantUnknown
from spheres_core.privacy.operations import erasure_holds as operations
from spheres_core.privacy.permissions import HOLD
from spheres_core.privacy.queries.erasure_holds import HoldUnknown
from spheres_core.privacy.views import hold_pages as views
from spheres_core.referrals.queries.referral import ReferralUnknown

PAGE = "erasure_holds"


@get("/staff/erasure-holds", guards=[requires(HOLD)], name=PAGE)
async def erasure_holds(
    ctx: Context, request_scope: RequestScope, cursor: FromQuery[str] = "", done: FromQuery[str] = ""
) -> Response[bytes]:
    shown = await views.holds_view(ctx, cursor=cursor, done=done)
    return await rendering.page(ctx, request_scope, "privacy/erasure_holds.html", **shown)


@post("/staff/erasure-holds", guards=[requires(HOLD)], name="act_on_erasure_hold", status_code=303)
async def act(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await _act(ctx, sent)
    except (Conflict, Invalid) as refusal:
        ctx.db.commit_on_refusal = True  # nothing was changed, but the list is shown, and that stays in the trail
        shown = await views.holds_view(ctx, sent=sent, refusal=refusal)
        return await rendering.page(ctx, request_scope, "privacy/erasure_holds.html", status=refusal.status, **shown)
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, PAGE), sent["act"]))


HANDLERS = (erasure_holds, act)


async def _act(ctx: Context, sent: Post) -> None:
    if sent["act"] == "place":
        await _place(ctx, sent)
    elif sent["act"] == "review":
        await operations.review_hold(ctx, _hold_in(sent), views.hold_reviewed(sent))
    else:
        await operations.lift_hold(ctx, _hold_in(sent), views.hold_lifted(sent))


async def _place(ctx: Context, sent: Post) -> None:
    try:
        await operations.place_hold(ctx, views.hold_posted(sent))
    except (ParticipantUnknown, ReferralUnknown):
        sent.problems["which"] = views.NOTHING_THERE
        raise operations.HoldInvalid from None


def _hold_in(sent: Post) -> UUID:
    try:
        return UUID(sent["hold"])
    except ValueError:
        raise HoldUnknown from None
