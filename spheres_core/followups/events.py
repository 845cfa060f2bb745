"""Events after commit: coordinators hear that somebody has no pivot worker, without a word about whom."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from spheres_core.followups.permissions import ASSIGN
from spheres_core.foundation.plugins.registrations import Notification
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.notices import SOMETHING_WAITS
from spheres_core.notifications.operations import messages as notifications
from spheres_core.staff.queries import members


async def notify_coordinators(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns a message for those who say who follows whom, and chose to get one."""
    cause = UUID(details["entry"])
    chosen = await members.holders_who_want_mail(ctx, ASSIGN)
    return [
        Notification(each.id, partial(notifications.send, to=each, notice=SOMETHING_WAITS, cause=cause))
        for each in chosen
    ]
