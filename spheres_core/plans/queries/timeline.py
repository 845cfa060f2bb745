"""Finds what was done with her plan, for the timeline of her file."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, or_

from spheres_core.consents.schemas import TEAM
from spheres_core.followups.queries.timeline import NOTHING, OF_ORGANIZATION, acts_in
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import scoped
from spheres_core.plans.models import PlanMoveRow, ServiceRequestMoveRow
from spheres_core.plans.queries.cycle import cycle_stages
from spheres_core.plans.queries.goals import STAGES_CLASS, stages
from spheres_core.plans.queries.needs import CLASS
from spheres_core.plans.queries.requests import CLASS as REQUESTS_CLASS
from spheres_core.plans.queries.requests import requests

moves, plan_moves = table(ServiceRequestMoveRow), table(PlanMoveRow)
PLAN_MOVES: Final = acts_in(
    plan_moves, plan_moves.c.kind, CLASS,
    at=plan_moves.c.written_at, what=plan_moves.c.what, by=plan_moves.c.author,
    how=func.concat(plan_moves.c.from_state, " ", plan_moves.c.to_state),
)  # fmt: skip
"""Of needs, strengths and goals."""
GOAL_STAGES: Final = acts_in(
    stages, "goal_stage", STAGES_CLASS,
    at=stages.c.written_at, what=func.coalesce(stages.c.stage, NOTHING), by=stages.c.author,
)  # fmt: skip
CYCLE_STAGES: Final = acts_in(
    cycle_stages, "cycle_stage", STAGES_CLASS,
    at=cycle_stages.c.written_at, by=cycle_stages.c.author, what=cycle_stages.c.model,
    how=func.concat(cycle_stages.c.stage, " ", cycle_stages.c.her_stage),
)  # fmt: skip
REQUESTS: Final = acts_in(
    moves, "service_request", REQUESTS_CLASS,
    at=moves.c.written_at, by=moves.c.author, what=moves.c.to_state, how=requests.c.service,
    where=[
        scoped(requests), requests.c.id == moves.c.request_id,
        or_(OF_ORGANIZATION == TEAM, requests.c.organization == OF_ORGANIZATION),
    ],
)  # fmt: skip
