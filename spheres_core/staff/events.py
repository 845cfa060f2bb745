"""Follow-up after commit: the messages that carry the link of an invitation or of a recovery."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from spheres_core.foundation.plugins.registrations import Notification, TrailVerb
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.notices import INVITATION, RECOVERY, plugin_notice
from spheres_core.notifications.operations import messages as notifications
from spheres_core.notifications.schemas import Recipient
from spheres_core.staff.operations import invitations, recoveries, staff_messages
from spheres_core.staff.queries.invitations import find_open_invitation
from spheres_core.staff.queries.members import get_member, holders_who_want_mail
from spheres_core.staff.queries.recoveries import open_until


async def notify_invited(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns the message to the invited person; none when the link was handed over or the invitation has ended."""
    if details["by"] != "mail" or await find_open_invitation(ctx, id) is None:
        return []
    return [Notification(id, partial(_send_invitation, id=id, cause=UUID(details["entry"])))]


async def _send_invitation(ctx: Context, *, id: UUID, cause: UUID) -> None:
    """Makes the secret and sends it, in one transaction: when sending fails nothing has changed."""
    found = await find_open_invitation(ctx, id)
    if found is None:
        return
    secret = await invitations.replace_secret(ctx, id)
    to = Recipient(id, found.email, found.language, kind="invitation")
    await notifications.send(ctx, to, INVITATION, cause=cause, path=invitations.PATH + secret)


async def notify_holders(
    verb: TrailVerb, ctx: Context, id: UUID | None, details: Mapping[str, Any]
) -> list[Notification]:
    """Returns the notice of a plugin's entry for each holder of its permission who chose to get mail."""
    chosen = await holders_who_want_mail(ctx, verb.notifies)
    return staff_messages.notifications(chosen, details, plugin_notice(verb.title))


async def notify_recovery(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns the message to who could not sign in; none when the link was handed over or is not open any more."""
    if details["by"] != "mail" or await open_until(ctx, id) is None:
        return []
    return [Notification(id, partial(_send_recovery, id=id, cause=UUID(details["entry"])))]


async def _send_recovery(ctx: Context, *, id: UUID, cause: UUID) -> None:
    secret = await recoveries.replace_secret(ctx, id)
    if secret is None:
        return
    member = await get_member(ctx, id)
    to = Recipient(id, member.email, member.language)
    await notifications.send(ctx, to, RECOVERY, cause=cause, path=recoveries.PATH + secret)
