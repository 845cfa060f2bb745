"""The trail as JSON."""

from typing import Annotated, Any
from uuid import UUID

from litestar import get
from litestar.params import FromQuery, QueryParameter

from spheres_core.audit import operations
from spheres_core.foundation.access import requires
from spheres_core.foundation.context import Context
from spheres_core.foundation.cursors import page_of

TRAIL_READ = "audit.read"


@get("/trail", guards=[requires(TRAIL_READ)], name="api_trail", summary="Who read and changed this")
async def read_trail(
    ctx: Context,
    subject: Annotated[UUID, QueryParameter(description="Id of a referral or another subject.")],
    cursor: FromQuery[str] = "",
) -> dict[str, Any]:
    return await page_of(
        ctx, "trail", cursor, lambda before, limit: operations.show_trail(ctx, subject, before=before, limit=limit)
    )
