"""Finds what she and her worker look at on one screen: hers, and what both say; nothing that a worker sees alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Uuid, any_, bindparam, literal_column, or_
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.who_sees_what import who_sees_what
from spheres_core.consents.schemas import TEAM
from spheres_core.followups.queries.her_words import list_her_words
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import ParticipantUnknown, reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.queries import cycle, goals, needs
from spheres_core.plans.queries.goals import STAGES_CLASS
from spheres_core.plans.queries.needs import CLASS
from spheres_core.plans.queries.texts import texts_about
from spheres_core.plans.schemas.cycle import CycleStageFound
from spheres_core.plans.schemas.goals import GoalFound, StageFound
from spheres_core.plans.schemas.needs import StrengthFound
from spheres_core.plans.schemas.together import HerGoal, HerPlace, HerStage, HerStrength, HerWords, OpenLine, Together

MOST = 20
"""Strengths and goals that both look at."""
_HERSELF: Final[tuple[ColumnElement[Any], ...]] = (literal_column("'herself'"), literal_column("'both'"))
_limit = bindparam("limit", type_=Integer())
STRENGTHS = prepare(
    needs.her_strengths.where(needs.strengths.c.identified_by.in_(_HERSELF))
    .order_by(needs.strengths.c.id.desc())
    .limit(_limit),
    into=StrengthFound,
)
GOALS = prepare(
    goals.her_goals.where(or_(goals.goals.c.hers, goals.goals.c.wanted_on.is_not(None)))
    .order_by(goals.goals.c.id.desc())
    .limit(_limit),
    into=GoalFound,
)
STAGES = prepare(
    goals.observed.where(goals.stages.c.goal_id == any_(bindparam("goals", type_=ARRAY(Uuid()))))
    .where(goals.stages.c.placed_by.in_(_HERSELF))
    .ext(distinct_on(goals.stages.c.goal_id))
    .order_by(goals.stages.c.goal_id, goals.stages.c.dated_on.desc(), goals.stages.c.id.desc()),
    into=StageFound,
)
PLACES = prepare(
    cycle.observed.where(cycle.cycle_stages.c.her_stage.is_not(None))
    .ext(distinct_on(cycle.cycle_stages.c.model))
    .order_by(cycle.cycle_stages.c.model, cycle.cycle_stages.c.dated_on.desc(), cycle.cycle_stages.c.id.desc()),
    into=CycleStageFound,
)


async def read_together(ctx: Context, file: ParticipantAccess) -> Together:
    """Returns what both look at, and writes to the trail which of it was shown. Raises `ParticipantUnknown`."""
    require_shared(file)
    planned, staged = reaches(ctx, file, CLASS), reaches(ctx, file, STAGES_CLASS)
    return Together(
        strengths=await _strengths(ctx, file) if planned else [],
        goals=await _goals(ctx, file) if planned else [],
        places=await _places(ctx, file) if staged else [],
        words=[HerWords(each.on, each.words) for each in await list_her_words(ctx, file)]
        if reaches(ctx, file, "own_words")
        else [],
        open_to=await _open_to(ctx, file),
    )


def require_shared(file: ParticipantAccess) -> None:
    """Lets whoever follows her go on: nobody else looks at this with her. Raises `ParticipantUnknown`."""
    if not is_shared(file):
        raise ParticipantUnknown


def is_shared(file: ParticipantAccess) -> bool:
    """Returns whether the reader is one who looks at this with her."""
    return file.purpose == "follow_up" and file.decided.recipient == TEAM


async def _strengths(ctx: Context, file: ParticipantAccess) -> list[HerStrength]:
    found = await ctx.db.all(STRENGTHS, participant=file.id, limit=MOST, **file.reader)
    said = await texts_about(ctx, file, [each.id for each in found])
    await _note(ctx, file, "strengths.read", [each.id for each in found])
    return [HerStrength(said.of(each.id, "what"), each.dated_on) for each in found]


async def _goals(ctx: Context, file: ParticipantAccess) -> list[HerGoal]:
    found = await ctx.db.all(GOALS, participant=file.id, limit=MOST, **file.reader)
    ids = [each.id for each in found]
    said = await texts_about(ctx, file, ids)
    last = await ctx.db.all(STAGES, participant=file.id, goals=ids, **file.reader) if ids else []
    stages = {
        each.goal_id: HerStage(each.dated_on, each.stage, each.importance, each.confidence, each.progress)
        for each in last
    }
    await _note(ctx, file, "goals.read", ids)
    await _note(ctx, file, "stages.read", [each.id for each in last])
    return [
        HerGoal(
            each.id, each.version, said.of(each.id, "what") if each.hers else None, each.template, each.state,
            each.dated_on, stages.get(each.id),
        )
        for each in found
    ]  # fmt: skip


async def _places(ctx: Context, file: ParticipantAccess) -> list[HerPlace]:
    found = await ctx.db.all(PLACES, participant=file.id, **file.reader)
    await _note(ctx, file, "stages.read", [each.id for each in found])
    return [HerPlace(each.dated_on, each.model, each.her_stage) for each in found if each.her_stage is not None]


async def _open_to(ctx: Context, file: ParticipantAccess) -> list[OpenLine]:
    found = await who_sees_what(ctx, file.decided, file.reader)
    return [
        OpenLine(each.id, each.recipient, each.information, each.act, each.purpose, each.ends)
        for each in found.lines
        if each.starts <= ctx.now
    ]


async def _note(ctx: Context, file: ParticipantAccess, verb: str, shown: Sequence[UUID]) -> None:
    await audit.record(ctx, verb, subject=("participant", file.id), shown=list(shown))
