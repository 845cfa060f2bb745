"""Transfers as JSON: in her file for who follows her, and for whoever answers what another region offers."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.transfers.operations import answers, offers
from spheres_core.transfers.permissions import ANSWER
from spheres_core.transfers.queries import brought, received, transfers
from spheres_core.transfers.schemas.brought import BroughtEntry
from spheres_core.transfers.schemas.received import ReceivedAccepted, ReceivedRefused, ReceivedTransfer
from spheres_core.transfers.schemas.transfers import (
    Transfer,
    TransferAsked,
    TransferPosted,
    TransferPreview,
    Transfers,
    TransferSeen,
)


@get("/participants/{participant:str}/transfers", guards=[requires(READ)], name="api_transfers",
     summary="Her transfers to other regions, the last first", tags=["transfers"])  # fmt: skip
async def list_transfers(ctx: Context, participant: Code) -> Transfers:
    """Returns them with the regions to which she can go on, and what can go along. It goes into the trail."""
    return await transfers.list_transfers(ctx, await find_for_caller(ctx, participant))


@post("/participants/{participant:str}/transfers/preview", guards=[requires(READ)], name="api_preview_transfer",
      status_code=200, summary="Exactly what would go along", tags=["transfers"])  # fmt: skip
async def preview_transfer(ctx: Context, participant: Code, data: JSONBody[TransferAsked]) -> TransferPreview:
    """Returns every entry that the other region would get, by what she agrees to. Nothing is recorded of it yet."""
    return await offers.preview(ctx, await find_for_caller(ctx, participant), data)


@post("/participants/{participant:str}/transfers", guards=[requires(READ)], name="api_offer_transfer",
      summary="Offer her file to another region", tags=["transfers"])  # fmt: skip
async def offer_transfer(ctx: Context, participant: Code, data: JSONBody[TransferPosted], once: Once) -> Transfer:
    """Records what she agreed to, and sends it. When something else would go along now than the preview showed: 409,
    with a new preview."""
    file = await find_for_caller(ctx, participant)
    return await once.run("transfer", file.id, data, Transfer, lambda: offers.offer(ctx, file, data))


@post("/participants/{participant:str}/transfers/{id:uuid}/withdraw", guards=[requires(READ)],
      name="api_withdraw_transfer", status_code=200, summary="Take an offer back", tags=["transfers"])  # fmt: skip
async def withdraw_transfer(
    ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[TransferSeen]
) -> Transfer:
    """Her file is as it was before. When the other region accepts at the same moment, nothing begins there."""
    return await offers.withdraw(ctx, await find_for_caller(ctx, participant), id, data)


@post("/participants/{participant:str}/transfers/{id:uuid}/told", guards=[requires(READ)], name="api_told_of_transfer",
      status_code=200, summary="Note that she was told how it ended", tags=["transfers"])  # fmt: skip
async def told_of_transfer(
    ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[TransferSeen]
) -> Transfer:
    """For whoever followed her, who finds how to reach her until then, or until some days are over."""
    return await offers.tell(ctx, await find_for_caller(ctx, participant), id, data)


@get("/participants/{participant:str}/brought", guards=[requires(READ)], name="api_brought_entries",
     summary="What came along from another region", tags=["transfers"])  # fmt: skip
async def list_brought(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[BroughtEntry]:
    """Returns a page of it: of each class of information for whoever she lets read it here."""
    return await brought.list_brought(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@get("/transfers", guards=[requires(ANSWER)], name="api_received_transfers",
     summary="Who would like to go on here, the last received first", tags=["transfers"])  # fmt: skip
async def list_received(ctx: Context, cursor: FromQuery[str] = "") -> Page[ReceivedTransfer]:
    """Returns a page of what other regions offer: nothing tells who she is, and none of her words are shown."""
    return await received.list_received(ctx, cursor=cursor)


@post("/transfers/{id:uuid}/accept", guards=[requires(ANSWER)], name="api_accept_transfer", status_code=200,
      summary="Accept that she goes on here", tags=["transfers"])  # fmt: skip
async def accept_transfer(
    ctx: Context, id: FromPath[UUID], data: JSONBody[ReceivedAccepted], once: Once
) -> ReceivedTransfer:
    """Returns the code that she gets here. Her file begins, as proposed, once the other region has closed its own."""
    return await once.run("accept_transfer", id, data, ReceivedTransfer, lambda: answers.accept(ctx, id, data))


@post("/transfers/{id:uuid}/refuse", guards=[requires(ANSWER)], name="api_refuse_transfer", status_code=200,
      summary="Say that she cannot go on here now", tags=["transfers"])  # fmt: skip
async def refuse_transfer(ctx: Context, id: FromPath[UUID], data: JSONBody[ReceivedRefused]) -> ReceivedTransfer:
    """Deletes what would have come along. Her file goes on where it is."""
    return await answers.refuse(ctx, id, data)


HANDLERS: list[Any] = [
    list_transfers,
    preview_transfer,
    offer_transfer,
    withdraw_transfer,
    told_of_transfer,
    list_brought,
    list_received,
    accept_transfer,
    refuse_transfer,
]
