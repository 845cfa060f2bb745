"""Finds what was said of her before she took part, from the rooms that know it, so that nothing is typed twice."""

from __future__ import annotations

from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess, SaidBefore


async def said_before(ctx: Context, access: ParticipantAccess) -> SaidBefore:
    """Returns what was said; the caller has asked `require_class` for writing what it is offered for."""
    for section in ctx.plugins.file_sections:
        if section.said_before is not None:
            found: SaidBefore = await section.said_before(ctx, access)
            return found
    return SaidBefore()
