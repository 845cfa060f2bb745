"""Gaps, hand-overs and caseloads that a coordinator watches, as JSON."""

from typing import Any

from litestar import get

from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.queries import coordination as queries
from spheres_core.followups.schemas.coordination import Coordination
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires


@get("/coordination", guards=[requires(ASSIGN)], name="api_coordination",
     summary="Caseloads, files without a pivot worker, hand-overs that wait", tags=["followups"])  # fmt: skip
async def read_coordination(ctx: Context) -> Coordination:
    """Returns numbers by worker, and codes of those whom the caller knows of as a coordinator; no words."""
    return await queries.coordination(ctx)


HANDLERS: list[Any] = [read_coordination]
