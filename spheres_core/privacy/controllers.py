"""The register of incidents, what holds erasures, and who read a file, as JSON. A machine's token writes nothing."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.privacy.operations import erasure_holds
from spheres_core.privacy.operations import incidents as operations
from spheres_core.privacy.permissions import HOLD, KEEP, OVERSEE
from spheres_core.privacy.queries import ended_files, file_trail
from spheres_core.privacy.queries import erasure_holds as hold_queries
from spheres_core.privacy.queries import incidents as queries
from spheres_core.privacy.schemas.ended_files import EndedFiles
from spheres_core.privacy.schemas.erasure_holds import Hold, HoldLifted, HoldPosted, HoldReviewed
from spheres_core.privacy.schemas.file_trail import FileTrailEntry
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


@get("/erasure-holds", guards=[requires(HOLD)], name="api_erasure_holds", tags=["privacy"],
     summary="What holds erasures, the last placed first")  # fmt: skip
async def list_holds(ctx: Context, cursor: FromQuery[str] = "") -> Page[Hold]:
    """Since when, by whom, why, and until when somebody looks at it again. It goes into the trail."""
    return await hold_queries.list_holds(ctx, cursor=cursor)


@post("/erasure-holds", guards=[requires(HOLD)], name="api_hold_erasure", tags=["privacy"],
      summary="Hold the erasing of what is kept about the person of a referral, or of a file")  # fmt: skip
async def place_hold(ctx: Context, data: JSONBody[HoldPosted], once: Once) -> Hold:
    """Either a `referral` or the code of a `participant`. From then on nobody erases it, and no schedule does. Refused
    itself with 422 `participant_code_found`, and with 409 `identifiers_found` until `confirmed` is sent."""

    async def placing() -> Hold:
        return await hold_queries.read_hold(ctx, await erasure_holds.place_hold(ctx, data))

    return await once.run("erasure hold", ctx.tenant.id, data, Hold, placing)


@post("/erasure-holds/{id:uuid}/review", guards=[requires(HOLD)], name="api_review_erasure_hold", status_code=200,
      tags=["privacy"], summary="Note that an erasure is held on, until a further day")  # fmt: skip
async def review_hold(ctx: Context, id: FromPath[UUID], data: JSONBody[HoldReviewed]) -> Hold:
    """Refused with 409 when it has changed in the meantime or was lifted."""
    await erasure_holds.review_hold(ctx, id, data)
    return await hold_queries.read_hold(ctx, id)


@post("/erasure-holds/{id:uuid}/lift", guards=[requires(HOLD)], name="api_lift_erasure_hold", status_code=200,
      tags=["privacy"], summary="Lift what holds an erasure")  # fmt: skip
async def lift_hold(ctx: Context, id: FromPath[UUID], data: JSONBody[HoldLifted]) -> Hold:
    """Erases nothing. Refused with 409 when it has changed in the meantime or was lifted."""
    await erasure_holds.lift_hold(ctx, id, data)
    return await hold_queries.read_hold(ctx, id)


@get("/ended-files", guards=[requires(OVERSEE)], name="api_ended_files", tags=["privacy"],
     summary="Files that are erased soon")  # fmt: skip
async def list_ended_files(ctx: Context) -> EndedFiles:
    """By code, with the day from which on each is erased, and those whose erasing has not ended. It goes into the
    trail."""
    return await ended_files.list_ended(ctx)


@get("/file-trail", guards=[requires(OVERSEE)], name="api_file_trail", tags=["privacy"],
     summary="Who read and changed something about a participant")  # fmt: skip
async def read_file_trail(ctx: Context, code: FromQuery[str], cursor: FromQuery[str] = "") -> Page[FileTrailEntry]:
    """Entries of the trail, the latest first, by the code of her file; no word of it. Reading them is an entry too."""
    return await file_trail.read_file_trail(ctx, code, cursor=cursor)


HANDLERS: list[Any] = [
    list_incidents, record_incident, read_incident, change_incident, close_incident, list_holds, place_hold,
    review_hold, lift_hold, list_ended_files, read_file_trail,
]  # fmt: skip
