"""Shows where she stands in the cycle on a page: her own placement beside her worker's, and the gap."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.code_lists import StageModel
from spheres_core.partners.queries.catalogue import in_use, stage_models
from spheres_core.plans.queries import cycle
from spheres_core.plans.schemas.cycle import CycleStage
from spheres_core.plans.views.form_fields import FormField, filled, label_of, labels, refused


class ObservedShown(Struct, frozen=True):
    """An observation on the page."""

    id: UUID
    on: Text
    hers: Text | str
    workers: Text | str
    gap: Text | str
    words: list[tuple[Text, str]]
    model: Text | str


class ModelShown(Struct, frozen=True):
    """A stage model with its form."""

    key: str
    name: Text
    fields: list[FormField]


async def cycle_page(
    ctx: Context,
    access: ParticipantAccess,
    *,
    may_write: bool,
    sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Returns what `plans/cycle.html` shows."""
    models = [
        ModelShown(each.key, ctx.locale.pick(each.name), filled(_fields(ctx, each), _of_model(sent, each.key)))
        for each in in_use(stage_models(ctx)).values()
    ]
    return {
        "title": ctx.locale.say(msg("Where she stands")),
        "observed": [_observed(ctx, each) for each in (await cycle.list_cycle_stages(ctx, access)).items],
        "models": models,
        "may_write": may_write,
        **refused(ctx, sent, refusal, models[0].fields if models else ()),
        "posted": None,
    }


def _of_model(sent: Post | None, key: str) -> Post | None:
    return sent if sent is not None and sent["model"] == key else None


def _fields(ctx: Context, model: StageModel) -> list[FormField]:
    stages = labels(ctx, in_use({each.code: each for each in model.stages}))
    return [
        FormField("pick", "her_stage", ctx.locale.say(msg("Where she places herself")), options=stages),
        FormField("pick", "stage", ctx.locale.say(msg("Where you see her")), options=stages),
        FormField("area", "her_words", ctx.locale.say(msg("Her view of her situation, as she said it"))),
        FormField("area", "note", ctx.locale.say(msg("A note of yours"))),
    ]


def _observed(ctx: Context, each: CycleStage) -> ObservedShown:
    model = stage_models(ctx).get(each.model)
    stages = {stage.code: stage for stage in model.stages} if model else {}
    said = ((msg("In her words:"), each.her_words), (msg("Note:"), each.note))
    gap: Text | str = ""
    if each.gap is not None:
        gap = ctx.locale.say(msg("They agree.") if each.gap == 0 else msg("Stages between the two: {n}", n=each.gap))
    return ObservedShown(
        each.id, ctx.locale.date(each.on), label_of(ctx, stages, each.her_stage) if each.her_stage else "",
        label_of(ctx, stages, each.stage) if each.stage else "", gap,
        [(ctx.locale.say(label), words) for label, words in said if words],
        ctx.locale.pick(model.name) if model else each.model,
    )  # fmt: skip
