"""Panels of plugins on an emergency plan."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.panels import ShownPanel, show_slot
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.queries.panels import record_panels
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.safety.queries.panels import plan_facts
from spheres_core.safety.schemas.plans import EmergencyPlan


async def plan_panels(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, plan: EmergencyPlan | None
) -> Sequence[ShownPanel]:
    """Returns the panels on the plan to which she agreed, and writes to the trail whose they are."""
    if plan is None:
        return ()
    panels = await show_slot(ctx, request_scope, "show_emergency_plan", partial(plan_facts, plan=plan))
    await record_panels(ctx, access, [each.plugin for each in panels if not each.failed])
    return panels
