"""Pages of inquiries: the form for organizations elsewhere, and the list for the team."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Response

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.post_limits import PostsPaused
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import public, public_posts, requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.problems import retry_after
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.inquiries import form_token, operations
from spheres_core.inquiries.form_token import FormExpired, TooQuick
from spheres_core.inquiries.operations import InquiryInvalid, StepNotOpen
from spheres_core.inquiries.permissions import ANSWER
from spheres_core.inquiries.schemas import LONGEST, InquiryPosted
from spheres_core.inquiries.views import TRAP, form_view, list_view

InState = Annotated[str, QueryParameter(name="state", required=False)]


@get("/inquire", guards=[public], name="inquire")
async def inquire(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await _form_page(ctx, request_scope, Post(()))


@post("/inquire", guards=[public_posts("inquiries", shown_by_page=True)], status_code=201)
async def send_inquiry(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        request_scope.refuse_paused()
        await _send(ctx, sent)
    except (InquiryInvalid, PostsPaused, FormExpired, TooQuick) as refusal:
        return await _form_page(ctx, request_scope, sent, refusal)
    title = ctx.locale.say(msg("Your message has been received"))
    return await rendering.page(ctx, request_scope, "inquiries/sent.html", status=201, title=title)


@get("/inquiries", guards=[requires(ANSWER)], name="inquiries")
async def inquiries(
    ctx: Context, request_scope: RequestScope, in_state: InState = "", cursor: FromQuery[str] = ""
) -> Response[bytes]:
    values = await list_view(ctx, request_scope, state=in_state, cursor=cursor)
    return await rendering.page(ctx, request_scope, "inquiries/list.html", **values)


@post("/inquiries/{id:uuid}", guards=[requires(ANSWER)], name="move_inquiry", status_code=303)
async def move_inquiry(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    try:
        await operations.move_inquiry(ctx, id, (await read_post(request))["to"][:40])
    except StepNotOpen as refusal:
        ctx.db.commit_on_refusal = True  # nothing was moved, but the list is shown, and that stays in the trail
        values = await list_view(ctx, request_scope, state="", cursor="", refusal=refusal)
        return await rendering.page(ctx, request_scope, "inquiries/list.html", status=refusal.status, **values)
    return go_to(place_of(ctx, request_scope, "inquiries"))


HANDLERS = (inquire, send_inquiry, inquiries, move_inquiry)


async def _send(ctx: Context, sent: Post) -> None:
    if sent[TRAP]:
        message = msg("Please leave the last field empty. It is there for machines.")
        raise InquiryInvalid(errors=[Problem(message, path=TRAP, code="trap")])
    posted = InquiryPosted(**{name: sent[name] for name in LONGEST}, language=sent["language"])
    token = form_token.read_form_token(ctx, sent["_once"])
    await operations.send_inquiry(ctx, posted, form_token=token)


async def _form_page(
    ctx: Context, request_scope: RequestScope, sent: Post, refusal: Refusal | None = None
) -> Response[bytes]:
    values, status = form_view(ctx, sent, refusal), refusal.status if refusal else 200
    headers = retry_after(refusal)
    return await rendering.page(ctx, request_scope, "inquiries/inquire.html", status=status, headers=headers, **values)
