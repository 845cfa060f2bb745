"""Inquiries as JSON."""

from typing import Annotated, Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.foundation.web.guards import public_posts, requires
from spheres_core.inquiries import operations, queries
from spheres_core.inquiries.permissions import ANSWER
from spheres_core.inquiries.schemas import InquiryMovePosted, InquiryPosted, InquiryRead, InquiryReceived

InState = Annotated[
    str, QueryParameter(name="state", required=False, description="Only inquiries that are open, answered or closed.")
]


@post("/inquiries", guards=[public_posts("inquiries")], name="api_send_inquiry", tags=["inquiries"],
      summary="Ask about implementing the program in another region")  # fmt: skip
async def send_inquiry(ctx: Context, data: JSONBody[InquiryPosted]) -> InquiryReceived:
    """For organizations. Nothing in it may be about a young person: for that, there are referrals."""
    return await operations.send_inquiry(ctx, data)


@get("/inquiries", guards=[requires(ANSWER)], name="api_inquiries", tags=["inquiries"],
     summary="Inquiries, newest first")  # fmt: skip
async def list_inquiries(ctx: Context, in_state: InState = "", cursor: FromQuery[str] = "") -> Page[InquiryRead]:
    """Reading the list is written to the trail."""
    return await page_of(
        ctx, "inquiries", cursor,
        lambda before, limit: queries.list_inquiries(ctx, before=before, limit=limit, state=in_state),
    )  # fmt: skip


@post("/inquiries/{id:uuid}/state", guards=[requires(ANSWER)], name="api_move_inquiry", status_code=200,
      summary="Note that an inquiry was answered or closed, or open it again", tags=["inquiries"])  # fmt: skip
async def move_inquiry(ctx: Context, id: FromPath[UUID], data: JSONBody[InquiryMovePosted]) -> InquiryRead:
    """Refused with 409 when the inquiry has moved in the meantime."""
    return await operations.move_inquiry(ctx, id, data.to)


HANDLERS: list[Any] = [send_inquiry, list_inquiries, move_inquiry]
