"""Tells plugins what of her plan the reader sees, and asks them what could be talked about when a goal is noted."""

from __future__ import annotations

from typing import Final

from spheres_core.facts import GoalFacts, NeedFacts, ParticipantFacts, PlanFacts, TogetherFacts
from spheres_core.foundation.isolation.hook_calls import HookAnswers
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.extra_answers import meanings_of
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.queries.goals import list_goals
from spheres_core.plans.queries.needs import list_needs
from spheres_core.plans.schemas.together import Together

HOOK: Final = "suggest_goals"


async def suggested_goals(ctx: Context, access: ParticipantAccess) -> HookAnswers:
    """Returns what plugins suggest, and who could not answer. Her plan is read only where somebody suggests goals."""
    if not ctx.plugins.listeners(HOOK):
        return HookAnswers(())
    return await ctx.ask("suggest_goals", **await plan_facts(ctx, access=access))


async def plan_facts(ctx: Context, *, access: ParticipantAccess) -> dict[str, PlanFacts]:
    """Returns what plugins are told of a plan that the caller may read."""
    her = ParticipantFacts(access.id, access.code)
    needs = [
        NeedFacts(
            her, each.need, each.state, each.identified_by, each.urgency, await meanings_of(ctx, each.extra, "need")
        )
        for each in (await list_needs(ctx, access)).items
        if each.state == "open"
    ]
    goals = [
        GoalFacts(each.state, each.template, await meanings_of(ctx, each.extra, "goal"))
        for each in (await list_goals(ctx, access)).items
    ]
    plan = PlanFacts(
        her,
        tuple(dict.fromkeys(each.need for each in needs)),
        tuple(dict.fromkeys(each.template for each in goals if each.template)),
        tuple(needs),
        tuple(goals),
    )
    return {"plan": plan}


async def together_facts(ctx: Context, *, together: Together) -> dict[str, TogetherFacts]:
    """Returns what plugins are told of a screen that both look at: of what stands there, the codes."""
    templates = dict.fromkeys(each.template for each in together.goals if each.template)
    places = {each.model: each.stage for each in together.places}
    return {"together": TogetherFacts(tuple(templates), places)}
