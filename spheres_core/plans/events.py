"""Events after commit: who is asked for a service and who follows her hear that something waits, without a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from spheres_core.consents.queries.reader import as_system
from spheres_core.followups.queries import assignments
from spheres_core.foundation.plugins.registrations import Notification
from spheres_core.foundation.tenancy.context import Context
from spheres_core.plans.permissions import ANSWER
from spheres_core.staff.operations import staff_messages
from spheres_core.staff.queries import members


async def notify_asked(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns a message for each liaison of the organization that was asked who chose to get one."""
    organization = details.get("organization")
    if not organization:  # an entry of before notices were told
        return []
    return staff_messages.notifications(
        await members.holders_who_want_mail(ctx, ANSWER, organization=organization), details
    )


async def notify_of_step(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns a message for those on the other side of a step: of a partner's for whoever follows her, of the team's
    for the liaisons of the organization. Each has chosen to get one."""
    if not details["by_partner"]:
        return await notify_asked(ctx, id, details)
    async with as_system(ctx):
        followers = [each.staff_id for each in await assignments.current(ctx, id)]
    return staff_messages.notifications(await members.those_who_want_mail(ctx, followers), details)
