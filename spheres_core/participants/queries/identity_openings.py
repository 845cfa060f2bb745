"""Lists who opened whose identity, and why, for whoever may know of her."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Integer, Uuid, and_, bindparam, func, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import as_system, read_for
from spheres_core.consents.schemas import Purpose
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import IdentityOpeningRow
from spheres_core.participants.queries.participants import participants
from spheres_core.participants.schemas.identity import IdentityOpening, StoredOpening
from spheres_core.staff.queries.members import names_of

openings = table(IdentityOpeningRow)


class OpeningShown(Struct, frozen=True):
    """That an identity was opened: by whom, when and why; whose it was is not said."""

    id: UUID
    who: str
    opened_at: dt.datetime
    act: str
    reason: str


class OpeningOfAny(Struct, frozen=True):
    """That an identity was opened, as it is stored, without whose it was."""

    id: UUID
    opened_at: dt.datetime
    opened_by: UUID | None
    purpose: str
    act: str
    reason: bytes


ALL = prepare(
    select(*(openings.c[name] for name in OpeningOfAny.__struct_fields__))
    .where(scoped(openings), openings.c.id < bindparam("before", type_=Uuid()))
    .order_by(openings.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=OpeningOfAny,
)
SINCE = prepare(select(func.count()).where(scoped(openings), openings.c.opened_at > bindparam("since")))
LIST = prepare(
    select(
        openings.c.id, openings.c.participant_id, participants.c.code, openings.c.opened_at, openings.c.opened_by,
        openings.c.purpose, openings.c.act, openings.c.reason,
    )
    .join_from(
        openings,
        participants,
        and_(participants.c.tenant_id == openings.c.tenant_id, participants.c.id == openings.c.participant_id),
    )
    .where(
        scoped(openings),
        scoped(participants),
        permitted(openings.c.participant_id, "participation", openings.c.dated_on),
        openings.c.id < bindparam("before", type_=Uuid()),
    )
    .order_by(openings.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=StoredOpening,
)  # fmt: skip


async def list_openings(ctx: Context, purpose: Purpose, *, before: UUID, limit: int) -> list[IdentityOpening]:
    """Returns openings, the latest first, of those whom the caller may know of for this purpose.

    Whose were shown goes into the trail.
    """
    reader = await read_for(ctx, purpose)
    rows = await ctx.db.all(LIST, before=before, limit=limit, **reader)
    shown = list(dict.fromkeys(row.code_of for row in rows))
    await audit.record(ctx, "identity.openings_listed", shown=shown, details={"purpose": purpose})
    return [_opened(ctx, row) for row in rows]


async def list_all_openings(ctx: Context, *, before: UUID, limit: int) -> list[OpeningShown]:
    """Returns openings of every identity, the latest first, for who watches over them: never whose it was.

    Which openings were shown goes into the trail.
    """
    async with as_system(ctx):
        rows = await ctx.db.all(ALL, before=before, limit=limit)
    await audit.record(ctx, "identity.openings_listed", shown=[each.id for each in rows])
    names = await names_of(ctx, [each.opened_by for each in rows if each.opened_by is not None])
    return [
        OpeningShown(
            each.id, names.get(each.opened_by, "") if each.opened_by else "", each.opened_at, each.act,
            ctx.keys.open("identity_openings", each.id, "reason", each.reason).decode(),
        )
        for each in rows
    ]  # fmt: skip


async def count_openings(ctx: Context, within: dt.timedelta) -> int:
    """Returns how often an identity was opened in the time before now."""
    async with as_system(ctx):
        return int(await ctx.db.scalar(SINCE, since=ctx.now - within))


def _opened(ctx: Context, row: StoredOpening) -> IdentityOpening:
    code = ctx.keys.open("participants", row.code_of, "code", row.code).decode()
    reason = ctx.keys.open("identity_openings", row.id, "reason", row.reason).decode()
    return IdentityOpening(row.id, code, row.opened_at, row.opened_by, row.purpose, row.act, reason)
