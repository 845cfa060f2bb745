"""Finds out whom a decision about a participant is asked of: the caller, or a colleague."""

from __future__ import annotations

from uuid import UUID

from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import ParticipantUnknown
from spheres_core.staff.queries.members import get_member


async def whose_decision(ctx: Context, staff: UUID | None) -> tuple[UUID, str]:
    """Returns the member of staff whom a decision is about, and her organization: the actor herself, or a colleague.

    Raises `MemberUnknown`.
    """
    if staff is None or staff == ctx.actor.id:
        if ctx.actor.id is None:
            raise ParticipantUnknown
        return ctx.actor.id, ctx.actor.organization
    return staff, (await get_member(ctx, staff)).organization or ""
