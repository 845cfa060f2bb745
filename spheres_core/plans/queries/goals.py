"""Finds goals and the stages of change of each, for whoever may read their classes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Integer, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.queries.extra_answers import extra_about
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.goal_states import LEADS_TO
from spheres_core.plans.models import GoalRow, GoalStageRow
from spheres_core.plans.queries.needs import CLASS
from spheres_core.plans.queries.texts import texts_about
from spheres_core.plans.schemas.goals import Goal, GoalFound, Stage, StageFound

STAGES_CLASS = "stages"
goals, stages = table(GoalRow), table(GoalStageRow)


class GoalUnknown(NotFound):
    """There is no such goal of hers, or none that the caller may read."""


her_goals = (
    select(*(goals.c[name] for name in GoalFound.__struct_fields__))
    .where(scoped(goals), goals.c.participant_id == bindparam("participant"))
    .where(permitted(goals.c.participant_id, CLASS, goals.c.dated_on))
)
LIST = prepare(
    her_goals.where(goals.c.id < bindparam("before", type_=Uuid()))
    .order_by(goals.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=GoalFound,
)
ONE = prepare(her_goals.where(goals.c.id == bindparam("id")), into=GoalFound)
observed = (
    select(*(stages.c[name] for name in StageFound.__struct_fields__))
    .where(scoped(stages), stages.c.participant_id == bindparam("participant"))
    .where(permitted(stages.c.participant_id, STAGES_CLASS, stages.c.dated_on))
)
STAGES = prepare(
    observed.where(stages.c.goal_id == bindparam("goal"), stages.c.id < bindparam("before", type_=Uuid()))
    .order_by(stages.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=StageFound,
)
LAST_STAGES = prepare(
    observed.where(stages.c.goal_id == any_(bindparam("goals", type_=ARRAY(Uuid()))))
    .ext(distinct_on(stages.c.goal_id))
    .order_by(stages.c.goal_id, stages.c.dated_on.desc(), stages.c.id.desc()),
    into=StageFound,
)


async def list_goals(ctx: Context, file: ParticipantAccess, *, cursor: str = "") -> Page[Goal]:
    """Returns a page of her goals, the last recorded first, and writes to the trail which were shown."""
    require_class(ctx, file, CLASS)

    async def ask(before: UUID, limit: int) -> Sequence[Goal]:
        rows = await ctx.db.all(LIST, participant=file.id, before=before, limit=limit, **file.reader)
        return await goals_with_words(ctx, file, rows)

    page = await page_of(ctx, f"goals {file.id}", cursor, ask)
    await audit.record(ctx, "goals.read", subject=("participant", file.id), shown=[each.id for each in page.items])
    return page


async def read_goal(ctx: Context, file: ParticipantAccess, id: UUID) -> Goal:
    """Returns one goal, and writes to the trail that it was read. Raises `GoalUnknown`."""
    found = await find_goal(ctx, file, id)
    await audit.record(ctx, "goals.read", subject=("participant", file.id), shown=[id])
    return (await goals_with_words(ctx, file, [found]))[0]


async def find_goal(ctx: Context, file: ParticipantAccess, id: UUID) -> GoalFound:
    """Returns one goal's row. Raises `GoalUnknown`."""
    found = await ctx.db.one_or_none(ONE, participant=file.id, id=id, **file.reader)
    if found is None:
        raise GoalUnknown
    return found


async def goals_with_words(ctx: Context, file: ParticipantAccess, found: Sequence[GoalFound]) -> list[Goal]:
    """Returns goals with their words and their last stages, as far as the reader may read them."""
    if not found:
        return []
    ids = [each.id for each in found]
    said, extra = await texts_about(ctx, file, ids), await extra_about(ctx, file, ids)
    last = await ctx.db.all(LAST_STAGES, participant=file.id, goals=ids, **file.reader)
    shown = await stages_with_words(ctx, file, last)
    stage_of = {row.goal_id: stage for row, stage in zip(last, shown, strict=True)}
    return [
        Goal(
            id=each.id, version=each.version, state=each.state, words=said.of(each.id, "what"), hers=each.hers,
            proposed_by=each.proposed_by, wanted_on=each.wanted_on, template=each.template, needs=each.needs,
            on=each.dated_on, author=each.author, written_at=each.written_at, steps=LEADS_TO[each.state],
            stage=stage_of.get(each.id), extra=extra.get(each.id, {}),
        )
        for each in found
    ]  # fmt: skip


async def list_stages(ctx: Context, file: ParticipantAccess, goal: UUID, *, cursor: str = "") -> Page[Stage]:
    """Returns a page of a goal's stages, the last written first, and writes to the trail which were shown.

    Raises `GoalUnknown`, `ParticipantUnknown`.
    """
    require_class(ctx, file, STAGES_CLASS)
    await find_goal(ctx, file, goal)

    async def ask(before: UUID, limit: int) -> Sequence[Stage]:
        rows = await ctx.db.all(STAGES, participant=file.id, goal=goal, before=before, limit=limit, **file.reader)
        return await stages_with_words(ctx, file, rows)

    page = await page_of(ctx, f"stages {goal}", cursor, ask)
    await audit.record(ctx, "stages.read", subject=("participant", file.id), shown=[each.id for each in page.items])
    return page


async def stages_with_words(ctx: Context, file: ParticipantAccess, found: Sequence[StageFound]) -> list[Stage]:
    """Returns stages with the words about them that the reader may read."""
    said = await texts_about(ctx, file, [each.id for each in found])
    return [
        Stage(
            id=each.id, on=each.dated_on, placed_by=each.placed_by, stage=each.stage, importance=each.importance,
            confidence=each.confidence, progress=each.progress, note=said.of(each.id, "note"),
            her_words=said.her_words(each.id), author=each.author, written_at=each.written_at,
        )
        for each in found
    ]  # fmt: skip
