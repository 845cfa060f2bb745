"""Entries that are proposed for the library, and what a second person decides about them, as JSON."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.support.operations import proposals as operations
from spheres_core.support.permissions import ANSWER, WRITE_TOOLS
from spheres_core.support.queries import proposals as queries
from spheres_core.support.schemas.library import Decided, ProposalApproved, ProposalMade, ProposalPosted, ProposalRead


@post("/advice/{id:uuid}/proposals", guards=[requires(ANSWER)], name="api_propose_entry", tags=["support"],
      summary="Propose an entry for the library from an answer")  # fmt: skip
async def propose(ctx: Context, id: FromPath[UUID], data: JSONBody[ProposalPosted], once: Once) -> ProposalMade:
    """By who answered. Refused with 409 `identifiers_found` and the places until `confirmed` is sent. Nothing of the
    request is kept with it."""
    return await once.run("proposal", ctx.tenant.id, data, ProposalMade, lambda: operations.propose(ctx, id, data))


@get("/tool-proposals", guards=[requires(WRITE_TOOLS)], name="api_tool_proposals", tags=["support"],
     summary="Entries that wait for a second person")  # fmt: skip
async def list_proposals(ctx: Context, cursor: FromQuery[str] = "") -> Page[ProposalRead]:
    """Returns the newest first. Reading the list is written to the trail."""
    return await page_of(
        ctx, "tool_proposals", cursor, lambda before, limit: queries.list_proposals(ctx, before=before, limit=limit)
    )


@get("/tool-proposals/{id:uuid}", guards=[requires(WRITE_TOOLS)], name="api_tool_proposal", tags=["support"],
     summary="One entry that waits for a second person")  # fmt: skip
async def read_proposal(ctx: Context, id: FromPath[UUID]) -> ProposalRead:
    """Nothing says which request it comes from. The reading becomes an entry in the trail."""
    return await queries.read_proposal(ctx, id)


@post("/tool-proposals/{id:uuid}/approve", guards=[requires(WRITE_TOOLS)], name="api_approve_proposal",
      status_code=200, tags=["support"], summary="Make a proposed entry a tool")  # fmt: skip
async def approve(ctx: Context, id: FromPath[UUID], data: JSONBody[ProposalApproved]) -> Decided:
    """By a second person, never by who proposed it. The proposal is gone with it."""
    return await operations.approve(ctx, id, data)


@post("/tool-proposals/{id:uuid}/decline", guards=[requires(WRITE_TOOLS)], name="api_decline_proposal",
      status_code=200, tags=["support"], summary="Decline a proposed entry")  # fmt: skip
async def decline(ctx: Context, id: FromPath[UUID]) -> Decided:
    """By a second person. The proposal is deleted."""
    return await operations.decline(ctx, id)


HANDLERS: list[Any] = [propose, list_proposals, read_proposal, approve, decline]
