"""Tells plugins of one outing what its slot may know: codes, and nothing of who comes along."""

from __future__ import annotations

from uuid import UUID

from spheres_core.activities.queries.catalogue import activities
from spheres_core.activities.queries.outings import find_outing
from spheres_core.facts.activities import ActivityFacts
from spheres_core.foundation.tenancy.context import Context


async def activity_facts(ctx: Context, *, id: UUID) -> dict[str, ActivityFacts]:
    """Returns what plugins are told of an outing. Raises `OutingUnknown`."""
    found = await find_outing(ctx, id)
    known = activities(ctx).get(found.activity)
    category = known.category if known else ""
    return {
        "activity": ActivityFacts(
            found.id, found.activity, category, tuple(found.purposes), found.organization, found.at, found.state
        )
    }
