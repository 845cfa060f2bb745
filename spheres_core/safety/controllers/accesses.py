"""Emergency accesses, as JSON."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, JSONBody

from spheres_core.followups.permissions import ASSIGN
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.participants.controllers.files import Code
from spheres_core.safety.operations import accesses as operations
from spheres_core.safety.permissions import OPEN, REVIEW
from spheres_core.safety.queries import accesses as queries
from spheres_core.safety.queries.access_rate import read_access_rate
from spheres_core.safety.schemas.accesses import (
    AccessAsked,
    AccessOpened,
    AccessRate,
    AccessReviewed,
    EmergencyAccesses,
)


@post("/participants/{participant:str}/emergency-access", guards=[requires(OPEN)], name="api_open_in_emergency",
      summary="Open her emergency plan in an emergency", tags=["safety"])  # fmt: skip
async def open_in_emergency(ctx: Context, participant: Code, data: JSONBody[AccessAsked]) -> AccessOpened:
    """It opens the plan and how she can safely be reached, nothing else, where she has agreed to that for the caller's
    organization; it ends by itself. Who follows her and who coordinates are told at once, and it is looked at
    afterwards."""
    return await operations.open_in_emergency(ctx, participant, data.reason)


@get("/emergency-accesses", guards=[requires(REVIEW)], name="api_emergency_accesses",
     summary="Emergency accesses, those to look at first", tags=["safety"])  # fmt: skip
async def list_accesses(ctx: Context) -> EmergencyAccesses:
    """Returns who opened a plan, when and why, and how often it happens. Whose plan it was is not said."""
    return await queries.list_accesses(ctx)


@get("/emergency-accesses/rate", guards=[requires(ASSIGN)], name="api_emergency_access_rate",
     summary="How often emergency plans were opened", tags=["safety"])  # fmt: skip
async def read_rate(ctx: Context) -> AccessRate:
    """Returns figures of the last 90 days for whoever coordinates: how many, and how many of them somebody looked at in
    time. They name nobody's file."""
    return await read_access_rate(ctx)


@post("/emergency-accesses/{id:uuid}/review", guards=[requires(REVIEW)], name="api_review_access", status_code=200,
      summary="Note that an emergency access was looked at", tags=["safety"])  # fmt: skip
async def review_access(ctx: Context, id: FromPath[UUID], data: JSONBody[AccessReviewed]) -> EmergencyAccesses:
    """By name and once; nobody looks at their own. Returns the list."""
    await operations.review_access(ctx, id, data)
    return await queries.list_accesses(ctx)


HANDLERS: list[Any] = [open_in_emergency, list_accesses, read_rate, review_access]
