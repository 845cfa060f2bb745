"""Queries about the tokens of other systems. None returns a token's text: only its hash is kept."""

import datetime as dt
from uuid import UUID

from msgspec import Struct
from sqlalchemy import DateTime, and_, bindparam, func, or_, select

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.authorization import acting_member_id, require_manager
from spheres_core.staff.models import ApiToken, StaffRow
from spheres_core.staff.schemas import Token, TokenState

SHOWN_FOR = dt.timedelta(days=30)
"""How long a token that has ended stays in the list. Its label stays, so that the trail can name who acted."""

tokens = table(ApiToken)
_staff = table(StaffRow)
_moment = DateTime(timezone=True)


class _Row(Struct, frozen=True):
    id: UUID
    label: bytes
    roles: list[str]
    made_by: UUID | None
    acts_as_maker: bool
    created_at: dt.datetime
    expires_at: dt.datetime
    last_used_at: dt.datetime | None
    revoked_at: dt.datetime | None
    name: bytes | None
    active: bool | None
    maker_roles: list[str] | None


_not_revoked = tokens.c.revoked_at.is_(None)
_listed = (
    select(
        *(tokens.c[name] for name in _Row.__struct_fields__ if name in tokens.c),
        _staff.c.name,
        _staff.c.active,
        _staff.c.roles.label("maker_roles"),
    )
    .join_from(
        tokens, _staff, and_(_staff.c.tenant_id == tokens.c.tenant_id, _staff.c.id == tokens.c.made_by), isouter=True
    )
    .where(scoped(tokens), tokens.c.expires_at > bindparam("long_ago", type_=_moment))
    .where(or_(_not_revoked, tokens.c.revoked_at > bindparam("long_ago", type_=_moment)))
    .order_by(tokens.c.created_at.desc(), tokens.c.id.desc())
)
ALL = prepare(_listed, into=_Row)
BY_MAKER = prepare(_listed.where(tokens.c.made_by == bindparam("maker")), into=_Row)
COUNT_BY_MAKER = prepare(
    select(func.count())
    .select_from(tokens)
    .where(scoped(tokens), tokens.c.made_by == bindparam("maker"), _not_revoked)
    .where(tokens.c.expires_at > bindparam("now"))
)


async def list_tokens(ctx: Context) -> list[Token]:
    """Returns the valid tokens and those that ended in the last weeks, newest first."""
    return [_unsealed(ctx, row) for row in await ctx.db.all(ALL, long_ago=ctx.now - SHOWN_FOR)]


async def show_tokens(ctx: Context) -> list[Token]:
    """Returns the same to a manager, and writes to the trail that they were shown."""
    require_manager(ctx)
    found = await list_tokens(ctx)
    await audit.record(ctx, "tokens.listed", shown=[each.id for each in found])
    return found


async def show_own_tokens(ctx: Context) -> list[Token]:
    """Returns the tokens for which the person who asks answers, newest first."""
    rows = await ctx.db.all(BY_MAKER, maker=acting_member_id(ctx), long_ago=ctx.now - SHOWN_FOR)
    return [_unsealed(ctx, row) for row in rows]


async def count_tokens(ctx: Context, *, made_by: UUID) -> int:
    """Counts the valid tokens that a person made."""
    return int(await ctx.db.scalar(COUNT_BY_MAKER, maker=made_by, now=ctx.now))


def _state(ctx: Context, row: _Row) -> TokenState:
    if row.revoked_at is not None or row.active is False:
        return "revoked"
    return "valid" if row.expires_at > ctx.now else "expired"


def _unsealed(ctx: Context, row: _Row) -> Token:
    maker = None
    if row.made_by is not None and row.name is not None:
        maker = ctx.keys.open("staff", row.made_by, "name", row.name).decode()
    return Token(
        id=row.id,
        label=ctx.keys.open("api_tokens", row.id, "label", row.label).decode(),
        roles=tuple(row.maker_roles or ()) if row.acts_as_maker else tuple(row.roles),
        made_by=row.made_by,
        maker=maker,
        acts_as_maker=row.acts_as_maker,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
        state=_state(ctx, row),
    )
