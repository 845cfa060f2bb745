"""Recommendations of meetings, as JSON: for members in the meeting, for her team in her file."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.committee.operations import recommendations as operations
from spheres_core.committee.permissions import MEET, PREPARE
from spheres_core.committee.queries import recommendations as queries
from spheres_core.committee.schemas.recommendations import (
    HerRecommendation,
    Recommendation,
    RecommendationPosted,
    Recommendations,
    ResultPosted,
    ToldPosted,
)
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller


@get("/meetings/{id:uuid}/recommendations", guards=[requires(MEET)], name="api_recommendations", tags=["committee"],
     summary="What a meeting recommended, as far as the caller may discuss it")  # fmt: skip
async def list_recommendations(ctx: Context, id: FromPath[UUID]) -> Recommendations:
    """Returns it while the meeting goes on; afterwards it stands in her file. It goes into the trail."""
    return await queries.list_of_meeting(ctx, id)


@post("/meetings/{id:uuid}/recommendations", guards=[requires(PREPARE)], name="api_recommend", tags=["committee"],
      summary="Write down what a meeting recommends")  # fmt: skip
async def recommend(
    ctx: Context, id: FromPath[UUID], data: JSONBody[RecommendationPosted], once: Once
) -> Recommendation:
    """Who was there, who could discuss it, who stayed out and which lines of consents the briefs rested on is kept with
    it as it is now, and never changes."""
    return await once.run("recommendation", id, data, Recommendation, lambda: operations.recommend(ctx, id, data))


@post("/meetings/{id:uuid}/recommendations/{recommendation:uuid}/result", guards=[requires(PREPARE)],
      name="api_note_result", status_code=200, tags=["committee"],
      summary="Note in a meeting what came of a recommendation")  # fmt: skip
async def note_result(
    ctx: Context, id: FromPath[UUID], recommendation: FromPath[UUID], data: JSONBody[ResultPosted]
) -> Recommendation:
    """When it was changed in the meantime: 409, with `yours` and `theirs`."""
    return await operations.note_result(ctx, id, recommendation, data)


@get("/participants/{participant:str}/recommendations", guards=[requires(READ)], name="api_her_recommendations",
     tags=["committee"], summary="What committees recommended about her, the last first")  # fmt: skip
async def list_hers(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[HerRecommendation]:
    """Returns a page of them. It goes into the trail."""
    return await queries.list_hers(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@post("/participants/{participant:str}/recommendations/{id:uuid}/result", guards=[requires(READ)],
      name="api_note_result_in_file", status_code=200, tags=["committee"],
      summary="Note what came of a recommendation")  # fmt: skip
async def note_result_in_file(
    ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[ResultPosted]
) -> HerRecommendation:
    """For her team. When it was changed in the meantime: 409, with `yours` and `theirs`."""
    return await operations.note_result_in_file(ctx, await find_for_caller(ctx, participant), id, data)


@post("/participants/{participant:str}/recommendations/{id:uuid}/told", guards=[requires(READ)],
      name="api_note_told", status_code=200, tags=["committee"],
      summary="Note that she was told what was recommended")  # fmt: skip
async def note_told(
    ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[ToldPosted]
) -> HerRecommendation:
    """With how it was said to her. When it was changed in the meantime: 409, with `yours` and `theirs`."""
    return await operations.note_told(ctx, await find_for_caller(ctx, participant), id, data)


HANDLERS: list[Any] = [list_recommendations, recommend, note_result, list_hers, note_result_in_file, note_told]
