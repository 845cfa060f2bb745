"""Lists who opened whose identity, and why, for whoever may know of her."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Integer, Uuid, and_, bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import read_for
from spheres_core.consents.schemas import Purpose
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import IdentityOpeningRow
from spheres_core.participants.queries.participants import participants
from spheres_core.participants.schemas.identity import IdentityOpening, StoredOpening

openings = table(IdentityOpeningRow)
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


def _opened(ctx: Context, row: StoredOpening) -> IdentityOpening:
    code = ctx.keys.open("participants", row.code_of, "code", row.code).decode()
    reason = ctx.keys.open("identity_openings", row.id, "reason", row.reason).decode()
    return IdentityOpening(row.id, code, row.opened_at, row.opened_by, row.purpose, row.act, reason)
