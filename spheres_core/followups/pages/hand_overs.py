"""Pages on which files are offered, with what goes along, and on which offers are answered."""

from typing import Any, cast, get_args
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.facts import msg
from spheres_core.followups.operations import hand_overs as operations
from spheres_core.followups.schemas.hand_overs import HerAnswer
from spheres_core.followups.views.hand_over_pages import hand_overs_page, offer_page, offer_posted
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.permissions import READ

PAGE = "hand_overs"


class AnswerMissing(Invalid):
    """No answer of hers was chosen, or none of those there are."""

    code = "her_answer_missing"
    message = msg("Choose what she said.")


@get("/staff/hand-overs", guards=[requires(READ)], name=PAGE)
async def hand_overs(ctx: Context, request_scope: RequestScope, done: FromQuery[str] = "") -> Response[bytes]:
    shown = await hand_overs_page(ctx, done=done)
    return await rendering.page(ctx, request_scope, "followups/hand_overs.html", **shown)


@get("/staff/hand-overs/new", guards=[requires(READ)], name="offer_files")
async def offer_form(ctx: Context, request_scope: RequestScope, participant: FromQuery[str] = "") -> Response[bytes]:
    shown = await offer_page(ctx, chosen=participant)
    return await rendering.page(ctx, request_scope, "followups/offer_files.html", **shown)


@post("/staff/hand-overs/new", guards=[requires(READ)], name="send_offer", status_code=303)
async def offer(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await operations.offer(ctx, offer_posted(sent))
    except (Conflict, Invalid) as refusal:
        shown = await offer_page(ctx, sent=sent, refusal=refusal)
        return await rendering.page(ctx, request_scope, "followups/offer_files.html", status=refusal.status, **shown)
    return _done(ctx, request_scope, "offered")


@post("/staff/hand-overs/{id:uuid}", guards=[requires(READ)], name="answer_hand_over", status_code=303)
async def answer(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await _answer(ctx, id, sent)
    except (Conflict, Invalid) as refusal:
        shown = await hand_overs_page(ctx, refusal=refusal)
        return await rendering.page(ctx, request_scope, "followups/hand_overs.html", status=refusal.status, **shown)
    return _done(ctx, request_scope, sent["act"])


HANDLERS = (hand_overs, offer_form, offer, answer)
ACTS = {"accepted": operations.accept, "declined": operations.decline, "taken_back": operations.withdraw}


async def _answer(ctx: Context, id: UUID, sent: Post) -> None:
    if sent["act"] in ACTS:
        await ACTS[sent["act"]](ctx, id)
    elif sent["her_answer"] in get_args(HerAnswer):
        await operations.note_her_answer(ctx, id, cast(HerAnswer, sent["her_answer"]))
    else:
        raise AnswerMissing


def _done(ctx: Context, request_scope: RequestScope, act: str) -> Response[bytes]:
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, PAGE), act))
