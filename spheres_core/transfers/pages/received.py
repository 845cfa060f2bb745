"""The page of those who would like to go on here, for whoever answers."""

from typing import Any, get_args
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.transfers.operations import answers
from spheres_core.transfers.permissions import ANSWER
from spheres_core.transfers.schemas.messages import RefusalReason
from spheres_core.transfers.schemas.received import ReceivedAccepted, ReceivedRefused, ReceivedTransfer
from spheres_core.transfers.views.received_page import received_page

PAGE = "received_transfers"
TEMPLATE = "transfers/received.html"


class ReasonMissing(Invalid):
    """Whoever refuses says why."""

    code = "reason_missing"
    message = msg("Please say why.")


@get("/staff/transfers", guards=[requires(ANSWER)], name=PAGE)
async def received(
    ctx: Context, request_scope: RequestScope, cursor: FromQuery[str] = "", done: FromQuery[str] = ""
) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, TEMPLATE, **await received_page(ctx, cursor=cursor, done=done))


@post("/staff/transfers/{id:uuid}", guards=[requires(ANSWER)], name="answer_transfer", status_code=200)
async def answer_transfer(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        accepted = await _answer(ctx, id, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_refusal(ctx, request_scope, id, refusal)
    if accepted is None:
        return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, PAGE), "refused"))
    return await rendering.page(ctx, request_scope, TEMPLATE, **await received_page(ctx, accepted=accepted))


HANDLERS = (received, answer_transfer)


async def _answer(ctx: Context, id: UUID, sent: Post) -> ReceivedTransfer | None:
    """Returns what was accepted, with her code here; None when it was refused."""
    version = sent.version()
    if sent["act"] == "accept":
        return await answers.accept(ctx, id, ReceivedAccepted(version))
    reasons: dict[str, RefusalReason] = {each: each for each in get_args(RefusalReason)}
    if sent["reason"] not in reasons:
        raise ReasonMissing(errors=[Problem(ReasonMissing.message, path="reason")])
    await answers.refuse(ctx, id, ReceivedRefused(version, reasons[sent["reason"]]))
    return None


async def _show_refusal(
    ctx: Context, request_scope: RequestScope, id: UUID, refusal: Conflict | Invalid
) -> Response[bytes]:
    """Shows the page again with what stands against it; that reading stays in the trail."""
    ctx.db.commit_on_refusal = True
    shown = await received_page(ctx, about=str(id) if refusal.errors else "", refusal=refusal)
    return await rendering.page(ctx, request_scope, TEMPLATE, status=refusal.status, **shown)
