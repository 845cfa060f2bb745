"""Pages of the desk: the requests, one of them, and what is done with it."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Response

from spheres_core.facts import Problem
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.support.operations import desk as operations
from spheres_core.support.permissions import ANSWER
from spheres_core.support.schemas.advice import ANSWER_KINDS, ReplyPosted
from spheres_core.support.views.desk import list_view, request_view

InState = Annotated[str, QueryParameter(name="state", required=False)]


@get("/advice/requests", guards=[requires(ANSWER)], name="advice_desk")
async def desk(
    ctx: Context, request_scope: RequestScope, in_state: InState = "", cursor: FromQuery[str] = ""
) -> Response[bytes]:
    values = await list_view(ctx, request_scope, state=in_state, cursor=cursor)
    return await rendering.page(ctx, request_scope, "support/desk.html", **values)


@get("/advice/requests/{id:uuid}", guards=[requires(ANSWER)], name="advice_request")
async def request(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], done: FromQuery[str] = ""
) -> Response[bytes]:
    shown = await request_view(ctx, id, done=done)
    return await rendering.page(ctx, request_scope, "support/request.html", **shown)


@post("/advice/requests/{id:uuid}", guards=[requires(ANSWER)], name="act_on_advice", status_code=303)
async def act(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        done = await _act(ctx, id, sent)
    except (Conflict, Invalid) as refusal:
        ctx.db.commit_on_refusal = True  # nothing was changed, but the request is shown, and that stays in the trail
        shown = await request_view(ctx, id, refusal=refusal, sent=sent)
        return await rendering.page(ctx, request_scope, "support/request.html", status=refusal.status, **shown)
    return go_to(done_address(place_of(ctx, request_scope, "advice_request", id=id), done))


HANDLERS = (desk, request, act)


async def _act(ctx: Context, id: UUID, sent: Post) -> str:
    version = sent.version()
    if sent["act"] == "take":
        await operations.take_advice(ctx, id, version)
    elif sent["act"] == "close":
        await operations.close_advice(ctx, id, version)
    else:
        how = sent.choice("how", ANSWER_KINDS)
        if sent.problems:
            raise Invalid(errors=[Problem(sent.problems["how"], path="how")])
        await operations.answer_advice(ctx, id, ReplyPosted(version, how, sent["reply"], sent.every("tools")))
        return "answer"
    return sent["act"]
