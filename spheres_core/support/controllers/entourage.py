"""The support of close ones as JSON."""

from typing import Annotated, Any
from uuid import UUID

from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.idempotency import run_once
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.foundation.web.guards import public_posts, requires
from spheres_core.foundation.web.idempotency_key import IdempotencyKey, Once
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.support.operations import entourage as operations
from spheres_core.support.permissions import ACCOMPANY
from spheres_core.support.queries import entourage as queries
from spheres_core.support.schemas.advice import VersionPosted
from spheres_core.support.schemas.entourage import (
    EntourageChanged,
    EntourageCodePosted,
    EntourageLine,
    EntouragePosted,
    EntourageReceived,
    EntourageRecord,
    OfferAnswered,
    OfferDecided,
    OfferPosted,
    OwnEntourage,
    ReachPosted,
    SupportNotePosted,
)

InState = Annotated[
    str, QueryParameter(name="state", required=False, description="Only records in this state; all without it.")
]


@post("/entourage", guards=[public_posts("entourage")], name="api_ask_for_support", tags=["support"],
      summary="Ask for support as somebody close, without an account")  # fmt: skip
async def ask(
    ctx: Context, request_scope: RequestScope, data: JSONBody[EntouragePosted], idempotency_key: IdempotencyKey = ""
) -> EntourageReceived:
    """Refused with 422 `participant_code_found` where a code of a participant stands, and with 409
    `identifiers_found` and the places until `confirmed` is sent."""
    act = operations.open_record
    return await run_once(
        ctx, idempotency_key, data, EntourageReceived, lambda: act(ctx, data), source=request_scope.source
    )


@post("/entourage/own", guards=[public_posts("receipts")], name="api_own_entourage", status_code=200,
      tags=["support"], summary="What one's own code shows")  # fmt: skip
async def look_up(ctx: Context, data: JSONBody[EntourageCodePosted]) -> OwnEntourage:
    """Returns a close person's own words, how they are reached, what was offered, and when somebody was there."""
    return await queries.look_up_own(ctx, data.code)


@post("/entourage/own/reach", guards=[public_posts("receipts")], name="api_change_own_reach", status_code=200,
      tags=["support"], summary="Say anew how one may be reached")  # fmt: skip
async def change_reach(ctx: Context, data: JSONBody[ReachPosted]) -> OwnEntourage:
    """Holds from now on."""
    return await operations.change_own_reach(ctx, data.code, data.reach)


@post("/entourage/own/answer", guards=[public_posts("receipts")], name="api_answer_own_offer", status_code=200,
      tags=["support"], summary="Say whether one wants what was offered")  # fmt: skip
async def answer_offer(ctx: Context, data: JSONBody[OfferAnswered]) -> OwnEntourage:
    """They may change their mind."""
    return await operations.answer_own_offer(ctx, data.code, data.offer, data.answer)


@post("/entourage/own/close", guards=[public_posts("receipts")], name="api_close_own_entourage", status_code=200,
      tags=["support"], summary="Close one's own support")  # fmt: skip
async def close_own(ctx: Context, data: JSONBody[EntourageCodePosted]) -> OwnEntourage:
    """Nothing more is written; the record is erased after the region's time."""
    return await operations.close_own(ctx, data.code)


@get("/entourage/records", guards=[requires(ACCOMPANY)], name="api_entourage", tags=["support"],
     summary="Records of close ones, newest first")  # fmt: skip
async def list_records(ctx: Context, in_state: InState = "", cursor: FromQuery[str] = "") -> Page[EntourageLine]:
    """Codes only. Reading the list is written to the trail."""
    return await page_of(
        ctx, "entourage", cursor,
        lambda before, limit: queries.list_entourage(ctx, before=before, limit=limit, state=in_state),
    )  # fmt: skip


@post("/entourage/records", guards=[requires(ACCOMPANY)], name="api_open_entourage", tags=["support"],
      summary="Open a record for somebody who asks for support")  # fmt: skip
