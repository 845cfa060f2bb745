"""Tells coordinators, after commit, that something waits."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from spheres_core.foundation.plugins.registrations import Notification
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import staff_messages
from spheres_core.staff.queries import members as member_queries


async def notify_coordinators(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns a message without words of the case for the coordinators who chose to get one."""
    chosen = await member_queries.who_wants_mail(ctx, "referral.received", role="coordinator")
    return staff_messages.notifications(chosen, details)
