"""Asks plugins what could be talked about with her when a goal is noted, by what the reader sees of her plan."""

from __future__ import annotations

from typing import Final

from spheres_core.facts import ParticipantFacts, PlanFacts
from spheres_core.foundation.isolation.hook_calls import HookAnswers
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.queries.goals import list_goals
from spheres_core.plans.queries.needs import list_needs

HOOK: Final = "suggest_goals"


async def suggested_goals(ctx: Context, access: ParticipantAccess) -> HookAnswers:
    """Returns what plugins suggest, and who could not answer. Her plan is read only where somebody suggests goals."""
    if not ctx.plugins.listeners(HOOK):
        return HookAnswers(())
    return await ctx.ask("suggest_goals", **await plan_facts(ctx, access=access))


async def plan_facts(ctx: Context, *, access: ParticipantAccess) -> dict[str, PlanFacts]:
    """Returns what plugins are told of a plan that the caller may read."""
    needs = [each.need for each in (await list_needs(ctx, access)).items if each.state == "open"]
    templates = [each.template for each in (await list_goals(ctx, access)).items if each.template]
    plan = PlanFacts(
        ParticipantFacts(access.id, access.code), tuple(dict.fromkeys(needs)), tuple(dict.fromkeys(templates))
    )
    return {"plan": plan}
