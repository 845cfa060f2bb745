"""Lets a worker look at a plan with the young person on one screen, and says on it what she says.

From the moment at which it is opened the worker's session shows this and nothing else, until it ends.
"""

from __future__ import annotations

from uuid import UUID

from spheres_core.audit import operations as audit
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.operations import goals as goal_operations
from spheres_core.plans.operations import stages
from spheres_core.plans.queries import goals as goal_queries
from spheres_core.plans.queries.together import require_shared
from spheres_core.plans.schemas.goals import Goal, GoalChanged, GoalFound, Stage, StagePosted
from spheres_core.staff.operations import sessions


async def open_together(ctx: Context, file: ParticipantAccess, cookie: str) -> None:
    """Narrows the session of this cookie to what both look at. Raises `ParticipantUnknown`, `NotAllowed`."""
    require_shared(file)
    await audit.record(ctx, "participant.shown_together", subject=("participant", file.id))
    await sessions.narrow_session(ctx, cookie, file.id)


async def say_goal(ctx: Context, file: ParticipantAccess, id: UUID, *, words: str, version: int) -> Goal:
    """Says a goal in her own words; how it stands stays as it is, and so do earlier words.

    Raises `GoalUnknown`, also for a goal that both do not look at, and what `change_goal` raises.
    """
    found = await _find_shown(ctx, file, id)
    said = GoalChanged(version, found.state, words, True, found.wanted_on is None, list(found.needs))
    return await goal_operations.change_goal(ctx, file, id, said)


async def place_on_goal(ctx: Context, file: ParticipantAccess, id: UUID, posted: StagePosted) -> Stage:
    """Notes where she sees herself with a goal.

    Raises `GoalUnknown`, as `say_goal`, and what `observe_stage` raises.
    """
    await _find_shown(ctx, file, id)
    return await stages.observe_stage(ctx, file, id, posted)


async def _find_shown(ctx: Context, file: ParticipantAccess, id: UUID) -> GoalFound:
    found = await goal_queries.find_goal(ctx, file, id)
    if found.wanted_on is None and not found.hers:
        raise goal_queries.GoalUnknown
    return found
