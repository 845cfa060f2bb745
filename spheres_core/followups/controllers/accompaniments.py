"""Accompaniments as JSON: what she goes to with somebody beside her."""

from typing import Any
from uuid import UUID

from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.followups.operations import accompaniments
from spheres_core.followups.queries import accompaniments as queries
from spheres_core.followups.schemas.accompaniments import (
    Accompaniment,
    AccompanimentCorrected,
    AccompanimentKinds,
    AccompanimentPosted,
)
from spheres_core.followups.views import accompaniment_pages
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller


@get("/accompaniment-kinds", guards=[requires(READ)], name="api_accompaniment_kinds",
     summary="Kinds of accompaniments that may be chosen here", tags=["followups"])  # fmt: skip
async def list_kinds(ctx: Context) -> AccompanimentKinds:
    """Returns the program's and those of the region's lists, in the reader's language."""
    return accompaniment_pages.accompaniment_kinds(ctx)


@get("/participants/{participant:str}/accompaniments", guards=[requires(READ)], name="api_accompaniments",
     summary="Accompaniments and legal steps, the last written first", tags=["followups"])  # fmt: skip
async def list_accompaniments(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[Accompaniment]:
    """Returns a page of them, with what the caller may read: legal steps are a class of information of their own.
    Which were shown goes into the trail."""
    return await queries.list_accompaniments(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@post("/participants/{participant:str}/accompaniments", guards=[requires(READ)], name="api_record_accompaniment",
      summary="Record an accompaniment: planned, held or not held", tags=["followups"])  # fmt: skip
async def record_accompaniment(
    ctx: Context, once: Once, participant: Code, data: JSONBody[AccompanimentPosted]
) -> Accompaniment:
    """Says when it is, how she wishes it, who goes along, and how it went in her words. No files, no facts of a
    case."""
    file = await find_for_caller(ctx, participant)
    act = accompaniments.record_accompaniment
    return await once.run("accompaniment", file.id, data, Accompaniment, lambda: act(ctx, file, data))


@get("/participants/{participant:str}/accompaniments/{id:uuid}", guards=[requires(READ)], name="api_accompaniment",
     summary="One accompaniment", tags=["followups"])  # fmt: skip
async def read_accompaniment(ctx: Context, participant: Code, id: FromPath[UUID]) -> Accompaniment:
    """Returns it with what the caller may read. The reading becomes an entry in the trail."""
    return await queries.read_accompaniment(ctx, await find_for_caller(ctx, participant), id)


@put("/participants/{participant:str}/accompaniments/{id:uuid}", guards=[requires(READ)],
     name="api_correct_accompaniment", summary="Write an accompaniment anew", tags=["followups"])  # fmt: skip
async def correct_accompaniment(
    ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[AccompanimentCorrected]
) -> Accompaniment:
    """For what is only planned, and for its author on the same day. Her earlier words stay. When somebody else wrote
    it anew in the meantime: 409, with `yours` and `theirs`."""
    return await accompaniments.correct_accompaniment(ctx, await find_for_caller(ctx, participant), id, data)


HANDLERS: list[Any] = [
    list_kinds,
    list_accompaniments,
    record_accompaniment,
    read_accompaniment,
    correct_accompaniment,
]
