"""Follow-up after commit: messages with the link of an invitation or of a recovery, notices, and text messages."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from spheres_core.facts.text_messages import TextMessage
from spheres_core.foundation.plugins.registrations import Notification, TrailVerb
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.notices import INVITATION, NUMBER_CODE, RECOVERY, SOMETHING_WAITS, plugin_notice
from spheres_core.notifications.operations import messages as notifications
from spheres_core.notifications.operations.text_messages import compose_text
from spheres_core.notifications.schemas import Recipient
from spheres_core.staff.operations import invitations, recoveries, staff_messages
from spheres_core.staff.queries.invitations import find_open_invitation
from spheres_core.staff.queries.members import get_member, holders_who_want_mail, those_who_want_mail
from spheres_core.staff.queries.own_number import number_of
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


async def load_text_message(ctx: Context, id: UUID | None, details: Mapping[str, Any]) -> dict[str, Any] | None:
    """Returns a text message for the gateway; None when its number may not get it any more."""
    found = await number_of(ctx, id) if id is not None else None
    if found is None or id is None:
        return None
    language = (await get_member(ctx, id)).language
    entry = UUID(details["entry"])
    if details["notice"] == NUMBER_CODE.kind:
        text = compose_text(ctx, NUMBER_CODE, language, code=found.code)
        return {"message": TextMessage(entry, found.number, text)} if found.code else None
    text = compose_text(ctx, SOMETHING_WAITS, language)
    return {"message": TextMessage(entry, found.number, text)} if found.confirmed else None


async def mail_instead(ctx: Context, id: UUID | None, details: Mapping[str, Any]) -> list[Notification]:
    """Returns the same message by mail where no text message can reach her any more: her number is gone, or the
    gateway was switched off before it was handed over. A code for a number never goes by mail."""
    if id is None or details["notice"] == NUMBER_CODE.kind:
        return []
    gateway, found = details["plugin"], await number_of(ctx, id)
    handed_over = gateway in ctx.plugins.plugins or gateway in ctx.plugins.left_out
    if handed_over and found is not None and found.confirmed:
        return []
    wanted = await those_who_want_mail(ctx, [id])
    cause = UUID(details["entry"])
    return [
        Notification(each.id, partial(notifications.send, to=each, notice=SOMETHING_WAITS, cause=cause))
        for each in wanted
    ]
