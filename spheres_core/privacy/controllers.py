"""The register of incidents as JSON. A token of a machine writes nothing in it: a person judges."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.privacy.operations import incidents as operations
from spheres_core.privacy.permissions import KEEP
from spheres_core.privacy.queries import incidents as queries
from spheres_core.privacy.schemas.incidents import (
    IncidentChanged,
    IncidentClosed,
    IncidentLine,
    IncidentOpened,
    IncidentPosted,
)


@get("/incidents", guards=[requires(KEEP)], name="api_privacy_incidents", tags=["privacy"],
     summary="Incidents, newest first")  # fmt: skip
async def list_incidents(ctx: Context, cursor: FromQuery[str] = "") -> Page[IncidentLine]:
    """Codes and days. Reading the list is written to the trail."""
    return await page_of(
        ctx, "incidents", cursor, lambda before, limit: queries.list_incidents(ctx, before=before, limit=limit)
    )


@post("/incidents", guards=[requires(KEEP)], name="api_record_incident", tags=["privacy"],
      summary="Write an incident down")  # fmt: skip
async def record_incident(ctx: Context, data: JSONBody[IncidentPosted], once: Once) -> IncidentOpened:
    """Refused with 422 `participant_code_found`, and with 409 `identifiers_found` until `confirmed` is sent."""

    async def recording() -> IncidentOpened:
        return await queries.read_incident(ctx, await operations.record_incident(ctx, data))

    return await once.run("incident", ctx.tenant.id, data, IncidentOpened, recording)


@get("/incidents/{id:uuid}", guards=[requires(KEEP)], name="api_privacy_incident", tags=["privacy"],
     summary="One incident, with its words")  # fmt: skip
async def read_incident(ctx: Context, id: FromPath[UUID]) -> IncidentOpened:
    """For who keeps the register. The reading goes into the trail."""
    return await queries.read_incident(ctx, id)


@post("/incidents/{id:uuid}", guards=[requires(KEEP)], name="api_change_incident", status_code=200, tags=["privacy"],
      summary="Write an incident anew")  # fmt: skip
async def change_incident(ctx: Context, id: FromPath[UUID], data: JSONBody[IncidentChanged]) -> IncidentOpened:
    """Refused with 409 when it has changed in the meantime or is closed, and as when it is written down."""
    await operations.change_incident(ctx, id, data)
    return await queries.read_incident(ctx, id)


@post("/incidents/{id:uuid}/close", guards=[requires(KEEP)], name="api_close_incident", status_code=200,
      tags=["privacy"], summary="Close an incident")  # fmt: skip
async def close_incident(ctx: Context, id: FromPath[UUID], data: JSONBody[IncidentClosed]) -> IncidentOpened:
    """Refused with 409 while nobody has judged the risk. Afterwards it stays as it was written."""
    await operations.close_incident(ctx, id, data.version)
    return await queries.read_incident(ctx, id)


HANDLERS: list[Any] = [list_incidents, record_incident, read_incident, change_incident, close_incident]
