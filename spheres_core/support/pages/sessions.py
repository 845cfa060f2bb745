"""Pages of clinical support sessions for staff: one's own and those to give, a new one, one of them."""

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
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.support.operations import sessions as operations
from spheres_core.support.permissions import TAKE_PART
from spheres_core.support.views import session_pages as views

NEW, ONE = "support/session_new.html", "support/session.html"


@get("/staff/support-sessions", guards=[requires(TAKE_PART)], name="support_sessions")
async def sessions(
    ctx: Context, request_scope: RequestScope, done: FromQuery[str] = "", cursor: FromQuery[str] = "",
    give: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    """`cursor` is of one's own sessions, `give` of those to give."""
    shown = await views.list_view(ctx, done=done, cursor=cursor, give=give)
    return await rendering.page(ctx, request_scope, "support/sessions.html", **shown)


@get("/staff/support-sessions/new", guards=[requires(TAKE_PART)], name="new_support_session")
async def new(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, NEW, **await views.new_view(ctx))


@post("/staff/support-sessions/new", guards=[requires(TAKE_PART)], name="ask_for_support_session", status_code=303)
async def ask(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await operations.ask_for_session(ctx, views.session_posted(ctx, sent))
    except (Conflict, Invalid) as refusal:
        shown = await views.new_view(ctx, sent, refusal)
        return await rendering.page(ctx, request_scope, NEW, status=refusal.status, **shown)
    return go_to(done_address(place_of(ctx, request_scope, "support_sessions"), "asked"))


@get("/staff/support-sessions/{id:uuid}", guards=[requires(TAKE_PART)], name="support_session")
async def session(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], done: FromQuery[str] = ""
) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, ONE, **await views.session_view(ctx, id, done=done))


@post("/staff/support-sessions/{id:uuid}", guards=[requires(TAKE_PART)], name="act_on_support_session", status_code=303)
async def act(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await _act(ctx, id, sent)
    except (Conflict, Invalid) as refusal:
        ctx.db.commit_on_refusal = True  # nothing was changed, but the session is shown, and that stays in the trail
        shown = await views.session_view(ctx, id, refusal=refusal, sent=sent)
        return await rendering.page(ctx, request_scope, ONE, status=refusal.status, **shown)
    return go_to(done_address(_place_after(ctx, request_scope, id, sent["act"]), sent["act"]))


HANDLERS = (sessions, new, ask, session, act)


def _place_after(ctx: Context, request_scope: RequestScope, id: UUID, act: str) -> str:
    """Returns the page that follows: who might have given a session that is called off may find it no longer."""
    if act == "cancel":
        return place_of(ctx, request_scope, "support_sessions")
    return place_of(ctx, request_scope, "support_session", id=id)


async def _act(ctx: Context, id: UUID, sent: Post) -> None:
    act = sent["act"]
    if act == "agree":
        await operations.agree(ctx, id, views.agreed_sent(sent))
    elif act == "hold":
        await operations.hold(ctx, id, sent.version())
    elif act == "note":
        await operations.note(ctx, id, views.notes_sent(sent))
    elif act == "say":
        await operations.say(ctx, id, views.part_sent(sent))
    else:
        await operations.cancel(ctx, id, sent.version())
