"""Follow-up after commit: a message without words, to those who may answer and want mail."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from spheres_core.foundation.plugins.registrations import Notification
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import staff_messages
from spheres_core.staff.queries import members as member_queries
from spheres_core.support.permissions import ACCOMPANY, ANSWER, WRITE_TOOLS


async def notify_holders(ctx: Context, id: UUID, details: Mapping[str, Any], *, permission: str) -> list[Notification]:
    """Returns one message for each person who holds a permission and wants mail."""
    chosen = await member_queries.holders_who_want_mail(ctx, permission)
    return staff_messages.notifications(chosen, details)


Tell = Callable[[Context, UUID, Mapping[str, Any]], Awaitable[list[Notification]]]
notify_desk: Final[Tell] = partial(notify_holders, permission=ANSWER)
notify_editors: Final[Tell] = partial(notify_holders, permission=WRITE_TOOLS)
notify_companions: Final[Tell] = partial(notify_holders, permission=ACCOMPANY)
