"""The pages of her file about going on in another region."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response
from msgspec import structs

from spheres_core.followups.views.destinations import DAY
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.transfers.operations import offers
from spheres_core.transfers.schemas.transfers import Transfer, TransferPosted, TransferPreview, TransferSeen
from spheres_core.transfers.views.transfers_page import PAGE, asked_of, transfer_form, transfers_page
from spheres_core.transfers.views.wording import say_done


@get("/staff/participants/{participant:str}/transfers", guards=[requires(READ)], name=PAGE)
async def transfers(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    cursor: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    shown = await transfers_page(ctx, access, cursor=cursor)
    return await section_page(
        ctx, request_scope, access, "transfers/transfers.html", page=PAGE, done=say_done(ctx, done), **shown
    )


@get("/staff/participants/{participant:str}/transfers/new", guards=[requires(READ)], name="new_transfer")
async def new_transfer(ctx: Context, request_scope: RequestScope, participant: FromPath[str]) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_class(ctx, access, "participation", act="write")
    return await _show_form(ctx, request_scope, access)


@post("/staff/participants/{participant:str}/transfers/new", guards=[requires(READ)], name="offer_transfer",
      status_code=303)  # fmt: skip
async def offer_transfer(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        preview = await _offer(ctx, request_scope, access, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_form(ctx, request_scope, access, sent=sent, refusal=refusal)
    if preview is not None:
        return await _show_form(ctx, request_scope, access, sent=sent, preview=preview)
    return _done(ctx, request_scope, access, "offered")


@post("/staff/participants/{participant:str}/transfers/{id:uuid}", guards=[requires(READ)], name="act_on_transfer",
      status_code=303)  # fmt: skip
async def act_on_transfer(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:  # fmt: skip
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        act = await _act(ctx, access, id, sent)
    except Conflict as refusal:
        return await _show_refusal(ctx, request_scope, access, refusal)
    if act == "told":  # whoever told her has nothing to do with her file any more
        return rendering.go_to(rendering.place_of(ctx, request_scope, DAY))
    return _done(ctx, request_scope, access, act)


HANDLERS = (transfers, new_transfer, offer_transfer, act_on_transfer)


async def _offer(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> TransferPreview | None:
    """Offers her file once, however often the button is pressed; returns a preview where that is what was asked for."""
    asked = asked_of(sent)
    if asked is None:
        raise Invalid
    if sent["act"] != "offer":
        return await offers.preview(ctx, access, asked)
    posted = TransferPosted(**structs.asdict(asked), seen=sent["seen"][:64])
    once = Once(request_scope, sent["_once"])
    await once.run("transfer", access.id, posted, Transfer, lambda: offers.offer(ctx, access, posted))
    return None


async def _act(ctx: Context, access: ParticipantAccess, id: UUID, sent: Post) -> str:
    """Does what the button says, and returns its code."""
    seen = TransferSeen(sent.version())
    if sent["act"] == "told":
        await offers.tell(ctx, access, id, seen)
        return "told"
    await offers.withdraw(ctx, access, id, seen)
    return "withdrawn"


async def _show_refusal(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, refusal: Conflict
) -> Response[bytes]:
    """Shows her transfers with what stands against it; that reading stays in the trail."""
    ctx.db.commit_on_refusal = True
    shown = await transfers_page(ctx, access, refusal=refusal)
    return await section_page(
        ctx, request_scope, access, "transfers/transfers.html", page=PAGE, status=refusal.status, **shown
    )


async def _show_form(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, sent: Post | None = None,
    preview: TransferPreview | None = None, refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    ctx.db.commit_on_refusal = refusal is not None
    shown = await transfer_form(ctx, access, sent=sent, preview=preview, refusal=refusal)
    status = refusal.status if refusal else 200
    return await section_page(ctx, request_scope, access, "transfers/offer.html", page=PAGE, status=status, **shown)


def _done(ctx: Context, request_scope: RequestScope, access: ParticipantAccess, act: str) -> Response[bytes]:
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, PAGE, participant=access.code), act))
