"""Who sits in a committee, as JSON."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.committee.operations import seats as operations
from spheres_core.committee.permissions import PREPARE
from spheres_core.committee.queries import seats as queries
from spheres_core.committee.schemas.meetings import Seat, SeatEnded, SeatPosted
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once


@get("/committee-seats", guards=[requires(PREPARE)], name="api_committee_seats", tags=["committee"],
     summary="Who sits in the committees, the last given seat first")  # fmt: skip
async def list_seats(ctx: Context, committee: FromQuery[str] = "", cursor: FromQuery[str] = "") -> Page[Seat]:
    """Returns a page of them, with seats that have ended. It goes into the trail."""
    return await queries.list_seats(ctx, body=committee, cursor=cursor)


@post("/committee-seats", guards=[requires(PREPARE)], name="api_give_committee_seat", tags=["committee"],
      summary="Let somebody sit in a committee")  # fmt: skip
async def give_seat(ctx: Context, data: JSONBody[SeatPosted], once: Once) -> Seat:
    """She sits there for the organization that she works for. Meetings to come open to her at once."""
    return await once.run("committee_seat", data.staff, data, Seat, lambda: operations.give_seat(ctx, data))


@post("/committee-seats/{id:uuid}/end", guards=[requires(PREPARE)], name="api_end_committee_seat", status_code=200,
      tags=["committee"], summary="End a seat after a day")  # fmt: skip
async def end_seat(ctx: Context, id: FromPath[UUID], data: JSONBody[SeatEnded]) -> Seat:
    """Meetings after that day close to who had it at once."""
    return await operations.end_seat(ctx, id, data)


HANDLERS: list[Any] = [list_seats, give_seat, end_seat]
