"""Sends messages without words to people on the staff when each of them wants to get some."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.plugins.registrations import Notification
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.delivery_times import delivery_time
from spheres_core.notifications.notices import SOMETHING_WAITS
from spheres_core.notifications.operations import messages, text_messages
from spheres_core.notifications.schemas import Notice, Recipient, Settings
from spheres_core.staff.models import WaitingMessage
from spheres_core.staff.queries import members

log: Final = structlog.get_logger("spheres.staff_messages")
_waiting = table(WaitingMessage)


KEEP = prepare(
    insert(_waiting)
    .values({name: bindparam(name) for name in ("tenant_id", "staff_id", "entry_id", "due_at")})
    .on_conflict_do_nothing()
)
DUE = prepare(select(_waiting.c.staff_id).where(scoped(_waiting), _waiting.c.due_at <= bindparam("now")).distinct())
TAKE = prepare(
    _waiting.delete()
    .where(scoped(_waiting), _waiting.c.staff_id == bindparam("who"), _waiting.c.due_at <= bindparam("now"))
    .returning(_waiting.c.entry_id)
)


def notifications(
    chosen: Iterable[Recipient], details: Mapping[str, Any], notice: Notice = SOMETHING_WAITS
) -> list[Notification]:
    """Returns what the outbox does for each of these people: a message now, or one that waits for her hour.

    `details`: of the entry because of which they are told. What waited comes as one message for all of it, which
    says that something waits, whatever the notice.
    """
    cause = UUID(details["entry"])
    return [Notification(each.id, partial(_send_or_keep, to=each, notice=notice, cause=cause)) for each in chosen]


async def _send_or_keep(ctx: Context, *, to: Recipient, notice: Notice, cause: UUID) -> None:
    hour = ctx.settings("notifications", Settings).daily_hour
    due = delivery_time(ctx.now, ctx.tenant.time_zone, pace=to.pace, quiet=to.quiet, daily_hour=hour)
    if due <= ctx.now:
        await send_by_choice(ctx, to, notice, cause=cause)
    else:
        await ctx.db.run(KEEP, tenant_id=ctx.tenant.id, staff_id=to.id, entry_id=cause, due_at=due)


async def send_by_choice(ctx: Context, to: Recipient, notice: Notice, *, cause: UUID) -> None:
    """Sends a message by mail, or owes a text message, which says that something waits whatever the notice.

    Where the region has no gateway any more it goes by mail.
    """
    gateway = text_messages.gateway_of(ctx) if to.channel == "text" else None
    if gateway is None:
        await messages.send(ctx, to, notice, cause=cause)
    else:
        await text_messages.owe(ctx, to.id, SOMETHING_WAITS, gateway=gateway, cause=cause)


async def send_due(ctx: Context) -> int:
    """Sends one message to each person whose hour has come; returns how many.

    Whoever wants none any more, or has no account, gets none. What can't be sent now waits for the next time.
    """
    sent = 0
    for (staff_id,) in await ctx.db.all(DUE, now=ctx.now):
        try:
            async with ctx.db.savepoint():
                sent += await _send_waiting(ctx, staff_id)
        except Exception as error:
            log.warning("staff_messages.unsent", tenant=ctx.tenant.slug, error=type(error).__name__)
    return sent


async def _send_waiting(ctx: Context, staff_id: UUID) -> int:
    causes: list[UUID] = [cause for (cause,) in await ctx.db.all(TAKE, who=staff_id, now=ctx.now)]
    wanted = await members.those_who_want_mail(ctx, [staff_id])
    for each in wanted:
        await send_by_choice(ctx, each, SOMETHING_WAITS, cause=max(causes))
    return len(wanted)
