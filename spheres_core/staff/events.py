"""Follow-up after commit: the message that carries an invitation's link."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from spheres_core.foundation.plugins.registrations import Notification
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.notices import INVITATION
from spheres_core.notifications.operations import messages as notifications
from spheres_core.notifications.schemas import Recipient
from spheres_core.staff.operations.invitations import PATH, replace_secret
from spheres_core.staff.queries.invitations import find_open_invitation


async def notify_invited(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns the message to the invited person; none when the link was handed over or the invitation has ended."""
    if details["by"] != "mail" or await find_open_invitation(ctx, id) is None:
        return []
    return [Notification(id, partial(_send, id=id, cause=UUID(details["entry"])))]


async def _send(ctx: Context, *, id: UUID, cause: UUID) -> None:
    """Makes the secret and sends it, in one transaction: when sending fails nothing has changed."""
    found = await find_open_invitation(ctx, id)
    if found is None:
        return
    secret = await replace_secret(ctx, id)
    to = Recipient(id, found.email, found.language, kind="invitation")
    await notifications.send(ctx, to, INVITATION, cause=cause, path=PATH + secret)
