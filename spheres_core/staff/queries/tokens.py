"""Queries about the tokens of other systems."""

import datetime as dt
from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.models import ApiToken
from spheres_core.staff.schemas import Token

tokens = table(ApiToken)


class _Row(Struct, frozen=True):
    id: UUID
    label: bytes
    roles: list[str]
    created_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None


ALL = prepare(
    select(*(tokens.c[name] for name in _Row.__struct_fields__))
    .where(scoped(tokens))
    .order_by(tokens.c.created_at.desc()),
    into=_Row,
)
COUNT_BY_MAKER = prepare(
    select(func.count())
    .select_from(tokens)
    .where(scoped(tokens), tokens.c.made_by == bindparam("maker"), tokens.c.revoked_at.is_(None))
    .where(tokens.c.expires_at > bindparam("now"))
)


async def list_tokens(ctx: Context) -> list[Token]:
    """Returns every token, newest first, with those that have expired or were revoked."""
    return [
        Token(
            each.id,
            ctx.keys.open("api_tokens", each.id, "label", each.label).decode(),
            tuple(each.roles),
            each.created_at,
            each.expires_at,
            each.revoked_at,
        )
        for each in await ctx.db.all(ALL)
    ]


async def count_tokens(ctx: Context, *, made_by: UUID) -> int:
    """Counts the valid tokens that a person made."""
    return int(await ctx.db.scalar(COUNT_BY_MAKER, maker=made_by, now=ctx.now))
