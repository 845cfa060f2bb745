"""Needs and strengths as JSON."""

from typing import Any
from uuid import UUID

from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.followups.permissions import FOLLOW
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.plans.operations import needs as operations
from spheres_core.plans.queries import needs as queries
from spheres_core.plans.queries import versions
from spheres_core.plans.schemas.needs import (
    Need,
    NeedChanged,
    NeedPosted,
    Strength,
    StrengthChanged,
    StrengthPosted,
    UrgentNeeds,
)
from spheres_core.plans.schemas.versions import NeedHistory, StrengthHistory


@get("/participants/{participant:str}/needs", guards=[requires(READ)], name="api_needs",
     summary="Her needs, the last recorded first", tags=["plans"])  # fmt: skip
async def list_needs(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[Need]:
    """Returns a page of them. Which were shown goes into the trail."""
    return await queries.list_needs(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@post("/participants/{participant:str}/needs", guards=[requires(READ)], name="api_record_need",
      summary="Record a need", tags=["plans"])  # fmt: skip
async def record_need(ctx: Context, participant: Code, data: JSONBody[NeedPosted], once: Once) -> Need:
    """Needs a strength of hers, recorded before or with it."""
    file = await find_for_caller(ctx, participant)
    act = operations.record_need
    return await once.run("need", file.id, data, Need, lambda: act(ctx, file, data))


@get("/participants/{participant:str}/needs/{id:uuid}", guards=[requires(READ)], name="api_need",
     summary="One need", tags=["plans"])  # fmt: skip
async def read_need(ctx: Context, participant: Code, id: FromPath[UUID]) -> Need:
    """Returns it with what the caller may read. The reading becomes an entry in the trail."""
    return await queries.read_need(ctx, await find_for_caller(ctx, participant), id)


@put("/participants/{participant:str}/needs/{id:uuid}", guards=[requires(READ)], name="api_change_need",
     summary="Say how a need is now", tags=["plans"])  # fmt: skip
async def change_need(ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[NeedChanged]) -> Need:
    """Earlier words stay. When somebody else wrote it anew in the meantime: 409, with `yours` and `theirs`."""
    return await operations.change_need(ctx, await find_for_caller(ctx, participant), id, data)


@get("/participants/{participant:str}/needs/{id:uuid}/versions", guards=[requires(READ)], name="api_need_versions",
     summary="What was said of a need before", tags=["plans"])  # fmt: skip
async def list_need_versions(ctx: Context, participant: Code, id: FromPath[UUID]) -> NeedHistory:
    """Returns each version of its words, newest first. The reading becomes an entry in the trail."""
    return await versions.need_versions(ctx, await find_for_caller(ctx, participant), id)


@get("/participants/{participant:str}/strengths", guards=[requires(READ)], name="api_strengths",
     summary="Her strengths, the last recorded first", tags=["plans"])  # fmt: skip
async def list_strengths(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[Strength]:
    """Returns a page of them. Which were shown goes into the trail."""
    return await queries.list_strengths(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@post("/participants/{participant:str}/strengths", guards=[requires(READ)], name="api_record_strength",
      summary="Record a strength", tags=["plans"])  # fmt: skip
async def record_strength(ctx: Context, participant: Code, data: JSONBody[StrengthPosted], once: Once) -> Strength:
    """Records something that she can build on."""
    file = await find_for_caller(ctx, participant)
    act = operations.record_strength
    return await once.run("strength", file.id, data, Strength, lambda: act(ctx, file, data))


@put("/participants/{participant:str}/strengths/{id:uuid}", guards=[requires(READ)], name="api_change_strength",
     summary="Say a strength in other words", tags=["plans"])  # fmt: skip
async def change_strength(
    ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[StrengthChanged]
) -> Strength:
    """Earlier words stay. When somebody else wrote it anew in the meantime: 409, with `yours` and `theirs`."""
    return await operations.change_strength(ctx, await find_for_caller(ctx, participant), id, data)


@get("/participants/{participant:str}/strengths/{id:uuid}/versions", guards=[requires(READ)],
     name="api_strength_versions", summary="What was said of a strength before", tags=["plans"])  # fmt: skip
async def list_strength_versions(ctx: Context, participant: Code, id: FromPath[UUID]) -> StrengthHistory:
    """Returns each version of its words, newest first. The reading becomes an entry in the trail."""
    return await versions.strength_versions(ctx, await find_for_caller(ctx, participant), id)


@get("/urgent-needs", guards=[requires(FOLLOW)], name="api_urgent_needs",
     summary="Urgent needs that nothing meets yet", tags=["plans"])  # fmt: skip
async def list_urgent(ctx: Context) -> UrgentNeeds:
    """Returns those of young people whom the caller follows, the one that was looked at longest ago first."""
    return await queries.list_urgent(ctx)


HANDLERS: list[Any] = [
    list_needs,
    record_need,
    read_need,
    change_need,
    list_need_versions,
    list_strengths,
    record_strength,
    change_strength,
    list_strength_versions,
    list_urgent,
]
