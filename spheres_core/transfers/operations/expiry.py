"""Ends offers that nobody answered in time, in both regions."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from spheres_core.consents.queries.reader import as_system
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.transfers.operations import answers, endings
from spheres_core.transfers.queries.received import received
from spheres_core.transfers.queries.transfers import transfers
from spheres_core.transfers.schemas.received import ReceivedFound
from spheres_core.transfers.schemas.transfers import TransferFound

OVERDUE: Final = prepare(
    select(*(transfers.c[name] for name in TransferFound.__struct_fields__)).where(
        scoped(transfers), transfers.c.state == "offered", transfers.c.ends_at <= bindparam("now")
    ),
    into=TransferFound,
)
OVERDUE_RECEIVED: Final = prepare(
    select(*(received.c[name] for name in ReceivedFound.__struct_fields__))
    .where(scoped(received), received.c.state == "offered", received.c.ends_at <= bindparam("now"))
    .with_for_update(),
    into=ReceivedFound,
)


async def end_overdue(ctx: Context) -> int:
    """Ends what was not answered in time; what was sealed for it is deleted. Returns how many offers that were."""
    async with as_system(ctx):
        offered = await ctx.db.all(OVERDUE, now=ctx.now)
        for each in offered:
            await ctx.db.lock("followup", each.participant_id)
            await endings.end(ctx, each, "expired")
    waiting = await ctx.db.all(OVERDUE_RECEIVED, now=ctx.now)
    for found in waiting:
        await answers.end(ctx, found, "expired")
    return len(offered) + len(waiting)
