"""Participants who could be the same person, for whoever coordinates them both."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.participants.operations import duplicates as operations
from spheres_core.participants.permissions import DUPLICATES
from spheres_core.participants.queries import duplicates as queries
from spheres_core.participants.schemas.duplicates import DecisionPosted, DuplicateDecision, DuplicateList, UndoPosted

_HERE: dict[str, Any] = {"guards": [requires(DUPLICATES)], "tags": ["participants"]}


@get("/participant-duplicates", name="api_participant_duplicates", summary="Who could be the same person", **_HERE)
async def list_duplicates(ctx: Context) -> DuplicateList:
    """Returns pairs who are equal somewhere, by blind indexes, among those whom the caller coordinates, and what was
    decided. Nothing of what is equal is told."""
    return await queries.list_duplicates(ctx)


@post("/participant-duplicates", name="api_decide_duplicate", summary="Decide whether two are the same person",
      **_HERE)  # fmt: skip
async def decide(ctx: Context, data: JSONBody[DecisionPosted]) -> DuplicateDecision:
    """Notes that they are, or are not. Nothing is moved: each file stays as it is, and who may read it too."""
    return await operations.decide(ctx, data)


@post("/participant-duplicates/{id:uuid}/undo", name="api_undo_duplicate", status_code=200,
      summary="Undo such a decision", **_HERE)  # fmt: skip
async def undo(ctx: Context, id: FromPath[UUID], data: JSONBody[UndoPosted]) -> DuplicateList:
    """Lets each file go on by itself again."""
    await operations.undo(ctx, id, reason=data.reason)
    return await queries.list_duplicates(ctx)


HANDLERS: list[Any] = [list_duplicates, decide, undo]
