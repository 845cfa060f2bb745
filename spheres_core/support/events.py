"""Follow-up after commit: a message without words, to those who may answer and want mail."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from spheres_core.foundation.plugins.registrations import Notification
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import staff_messages
from spheres_core.staff.queries import members as member_queries
from spheres_core.support.permissions import ANSWER, WRITE_TOOLS


async def notify_desk(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns one message for each person who may answer requests and wants mail."""
    chosen = await member_queries.holders_who_want_mail(ctx, ANSWER)
    return staff_messages.notifications(chosen, details)


async def notify_editors(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns one message for each person who may decide about proposed entries and wants mail."""
    chosen = await member_queries.holders_who_want_mail(ctx, WRITE_TOOLS)
    return staff_messages.notifications(chosen, details)
