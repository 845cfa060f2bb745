"""Advice as JSON."""

from typing import Annotated, Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.idempotency import run_once
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.foundation.web.guards import public_posts, requires
from spheres_core.foundation.web.idempotency_key import IdempotencyKey
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.support.operations import advice_requests, desk
from spheres_core.support.permissions import ANSWER
from spheres_core.support.queries import advice as queries
from spheres_core.support.schemas.advice import (
    AdviceLine,
    AdviceOpened,
    AdvicePosted,
    AdviceRead,
    AdviceReceiptPosted,
    AdviceReceived,
    EquippedPosted,
    ReferralDrafted,
    ReplyPosted,
    VersionPosted,
)
from spheres_core.support.views.desk import open_request

InState = Annotated[
    str, QueryParameter(name="state", required=False, description="Only requests in this state; all without it.")
]


@post("/advice", guards=[public_posts("advice")], name="api_send_advice", tags=["support"],
      summary="Ask for advice, about nobody who could be recognized")  # fmt: skip
async def send_advice(
    ctx: Context, request_scope: RequestScope, data: JSONBody[AdvicePosted], idempotency_key: IdempotencyKey = ""
) -> AdviceReceived:
    """For professionals. Refused with 409 `identifiers_found` and the places until `confirmed` is sent."""
    act = advice_requests.send_advice
    return await run_once(
        ctx, idempotency_key, data, AdviceReceived, lambda: act(ctx, data), source=request_scope.source
    )


@post("/advice/receipts", guards=[public_posts("receipts")], name="api_advice_receipt", status_code=200,
      tags=["support"], summary="The answer to a request for advice")  # fmt: skip
async def look_up_advice(ctx: Context, data: JSONBody[AdviceReceiptPosted]) -> AdviceRead:
    """Returns how far a request has come, and the answer while it is there."""
    return await queries.look_up(ctx, data.receipt)


@post("/advice/receipts/equipped", guards=[public_posts("receipts")], name="api_say_equipped", status_code=200,
      tags=["support"], summary="Say how equipped you feel after the answer")  # fmt: skip
async def say_equipped(ctx: Context, data: JSONBody[EquippedPosted]) -> AdviceRead:
    """Optional. It is counted, and tied to nobody."""
    return await advice_requests.say_equipped(ctx, data.receipt, data.equipped)


@post("/advice/receipts/referral", guards=[public_posts("receipts")], name="api_draft_referral", status_code=200,
      tags=["support"], summary="Begin a referral from a request for advice")  # fmt: skip
async def draft_referral(ctx: Context, data: JSONBody[AdviceReceiptPosted]) -> ReferralDrafted:
    """Returns what the referral form may begin with. Nothing is sent: that is another act, of the same person."""
    return await advice_requests.draft_referral(ctx, data.receipt)


@post("/advice/receipts/close", guards=[public_posts("receipts")], name="api_close_own_advice", status_code=200,
      tags=["support"], summary="Close one's own request for advice")  # fmt: skip
async def close_own_advice(ctx: Context, data: JSONBody[AdviceReceiptPosted]) -> AdviceRead:
    """Deletes what was typed and the answer."""
    return await advice_requests.close_by_receipt(ctx, data.receipt)


@get("/advice", guards=[requires(ANSWER)], name="api_advice", tags=["support"],
     summary="Requests for advice, newest first")  # fmt: skip
async def list_advice(ctx: Context, in_state: InState = "", cursor: FromQuery[str] = "") -> Page[AdviceLine]:
    """Codes only. Reading the list is written to the trail."""
    return await page_of(
        ctx, "advice", cursor,
        lambda before, limit: queries.list_advice(ctx, before=before, limit=limit, state=in_state),
    )  # fmt: skip


@get("/advice/{id:uuid}", guards=[requires(ANSWER)], name="api_advice_request", tags=["support"],
     summary="One request for advice")  # fmt: skip
async def read_advice(ctx: Context, id: FromPath[UUID]) -> AdviceOpened:
    """Returns what was asked, while the request is open. The reading becomes an entry in the trail."""
    return await open_request(ctx, id)


@post("/advice/{id:uuid}/take", guards=[requires(ANSWER)], name="api_take_advice", status_code=200, tags=["support"],
      summary="Take care of a request for advice")  # fmt: skip
async def take_advice(ctx: Context, id: FromPath[UUID], data: JSONBody[VersionPosted]) -> AdviceOpened:
    """Refused with 409 when it has changed in the meantime."""
    await desk.take_advice(ctx, id, data.version)
    return await open_request(ctx, id)


@post("/advice/{id:uuid}/answer", guards=[requires(ANSWER)], name="api_answer_advice", status_code=200,
      tags=["support"], summary="Answer a request for advice")  # fmt: skip
async def answer_advice(ctx: Context, id: FromPath[UUID], data: JSONBody[ReplyPosted]) -> AdviceOpened:
    """Who asked reads it with the tracking code. Refused with 409 when it has changed in the meantime."""
    await desk.answer_advice(ctx, id, data)
    return await open_request(ctx, id)


@post("/advice/{id:uuid}/close", guards=[requires(ANSWER)], name="api_close_advice", status_code=200,
      tags=["support"], summary="Close a request for advice and delete its words")  # fmt: skip
async def close_advice(ctx: Context, id: FromPath[UUID], data: JSONBody[VersionPosted]) -> AdviceOpened:
    """Deletes what was typed and the answer; codes and counts stay."""
    await desk.close_advice(ctx, id, data.version)
    return await open_request(ctx, id)


HANDLERS: list[Any] = [
    send_advice,
    look_up_advice,
    say_equipped,
    draft_referral,
    close_own_advice,
    list_advice,
    read_advice,
    take_advice,
    answer_advice,
    close_advice,
]
