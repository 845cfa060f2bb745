"""Workers to choose from, on pages."""

from __future__ import annotations

from spheres_core.followups.permissions import FOLLOW
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.queries.members import list_members


async def workers(ctx: Context) -> list[tuple[str, str]]:
    """Returns who may follow participants: what is sent, and the name."""
    members = await list_members(ctx)
    return [(str(each.id), each.name) for each in members if each.active and ctx.plugins.permits(each.roles, FOLLOW)]
