"""Referrals as JSON."""

from typing import Annotated, Any, get_args
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.foundation.web.guards import public_posts, requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals import queries
from spheres_core.referrals.operations import idempotency, intake, triage
from spheres_core.referrals.permissions import READ, TRIAGE
from spheres_core.referrals.schemas import (
    ReceiptPosted,
    ReceiptState,
    Received,
    ReferralLine,
    ReferralPosted,
    ReferralRead,
    StateCode,
    TransitionPosted,
)

IdempotencyKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key", required=False, description="The same key and body again: the same answer."
    ),
]
InState = Annotated[
    str | None,
    QueryParameter(
        name="state",
        required=False,
        description="Only referrals in this state.",
        schema_extra={"enum": list(get_args(StateCode))},
    ),
]


@post(
    "/referrals",
    guards=[public_posts("referrals")],
    name="api_receive_referral",
    summary="Refer a young person",
    tags=["referrals"],
)
async def receive(
    ctx: Context, request_scope: RequestScope, data: JSONBody[ReferralPosted], idempotency_key: IdempotencyKey = ""
) -> Received:
    """Stores a referral with its answers and returns the receipt, which is shown once and kept nowhere."""
    act = intake.receive_referral
    return await idempotency.run_once(
        ctx, idempotency_key, data, Received, lambda: act(ctx, data), source=request_scope.source
    )


@post("/receipts", guards=[public_posts("receipts")], name="api_receipt", status_code=200,
      summary="What became of a referral", tags=["referrals"])  # fmt: skip
async def look_up_receipt(ctx: Context, data: JSONBody[ReceiptPosted]) -> ReceiptState:
    """Returns how far a referral has come; never whether the young person takes part."""
    return await intake.look_up_receipt(ctx, data.receipt)


@post("/receipts/withdraw", guards=[public_posts("receipts")], name="api_withdraw", status_code=200,
      summary="Take a referral back", tags=["referrals"])  # fmt: skip
async def withdraw(ctx: Context, data: JSONBody[ReceiptPosted]) -> ReceiptState:
    """Withdraws a referral while no contact was made. Later the wish is noted, and the answer is the same."""
    return await intake.withdraw_by_receipt(ctx, data.receipt)


@get("/referrals", guards=[requires(READ)], name="api_referrals", tags=["triage"],
     summary="Referrals, newest first")  # fmt: skip
async def list_referrals(
    ctx: Context,
    in_state: InState = None,
    language: FromQuery[str] = "",
    need: FromQuery[str] = "",
    cursor: FromQuery[str] = "",
) -> Page[ReferralLine]:
    """Returns a page of referrals in codes only. Which were shown becomes an entry in the trail."""
    return await page_of(
        ctx, "referrals", cursor,
        lambda before, limit: queries.list_referrals(
            ctx, before=before, limit=limit, state=in_state, language=language, need=need
        ),
    )  # fmt: skip


@get("/referrals/{id:uuid}", guards=[requires(READ)], name="api_referral", tags=["triage"],
     summary="One referral")  # fmt: skip
async def read_referral(ctx: Context, id: FromPath[UUID]) -> ReferralRead:
    """Returns a referral with its answers and history. The reading becomes an entry in the trail."""
    return await queries.referral(ctx, id, plain=True)


@post("/referrals/{id:uuid}/transitions", guards=[requires(TRIAGE)], name="api_move_referral", status_code=200,
      summary="Take the next step", tags=["triage"])  # fmt: skip
async def move_referral(ctx: Context, id: FromPath[UUID], data: JSONBody[TransitionPosted]) -> ReferralRead:
    """Takes a referral to one of its `steps`. Some steps need a reason, so that colleagues understand it later."""
    return await triage.move_referral(ctx, id, data.to, reason=data.reason)


HANDLERS: list[Any] = [receive, look_up_receipt, withdraw, list_referrals, read_referral, move_referral]
