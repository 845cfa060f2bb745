"""Follow-up after commit: a message, without the words of the inquiry, to those of the team who want mail."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from spheres_core.foundation.plugins.registrations import Notification
from spheres_core.foundation.tenancy.context import Context
from spheres_core.inquiries import queries
from spheres_core.staff.operations import staff_messages
from spheres_core.staff.queries import members as member_queries


async def notify_team(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns one message for each coordinator and administrator who wants mail."""
    if await queries.inquiry(ctx, id) is None:
        return []
    chosen = {
        each.id: each
        for role in ("coordinator", "administrator")
        for each in await member_queries.who_wants_mail(ctx, "inquiry.received", role=role)
    }
    return staff_messages.notifications(chosen.values(), details)
