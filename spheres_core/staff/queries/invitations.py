"""Queries about invitations: those that managers see, and the one that a link opens."""

import datetime as dt
from uuid import UUID

from msgspec import Struct
from sqlalchemy import DateTime, and_, bindparam, func, select

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.access_secrets import SECRET_LENGTH, hash_secret
from spheres_core.staff.authorization import require_manager
from spheres_core.staff.models import StaffInvitation
from spheres_core.staff.schemas import Invitation, InvitationState

invitations = table(StaffInvitation)
moment = DateTime(timezone=True)
not_used = and_(invitations.c.accepted_at.is_(None), invitations.c.revoked_at.is_(None))
is_open = and_(not_used, invitations.c.expires_at > bindparam("now", type_=moment))


class _Row(Struct, frozen=True):
    id: UUID
    email: bytes
    name: bytes
    roles: list[str]
    organization: str | None
    language: str
    created_at: dt.datetime
    expires_at: dt.datetime
    accepted_at: dt.datetime | None
    revoked_at: dt.datetime | None


_columns = [invitations.c[name] for name in _Row.__struct_fields__]
ALL = prepare(select(*_columns).where(scoped(invitations)).order_by(invitations.c.created_at.desc()), into=_Row)
OPEN_FOR = prepare(
    select(invitations.c.id).where(scoped(invitations), is_open, invitations.c.email_index == bindparam("email_index"))
)
BY_HASH = prepare(
    select(*_columns).where(scoped(invitations), is_open, invitations.c.hash == bindparam("secret_hash")), into=_Row
)
ONE_OPEN = prepare(
    select(*_columns).where(scoped(invitations), is_open, invitations.c.id == bindparam("id")), into=_Row
)
COUNT_BY_MAKER = prepare(
    select(func.count())
    .select_from(invitations)
    .where(scoped(invitations), is_open, invitations.c.made_by == bindparam("maker"))
)


async def show_invitations(ctx: Context) -> list[Invitation]:
    """Returns the invitations of the last weeks to a manager, newest first, and writes to the trail that they were."""
    require_manager(ctx)
    found = [_unsealed(ctx, row) for row in await ctx.db.all(ALL)]
    await audit.record(ctx, "invitations.listed", shown=[each.id for each in found])
    return found


async def find_open_invitation(ctx: Context, id: UUID) -> Invitation | None:
    """Returns an invitation that can still be accepted, or None."""
    row = await ctx.db.one_or_none(ONE_OPEN, id=id, now=ctx.now)
    return None if row is None else _unsealed(ctx, row)


async def find_by_secret(ctx: Context, secret: str) -> Invitation | None:
    """Returns the open invitation whose link carries this secret, or None."""
    if len(secret) != SECRET_LENGTH:
        return None
    row = await ctx.db.one_or_none(BY_HASH, secret_hash=hash_secret(secret), now=ctx.now)
    return None if row is None else _unsealed(ctx, row)


async def has_open_invitation(ctx: Context, email_index: bytes) -> bool:
    """Tells whether there is an open invitation for an address, given by its blind index."""
    return await ctx.db.scalar(OPEN_FOR, email_index=email_index, now=ctx.now) is not None


async def count_open_invitations(ctx: Context, *, made_by: UUID) -> int:
    """Counts the open invitations that a person made."""
    return int(await ctx.db.scalar(COUNT_BY_MAKER, maker=made_by, now=ctx.now))


def _state(ctx: Context, row: _Row) -> InvitationState:
    if row.accepted_at:
        return "accepted"
    if row.revoked_at:
        return "revoked"
    return "open" if row.expires_at > ctx.now else "expired"


def _unsealed(ctx: Context, row: _Row) -> Invitation:
    language = row.language if row.language in ctx.tenant.languages else ctx.tenant.languages[0]
    return Invitation(
        id=row.id,
        email=ctx.keys.open("staff_invitations", row.id, "email", row.email).decode(),
        name=ctx.keys.open("staff_invitations", row.id, "name", row.name).decode(),
        roles=tuple(row.roles),
        language=language,
        created_at=row.created_at,
        expires_at=row.expires_at,
        state=_state(ctx, row),
        organization=row.organization,
    )
