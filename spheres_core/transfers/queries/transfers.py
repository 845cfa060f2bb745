"""Finds transfers that a region offers, for whoever may know that she takes part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import BoundStatement, prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import ParticipantRow
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.transfers.models import TransferRow
from spheres_core.transfers.queries.content import CARRIED
from spheres_core.transfers.queries.regions import regions
from spheres_core.transfers.schemas.transfers import Region, Transfer, TransferFound, Transfers

transfers, participants = table(TransferRow), table(ParticipantRow)
_columns = [transfers.c[name] for name in TransferFound.__struct_fields__]
_hers = (
    select(*_columns)
    .where(scoped(transfers), transfers.c.participant_id == bindparam("participant"))
    .where(permitted(transfers.c.participant_id, "participation", transfers.c.dated_on))
    .order_by(transfers.c.id.desc())
)
HERS: Final = prepare(_hers, into=TransferFound)
ONE: Final = prepare(_hers.where(transfers.c.id == bindparam("id")), into=TransferFound)
BY_ID: Final = prepare(
    select(*_columns).where(scoped(transfers), transfers.c.id == bindparam("id")), into=TransferFound
)
"""For operations, which say for whom they read."""
OFFERED: Final = prepare(
    select(*_columns).where(
        scoped(transfers), transfers.c.participant_id == bindparam("participant"), transfers.c.state == "offered"
    ),
    into=TransferFound,
)
TO_TELL: Final = prepare(
    select(*_columns, participants.c.code)
    .join_from(
        transfers,
        participants,
        and_(participants.c.tenant_id == transfers.c.tenant_id, participants.c.id == transfers.c.participant_id),
    )
    .where(scoped(transfers), transfers.c.teller == bindparam("staff"), transfers.c.told_at.is_(None))
    .where(or_(*(transfers.c.state == state for state in ("accepted", "refused", "expired"))))
    .where(permitted(transfers.c.participant_id, "participation", transfers.c.dated_on, asked_together=True))
    .order_by(transfers.c.id)
)


class TransferUnknown(NotFound):
    """She has no such transfer, or none that the caller may know of."""


async def list_transfers(ctx: Context, file: ParticipantAccess) -> Transfers:
    """Returns her transfers with where to she can go on, and writes to the trail that they were read."""
    found = await ctx.db.all(HERS, participant=file.id, **file.reader)
    await audit.record(ctx, "transfers.read", subject=("participant", file.id), shown=[each.id for each in found])
    names = {slug: ctx.locale.pick(name) for slug, name in (await regions(ctx)).items()}
    return Transfers(
        [shown(each) for each in found],
        [Region(slug, str(name), name.lang) for slug, name in names.items()],
        [each for each in CARRIED if reaches(ctx, file, each)],
    )


async def find_transfer(ctx: Context, file: ParticipantAccess, id: UUID) -> TransferFound:
    """Returns one transfer's row. Raises `TransferUnknown`."""
    found = await ctx.db.one_or_none(ONE, participant=file.id, id=id, **file.reader)
    if found is None:
        raise TransferUnknown
    return found


def asks_to_tell(ctx: Context, reader: Mapping[str, Any]) -> BoundStatement[Any]:
    """Asks which transfers have ended, of which the actor is still to tell her; the oldest first."""
    return TO_TELL.of(staff=ctx.actor.id, **reader)


def list_to_tell(ctx: Context, rows: Sequence[Any]) -> list[tuple[str, TransferFound]]:
    """Returns each with her code."""
    found = [(row[-1], TransferFound(*row[:-1])) for row in rows]
    return [(ctx.keys.open("participants", each.participant_id, "code", code).decode(), each) for code, each in found]


def shown(found: TransferFound) -> Transfer:
    """Returns what is told of a transfer."""
    return Transfer(
        id=found.id,
        region=found.region,
        state=found.state,
        version=found.version,
        classes=found.classes,
        onward=found.onward,
        names=found.names,
        reason=found.reason,
        offered_at=found.offered_at,
        ends_at=found.ends_at,
        ended_at=found.ended_at,
        to_tell=found.state in ("accepted", "refused", "expired") and found.told_at is None,
    )
