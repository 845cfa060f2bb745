"""Finds observed stages in the cycle of exploitation, for whoever may read them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.catalogue import stage_models
from spheres_core.plans.models import CycleStageRow
from spheres_core.plans.queries.goals import STAGES_CLASS
from spheres_core.plans.queries.texts import texts_about
from spheres_core.plans.schemas.cycle import CycleStage, CycleStageFound
from spheres_core.plans.stage_gap import gap

cycle_stages = table(CycleStageRow)
observed = (
    select(*(cycle_stages.c[name] for name in CycleStageFound.__struct_fields__))
    .where(scoped(cycle_stages), cycle_stages.c.participant_id == bindparam("participant"))
    .where(permitted(cycle_stages.c.participant_id, STAGES_CLASS, cycle_stages.c.dated_on))
)
LIST = prepare(
    observed.where(cycle_stages.c.id < bindparam("before", type_=Uuid()))
    .order_by(cycle_stages.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=CycleStageFound,
)


async def list_cycle_stages(ctx: Context, file: ParticipantAccess, *, cursor: str = "") -> Page[CycleStage]:
    """Returns a page of observations, the last written first, and writes to the trail which were shown."""
    require_class(ctx, file, STAGES_CLASS)

    async def ask(before: UUID, limit: int) -> Sequence[CycleStage]:
        rows = await ctx.db.all(LIST, participant=file.id, before=before, limit=limit, **file.reader)
        return await cycle_stages_with_words(ctx, file, rows)

    page = await page_of(ctx, f"cycle {file.id}", cursor, ask)
    await audit.record(ctx, "stages.read", subject=("participant", file.id), shown=[each.id for each in page.items])
    return page


async def cycle_stages_with_words(
    ctx: Context, file: ParticipantAccess, found: Sequence[CycleStageFound]
) -> list[CycleStage]:
    """Returns observations with the words about them that the reader may read, and how far the two views lie apart."""
    said = await texts_about(ctx, file, [each.id for each in found])
    models = stage_models(ctx)
    orders = {key: [each.code for each in model.stages] for key, model in models.items()}
    return [
        CycleStage(
            id=each.id, on=each.dated_on, model=each.model, model_version=each.model_version, stage=each.stage,
            her_stage=each.her_stage, gap=gap(orders.get(each.model, ()), each.stage, each.her_stage),
            note=said.of(each.id, "note"), her_words=said.her_words(each.id), author=each.author,
            written_at=each.written_at,
        )
        for each in found
    ]  # fmt: skip
