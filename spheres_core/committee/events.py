"""Events after commit: who would have come to a meeting in somebody's place hears that something waits, without a
word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from spheres_core.foundation.plugins.registrations import Notification
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import staff_messages
from spheres_core.staff.queries import members


async def notify_who_does_not_come_instead(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns a message for each substitute who chose to get one."""
    gone = [UUID(each) for each in details["closed_to"]]
    return staff_messages.notifications(await members.those_who_want_mail(ctx, gone), details)
