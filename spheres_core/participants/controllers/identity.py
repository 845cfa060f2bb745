"""The identity of a participant: opened and written with a reason, and a list of who did so."""

from typing import Any

from litestar import get, post, put
from litestar.params import FromQuery, JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.foundation.web.guards import requires
from spheres_core.participants.controllers.files import Code, ForPurpose
from spheres_core.participants.operations import identity as operations
from spheres_core.participants.permissions import IDENTITY, OPENINGS
from spheres_core.participants.queries import identity_openings
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.schemas.identity import IdentityOpened, IdentityOpening, IdentityPosted, IdentityRead


@post("/participants/{participant:str}/identity", guards=[requires(IDENTITY)], name="api_open_identity",
      status_code=200, tags=["participants"], summary="Open her identity, with a reason")  # fmt: skip
async def open_identity(
    ctx: Context, participant: Code, data: JSONBody[IdentityOpened], for_purpose: ForPurpose = None
) -> IdentityRead:
    """Returns who she is. The opening becomes an entry in the trail, and coordinators are told that it was opened."""
    access = await find_for_caller(ctx, participant, for_purpose)
    return await operations.open_identity(ctx, access, reason=data.reason)


@put("/participants/{participant:str}/identity", guards=[requires(IDENTITY)], name="api_write_identity",
     tags=["participants"], summary="Write her identity, with a reason")  # fmt: skip
async def write_identity(
    ctx: Context, participant: Code, data: JSONBody[IdentityPosted], for_purpose: ForPurpose = None
) -> IdentityRead:
    """Writes a new version; the earlier ones stay. Refused with 409 and both sides when a colleague was faster."""
    access = await find_for_caller(ctx, participant, for_purpose)
    return await operations.write_identity(ctx, access, data.identity, version=data.version, reason=data.reason)


@get("/identity-openings", guards=[requires(OPENINGS)], name="api_identity_openings", tags=["participants"],
     summary="Who opened whose identity, the latest first")  # fmt: skip
async def list_openings(ctx: Context, cursor: FromQuery[str] = "") -> Page[IdentityOpening]:
    """Returns a page of openings with their reasons, of those with whose coordination the caller has to do."""
    return await page_of(
        ctx, "identity-openings", cursor,
        lambda before, limit: identity_openings.list_openings(ctx, "coordination", before=before, limit=limit),
    )  # fmt: skip


HANDLERS: list[Any] = [open_identity, write_identity, list_openings]
