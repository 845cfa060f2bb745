"""Events after commit: who follows her and who coordinates hear that something waits, without a word."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from spheres_core.consents.queries.reader import as_system
from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.queries import assignments
from spheres_core.foundation.plugins.registrations import Notification
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.notices import SOMETHING_WAITS
from spheres_core.notifications.operations import messages as notifications
from spheres_core.staff.queries import members


async def notify_of_access(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns a message for whoever follows her and for each coordinator, of those who get mail."""
    async with as_system(ctx):
        followers = [each.staff_id for each in await assignments.current(ctx, id)]
    told = [*await members.those_who_want_mail(ctx, followers), *await members.holders_who_want_mail(ctx, ASSIGN)]
    cause = UUID(details["entry"])
    return [
        Notification(each.id, partial(notifications.send, to=each, notice=SOMETHING_WAITS, cause=cause))
        for each in {each.id: each for each in told}.values()
    ]
