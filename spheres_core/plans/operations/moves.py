"""Keeps what became of a need, a strength or a goal, act by act: a record itself says only how it is now."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import insert

from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import BoundStatement, prepare
from spheres_core.foundation.tenancy.context import Context
from spheres_core.plans.queries.timeline import plan_moves
from spheres_core.plans.schemas.goals import GoalFound
from spheres_core.plans.schemas.needs import NeedFound, StrengthFound

ADD = prepare(insert(plan_moves))
NOTED = "noted"
"""The one state of a strength."""


def moved(
    ctx: Context, found: NeedFound | StrengthFound | GoalFound, *, to: str = NOTED, version: int = 1
) -> BoundStatement[Any]:
    """Returns the statement that keeps one act. `found`: the record as it was; as it is, when it was just written."""
    kind, what, state = _codes(found)
    return ADD.of(
        id=uuid7(), participant_id=found.participant_id, about=found.id, kind=kind, what=what,
        from_state=state if version > 1 else "", to_state=to, version=version, author=ctx.actor.id,
        written_at=ctx.now, dated_on=found.dated_on,
    )  # fmt: skip


def _codes(found: NeedFound | StrengthFound | GoalFound) -> tuple[str, str, str]:
    if isinstance(found, NeedFound):
        return "need", found.need, found.state
    if isinstance(found, GoalFound):
        return "goal", found.proposed_by, found.state
    return "strength", "", NOTED