async def open_record(ctx: Context, data: JSONBody[EntouragePosted], once: Once) -> EntourageReceived:
    """Returns its code. Refused as for who asks by themselves."""
    act = operations.open_record
    return await once.run("entourage", ctx.tenant.id, data, EntourageReceived, lambda: act(ctx, data))


@get("/entourage/records/{id:uuid}", guards=[requires(ACCOMPANY)], name="api_entourage_record", tags=["support"],
     summary="One record of a close person")  # fmt: skip
async def read_record(ctx: Context, id: FromPath[UUID]) -> EntourageRecord:
    """Returns the whole record, which is also its copy for whom it is about. The reading goes into the trail."""
    return await queries.read_record(ctx, id)


@put("/entourage/records/{id:uuid}", guards=[requires(ACCOMPANY)], name="api_change_entourage", tags=["support"],
     summary="Write a close person's record anew")  # fmt: skip
async def change_record(ctx: Context, id: FromPath[UUID], data: JSONBody[EntourageChanged]) -> EntourageRecord:
    """When somebody else wrote it anew in the meantime: 409, with `yours` and `theirs`."""
    await operations.change_record(ctx, id, data)
    return await queries.read_record(ctx, id)


@post("/entourage/records/{id:uuid}/take", guards=[requires(ACCOMPANY)], name="api_take_entourage", status_code=200,
      tags=["support"], summary="Accompany a close person")  # fmt: skip
async def take_record(ctx: Context, id: FromPath[UUID], data: JSONBody[VersionPosted]) -> EntourageRecord:
    """Refused with 409 when it has changed in the meantime."""
    await operations.take_record(ctx, id, data.version)
    return await queries.read_record(ctx, id)


@post("/entourage/records/{id:uuid}/notes", guards=[requires(ACCOMPANY)], name="api_note_entourage", tags=["support"],
      summary="Note what was done for a close person")  # fmt: skip
async def note_contact(
    ctx: Context, id: FromPath[UUID], data: JSONBody[SupportNotePosted], once: Once
) -> EntourageRecord:
    """Refused as for who asks by themselves."""

    async def noting() -> EntourageRecord:
        await operations.note_contact(ctx, id, data)
        return await queries.read_record(ctx, id)

    return await once.run("entourage note", id, data, EntourageRecord, noting)


@post("/entourage/records/{id:uuid}/offers", guards=[requires(ACCOMPANY)], name="api_offer_entourage",
      tags=["support"], summary="Offer something to a close person")  # fmt: skip
async def offer(ctx: Context, id: FromPath[UUID], data: JSONBody[OfferPosted], once: Once) -> EntourageRecord:
    """They read it with their code. Refused as for who asks by themselves."""

    async def offering() -> EntourageRecord:
        await operations.offer(ctx, id, data)
        return await queries.read_record(ctx, id)

    return await once.run("entourage offer", id, data, EntourageRecord, offering)


@post("/entourage/records/{id:uuid}/offers/{offer:uuid}", guards=[requires(ACCOMPANY)],
      name="api_decide_entourage_offer", status_code=200, tags=["support"],
      summary="Note what a close person said of an offer")  # fmt: skip
async def decide_offer(
    ctx: Context, id: FromPath[UUID], offer: FromPath[UUID], data: JSONBody[OfferDecided]
) -> EntourageRecord:
    """They may change their mind."""
    await operations.answer_offer(ctx, id, offer, data.answer)
    return await queries.read_record(ctx, id)


@post("/entourage/records/{id:uuid}/close", guards=[requires(ACCOMPANY)], name="api_close_entourage",
      status_code=200, tags=["support"], summary="Close the support of a close person")  # fmt: skip
async def close_record(ctx: Context, id: FromPath[UUID], data: JSONBody[VersionPosted]) -> EntourageRecord:
    """Nothing more is written; the record is erased after the region's time."""
    await operations.close_record(ctx, id, data.version)
    return await queries.read_record(ctx, id)


HANDLERS: list[Any] = [
    ask,
    look_up,
    change_reach,
    answer_offer,
    close_own,
    list_records,
    open_record,
    read_record,
    change_record,
    take_record,
    note_contact,
    offer,
    decide_offer,
    close_record,
]
