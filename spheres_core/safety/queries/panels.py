"""Tells plugins where she can go, for a panel on her emergency plan."""

from __future__ import annotations

from spheres_core.facts.emergency_plans import EmergencyPlanFacts, PlanPlaceFacts
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.partners import organization_facts
from spheres_core.safety.queries.places import places_here
from spheres_core.safety.schemas.plans import EmergencyPlan


async def plan_facts(ctx: Context, *, plan: EmergencyPlan) -> dict[str, EmergencyPlanFacts]:
    """Returns what plugins are told of a plan that the caller may read: keys of the directory, and nothing of her."""
    known, by_key = await places_here(ctx), {each.key: each for each in await organization_facts(ctx, ctx.today)}
    places = []
    for each in plan.places:
        offering = by_key.get(known[each.service].organization) if each.service in known else None
        if offering is not None and offering.id is not None:
            places.append(PlanPlaceFacts(each.service, offering.key, offering.id, offering.name, offering.roles))
    return {"plan": EmergencyPlanFacts(tuple(places), plan.community)}
