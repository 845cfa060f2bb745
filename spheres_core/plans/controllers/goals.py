"""Goals and where she stands, as JSON."""

from typing import Any
from uuid import UUID

from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.plans.operations import goals as operations
from spheres_core.plans.operations import stages as stage_operations
from spheres_core.plans.queries import cycle, versions
from spheres_core.plans.queries import goals as queries
from spheres_core.plans.schemas.cycle import CycleStage, CycleStagePosted
from spheres_core.plans.schemas.goals import Goal, GoalChanged, GoalPosted, Stage, StagePosted
from spheres_core.plans.schemas.versions import GoalHistory
from spheres_core.plans.views.catalogue import PlanCatalogue, catalogue_of


@get("/participants/{participant:str}/goals", guards=[requires(READ)], name="api_goals",
     summary="Her goals, the last recorded first", tags=["plans"])  # fmt: skip
async def list_goals(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[Goal]:
    """Returns a page of them, each with where she stands now. Which were shown goes into the trail."""
    return await queries.list_goals(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@post("/participants/{participant:str}/goals", guards=[requires(READ)], name="api_record_goal",
      summary="Record a goal", tags=["plans"])  # fmt: skip
async def record_goal(ctx: Context, participant: Code, data: JSONBody[GoalPosted], once: Once) -> Goal:
    """Hers is under way at once. What a worker proposes waits until she wants it."""
    file = await find_for_caller(ctx, participant)
    act = operations.record_goal
    return await once.run("goal", file.id, data, Goal, lambda: act(ctx, file, data))


@get("/participants/{participant:str}/goals/{id:uuid}", guards=[requires(READ)], name="api_goal",
     summary="One goal", tags=["plans"])  # fmt: skip
async def read_goal(ctx: Context, participant: Code, id: FromPath[UUID]) -> Goal:
    """Returns it with where she stands now. The reading becomes an entry in the trail."""
    return await queries.read_goal(ctx, await find_for_caller(ctx, participant), id)


@put("/participants/{participant:str}/goals/{id:uuid}", guards=[requires(READ)], name="api_change_goal",
     summary="Say how a goal is now", tags=["plans"])  # fmt: skip
async def change_goal(ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[GoalChanged]) -> Goal:
    """Earlier words stay. When somebody else wrote it anew in the meantime: 409, with `yours` and `theirs`."""
    return await operations.change_goal(ctx, await find_for_caller(ctx, participant), id, data)


@get("/participants/{participant:str}/goals/{id:uuid}/versions", guards=[requires(READ)], name="api_goal_versions",
     summary="What was said of a goal before", tags=["plans"])  # fmt: skip
async def list_goal_versions(ctx: Context, participant: Code, id: FromPath[UUID]) -> GoalHistory:
    """Returns each version of its words, newest first. The reading becomes an entry in the trail."""
    return await versions.goal_versions(ctx, await find_for_caller(ctx, participant), id)


@get("/participants/{participant:str}/goals/{id:uuid}/stages", guards=[requires(READ)], name="api_goal_stages",
     summary="Where she stood with a goal, the last written first", tags=["plans"])  # fmt: skip
async def list_stages(ctx: Context, participant: Code, id: FromPath[UUID], cursor: FromQuery[str] = "") -> Page[Stage]:
    """Returns a page of observations. Which were shown goes into the trail."""
    return await queries.list_stages(ctx, await find_for_caller(ctx, participant), id, cursor=cursor)


@post("/participants/{participant:str}/goals/{id:uuid}/stages", guards=[requires(READ)], name="api_observe_stage",
      summary="Note where she stands with a goal", tags=["plans"])  # fmt: skip
async def observe_stage(
    ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[StagePosted], once: Once
) -> Stage:
    """Says a stage of change or a number from 0 to 10, or several of them. Nothing else changes by it."""
    file = await find_for_caller(ctx, participant)
    act = stage_operations.observe_stage
    return await once.run("goal_stage", id, data, Stage, lambda: act(ctx, file, id, data))


@get("/participants/{participant:str}/cycle-stages", guards=[requires(READ)], name="api_cycle_stages",
     summary="Where she stood in the cycle of exploitation, the last written first", tags=["plans"])  # fmt: skip
async def list_cycle_stages(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[CycleStage]:
    """Returns a page of observations, each with her own placement beside her worker's. It goes into the trail."""
    return await cycle.list_cycle_stages(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@post("/participants/{participant:str}/cycle-stages", guards=[requires(READ)], name="api_observe_cycle_stage",
      summary="Note where she stands in the cycle of exploitation", tags=["plans"])  # fmt: skip
async def observe_cycle_stage(
    ctx: Context, participant: Code, data: JSONBody[CycleStagePosted], once: Once
) -> CycleStage:
    """By a model of the region, from any stage to any other. Nothing else changes by it."""
    file = await find_for_caller(ctx, participant)
    act = stage_operations.observe_cycle_stage
    return await once.run("cycle_stage", file.id, data, CycleStage, lambda: act(ctx, file, data))


@get("/plan-catalogue", guards=[requires(READ)], name="api_plan_catalogue",
     summary="Needs, themes, goals to begin from and stage models of this region", tags=["plans"])  # fmt: skip
async def read_catalogue(ctx: Context) -> PlanCatalogue:
    """Returns what a plan may name here, in the caller's language."""
    return catalogue_of(ctx)


HANDLERS: list[Any] = [
    list_goals,
    record_goal,
    read_goal,
    change_goal,
    list_goal_versions,
    list_stages,
    observe_stage,
    list_cycle_stages,
    observe_cycle_stage,
    read_catalogue,
]
