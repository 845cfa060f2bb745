"""Writes where she stands: with a goal, and in the cycle of exploitation. What was observed is never changed.

Nothing else follows from it: her participation, her goals and who follows her stay as they are.
"""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.followups.queries.participations import open_one
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.operations.catalogue import require_codes
from spheres_core.partners.queries.catalogue import stage_models
from spheres_core.plans.operations.texts import require_writing, write_words
from spheres_core.plans.queries import cycle, goals
from spheres_core.plans.queries.cycle import cycle_stages
from spheres_core.plans.queries.goals import STAGES_CLASS, stages
from spheres_core.plans.schemas.cycle import CycleStage, CycleStageFound, CycleStagePosted
from spheres_core.plans.schemas.goals import Stage, StageFound, StagePosted

ADD = prepare(insert(stages))
ADD_CYCLE_STAGE = prepare(insert(cycle_stages))


class NothingObserved(Invalid):
    """Neither a stage nor a ruler was said."""

    code = "nothing_observed"
    message = msg("Say at least one of them: where she stands, or a number from 0 to 10.")


async def observe_stage(ctx: Context, file: ParticipantAccess, goal: UUID, posted: StagePosted) -> Stage:
    """Notes where she stands with a goal. Going back is a step like any other.

    Raises `GoalUnknown`, `ParticipantUnknown`, `NothingObserved`, `DayToCome`, `OwnWordsNotAgreed`,
    `LimitsNotExplained`.
    """
    day = posted.on or ctx.today
    await goals.find_goal(ctx, file, goal)
    await require_writing(ctx, file, STAGES_CLASS, on=day, her_words=posted.her_words)
    if all(each is None for each in (posted.stage, posted.importance, posted.confidence, posted.progress)):
        raise NothingObserved(errors=[Problem(NothingObserved.message, path="stage")])
    id = uuid7()
    found = StageFound(
        id, goal, posted.placed_by, posted.stage, posted.importance, posted.confidence, posted.progress, ctx.actor.id,
        ctx.now, day,
    )  # fmt: skip
    added = ADD.of(participant_id=file.id, **msgspec.structs.asdict(found))
    details = {"goal": str(goal), "stage": str(id)}
    await audit.record(ctx, "goal_stage.observed", subject=("participant", file.id), details=details, doing=[added])
    await write_words(
        ctx, file.id, id, {"note": posted.note, "her_words": posted.her_words}, information=STAGES_CLASS, on=day
    )
    return (await goals.stages_with_words(ctx, file, [found]))[0]


async def observe_cycle_stage(ctx: Context, file: ParticipantAccess, posted: CycleStagePosted) -> CycleStage:
    """Notes where she stands in the cycle by a model of the region, as her worker sees it, as she does, or both.

    Raises `ParticipantUnknown`, `NotTakingPart`, `CodeUnknown`, `NothingObserved`, `DayToCome`,
    `OwnWordsNotAgreed`, `LimitsNotExplained`.
    """
    day = posted.on or ctx.today
    await require_writing(ctx, file, STAGES_CLASS, on=day, her_words=posted.her_words)
    models = stage_models(ctx)
    require_codes([posted.model], models, path="model")
    model = models[posted.model]
    known = {each.code: each for each in model.stages}
    for path, stage in (("stage", posted.stage), ("her_stage", posted.her_stage)):
        require_codes([stage] if stage else [], known, path=path)
    if posted.stage is None and posted.her_stage is None:
        raise NothingObserved(errors=[Problem(NothingObserved.message, path="stage")])
    episode = await open_one(ctx, file.id)
    id = uuid7()
    found = CycleStageFound(
        id, model.key, model.version, posted.stage, posted.her_stage, ctx.actor.id, ctx.now, day
    )  # fmt: skip
    added = ADD_CYCLE_STAGE.of(
        participant_id=file.id, participation_id=episode.id, **msgspec.structs.asdict(found)
    )  # fmt: skip
    details = {"stage": str(id), "model": model.key, "model_version": model.version}
    await audit.record(ctx, "cycle_stage.observed", subject=("participant", file.id), details=details, doing=[added])
    await write_words(
        ctx, file.id, id, {"note": posted.note, "her_words": posted.her_words}, information=STAGES_CLASS, on=day
    )
    return (await cycle.cycle_stages_with_words(ctx, file, [found]))[0]
