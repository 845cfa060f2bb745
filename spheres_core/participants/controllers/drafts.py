"""Drafts about a participant: words that you have not sent yet."""

from typing import Any
from uuid import UUID

from litestar import delete, get, put
from litestar.params import FromPath, JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.operations import drafts
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries import drafts as queries
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.schemas.drafts import FileDraftDiscarded, FileDraftPosted, FileDrafts, FileDraftSaved


@get("/participants/{participant:str}/drafts", guards=[requires(READ)], name="api_participant_drafts",
     tags=["participants"], summary="What you began to write about her and did not send")  # fmt: skip
async def list_drafts(ctx: Context, participant: Code) -> FileDrafts:
    """Returns your own drafts and nobody else's, without what you may not read of her now."""
    return await queries.own_drafts(ctx, await find_for_caller(ctx, participant))


@put("/participants/{participant:str}/drafts/{id:uuid}", guards=[requires(READ)], name="api_save_participant_draft",
     tags=["participants"], summary="Keep what you are typing")  # fmt: skip
async def save_draft(
    ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[FileDraftPosted]
) -> FileDraftSaved:
    """For each opening of a form, a number of your own; kept sealed, offered to you alone, gone at its deadline."""
    return await drafts.save_draft(ctx, participant, id, data)


@delete("/participants/{participant:str}/drafts/{id:uuid}", guards=[requires(READ)],
        name="api_discard_participant_draft", status_code=200, tags=["participants"],
        summary="Throw a draft away")  # fmt: skip
async def discard_draft(ctx: Context, participant: Code, id: FromPath[UUID]) -> FileDraftDiscarded:
    """Deletes it at once. Somebody else's is not there for you."""
    await drafts.discard_draft(ctx, await find_for_caller(ctx, participant), id)
    return FileDraftDiscarded()


HANDLERS: list[Any] = [list_drafts, save_draft, discard_draft]
