"""Finds transfers that other regions offer, for those who answer them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.transfers.models import ReceivedTransferRow
from spheres_core.transfers.schemas.received import ReceivedFound, ReceivedTransfer

received = table(ReceivedTransferRow)
_all = select(*(received.c[name] for name in ReceivedFound.__struct_fields__)).where(scoped(received))
LIST: Final = prepare(
    _all.where(received.c.id < bindparam("before", type_=Uuid()))
    .order_by(received.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=ReceivedFound,
)
BY_ID: Final = prepare(_all.where(received.c.id == bindparam("id")).with_for_update(), into=ReceivedFound)


class ReceivedTransferUnknown(NotFound):
    """No other region offers this."""


async def list_received(ctx: Context, *, cursor: str = "") -> Page[ReceivedTransfer]:
    """Returns a page of them, the last received first, and writes to the trail which were shown."""

    async def ask(before: UUID, limit: int) -> Sequence[ReceivedTransfer]:
        return [shown(each) for each in await ctx.db.all(LIST, before=before, limit=limit)]

    page = await page_of(ctx, "received-transfers", cursor, ask)
    await audit.record(ctx, "received_transfers.listed", shown=[each.id for each in page.items])
    return page


async def find_received(ctx: Context, id: UUID) -> ReceivedFound:
    """Returns one of them, locked until the transaction ends. Raises `ReceivedTransferUnknown`."""
    found = await ctx.db.one_or_none(BY_ID, id=id)
    if found is None:
        raise ReceivedTransferUnknown
    return found


def shown(found: ReceivedFound, *, participant: str | None = None) -> ReceivedTransfer:
    """Returns what is told of it. `participant`: her code here, for whoever has just accepted it."""
    return ReceivedTransfer(
        id=found.id,
        region=found.region,
        state=found.state,
        version=found.version,
        classes=found.classes,
        onward=found.onward,
        ages=found.ages,
        language=found.language,
        received_on=found.dated_on,
        ends_at=found.ends_at,
        reason=found.reason,
        participant=participant,
    )
