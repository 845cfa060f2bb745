"""The trail as JSON."""

from typing import Annotated, Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromQuery, JSONBody, QueryParameter

from spheres_core.audit import operations
from spheres_core.audit.permissions import DELIVERIES, TRAIL_READ
from spheres_core.audit.schemas import Entry, ParkedDeliveries, TakenUp, TryAgainPosted
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.foundation.web.guards import requires


@get("/trail", guards=[requires(TRAIL_READ)], name="api_trail", summary="Who read and changed this", tags=["trail"])
async def read_trail(
    ctx: Context,
    subject: Annotated[UUID, QueryParameter(description="Id of a referral or another subject.")],
    cursor: FromQuery[str] = "",
) -> Page[Entry]:
    """Returns the trail of one subject, newest entry first. Reading it writes an entry too."""
    return await page_of(
        ctx, "trail", cursor, lambda before, limit: operations.show_trail(ctx, subject, before=before, limit=limit)
    )


@get("/admin/deliveries", guards=[requires(DELIVERIES)], name="api_deliveries", tags=["deliveries"],
     summary="Messages and calls of plugins that were given up on")  # fmt: skip
async def list_deliveries(ctx: Context) -> ParkedDeliveries:
    """Returns each delivery with its error and the entry that it is owed for. It holds no words of a case."""
    return ParkedDeliveries(await operations.show_parked(ctx))


@post("/admin/deliveries/try-again", guards=[requires(DELIVERIES)], name="api_try_again", status_code=200,
      tags=["deliveries"], summary="Take one up again, with all its tries")  # fmt: skip
async def try_again(ctx: Context, data: JSONBody[TryAgainPosted]) -> TakenUp:
    """Gives one delivery all its tries again. Answers 404 when it does not wait to be taken up."""
    await operations.try_again(ctx, data.entry, recipient=data.recipient)
    return TakenUp(1)


@post("/admin/deliveries/try-all-again", guards=[requires(DELIVERIES)], name="api_try_all_again", status_code=200,
      tags=["deliveries"], summary="Take all of them up again")  # fmt: skip
async def try_all_again(ctx: Context) -> TakenUp:
    """Gives each delivery that was given up on all its tries again."""
    return TakenUp(await operations.try_all_again(ctx))


HANDLERS: list[Any] = [read_trail, list_deliveries, try_again, try_all_again]
