"""The region's catalogue in the reader's language: what a plan may name here."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from spheres_core.facts import Words
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.code_lists import CATALOGUE
from spheres_core.partners.queries.catalogue import goal_templates, in_use, listed, stage_models
from spheres_core.plans.goal_states import STAGES


class Named(Struct, frozen=True):
    """A code and how it is called here."""

    code: str
    label: str
    language: str
    """The tag of the language that the label is in."""


class GoalToBeginFrom(Struct, frozen=True):
    """A goal to begin from. The goal itself is in her words."""

    code: str
    label: str
    language: str
    needs: list[str]


class StageModelShown(Struct, frozen=True):
    """A model by which a stage in the cycle is observed."""

    key: str
    version: str
    name: str
    language: str
    source: str
    """Where the model is described."""
    stages: list[Named]
    """In the model's order, which is no direction."""


class PlanCatalogue(Struct, frozen=True):
    """Whatever a plan may name here; what is retired is left out."""

    needs: list[Named]
    session_themes: list[Named]
    principles: list[Named]
    goal_templates: list[GoalToBeginFrom]
    stages_of_change: list[Named]
    stage_models: list[StageModelShown]
    sources: dict[str, list[str]]
    """By list, where it comes from, as its packs say."""


def catalogue_of(ctx: Context) -> PlanCatalogue:
    """Returns the catalogue of the tenant's packs, in the reader's language."""
    return PlanCatalogue(
        needs=_named(ctx, {code: each.label for code, each in in_use(listed(ctx, "needs")).items()}),
        session_themes=_named(
            ctx, {code: each.label for code, each in in_use(listed(ctx, "session_themes")).items()}
        ),
        principles=_named(ctx, {code: each.label for code, each in in_use(listed(ctx, "principles")).items()}),
        goal_templates=[
            GoalToBeginFrom(named.code, named.label, named.language, list(each.needs))
            for each in in_use(goal_templates(ctx)).values()
            for named in _named(ctx, {each.code: each.label})
        ],
        stages_of_change=[
            Named(code, str(said), said.lang)
            for code, said in ((code, ctx.locale.say(name)) for code, name in STAGES.items())
        ],
        stage_models=[
            StageModelShown(
                each.key, each.version, str(ctx.locale.pick(each.name)), ctx.locale.pick(each.name).lang, each.source,
                _named(ctx, {stage.code: stage.label for stage in each.stages if not stage.retired}),
            )
            for each in in_use(stage_models(ctx)).values()
        ],
        sources={name: _sources(ctx, name) for name in ("needs", "session_themes", "principles")},
    )  # fmt: skip


def _named(ctx: Context, labels: Mapping[str, Words]) -> list[Named]:
    said = {code: ctx.locale.pick(words) for code, words in labels.items()}
    return [Named(code, str(each), each.lang) for code, each in said.items()]


def _sources(ctx: Context, name: str) -> list[str]:
    lists = [getattr(catalogue, name) for _, catalogue in ctx.plugins.gather(CATALOGUE)]
    return [each.derived_from for each in lists if each is not None and each.derived_from]
