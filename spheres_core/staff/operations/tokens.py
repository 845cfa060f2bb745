"""Makes and revokes tokens: the secrets with which other systems call."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, insert, update

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.access_secrets import TOKEN_PREFIX, hash_secret, new_secret
from spheres_core.staff.account_details import DetailsInvalid, role_problems
from spheres_core.staff.authorization import require_manager
from spheres_core.staff.queries.tokens import tokens

LONGEST_DAYS = 366


class TokenUnknown(NotFound):
    """There is no such token, or it was revoked before."""


ADD = prepare(insert(tokens))
REVOKE = prepare(
    update(tokens)
    .where(scoped(tokens), tokens.c.id == bindparam("which"), tokens.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
REVOKE_BY_MAKER = prepare(
    update(tokens)
    .where(scoped(tokens), tokens.c.made_by == bindparam("maker"), tokens.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)


async def create_token(ctx: Context, roles: Sequence[str], *, label: str, days: int) -> str:
    """Makes a token for another system and returns its text, which is never shown again. Raises `DetailsInvalid`."""
    require_manager(ctx)
    given = tuple(dict.fromkeys(roles))
    problems = role_problems(given)
    if not label.strip() or len(label) > 200:
        problems.append(Problem(msg("A token needs a label of at most {most} characters.", most=200), path="label"))
    if not 1 <= days <= LONGEST_DAYS:
        problems.append(Problem(msg("A token is good for 1 to {most} days.", most=LONGEST_DAYS), path="days"))
    if problems:
        raise DetailsInvalid(errors=problems)
    id, text = uuid7(), TOKEN_PREFIX + new_secret()
    await ctx.db.run(
        ADD,
        id=id,
        hash=hash_secret(text),
        label=ctx.keys.seal("api_tokens", id, "label", label.strip()),
        roles=list(given),
        made_by=ctx.actor.id if ctx.actor.kind == "staff" else None,
        created_at=ctx.now,
        expires_at=ctx.now + dt.timedelta(days=days),
    )
    await audit.record(ctx, "token.created", subject=("token", id), details={"roles": list(given), "days": days})
    return text


async def revoke_token(ctx: Context, token_id: UUID) -> None:
    """Revokes a token, from the next request on. Raises `TokenUnknown`."""
    require_manager(ctx)
    if not await ctx.db.run(REVOKE, which=token_id, now=ctx.now):
        raise TokenUnknown
    await audit.record(ctx, "token.revoked", subject=("token", token_id))


async def revoke_tokens_of(ctx: Context, staff_id: UUID) -> None:
    """Revokes the tokens that a person made who may no longer make any."""
    await ctx.db.run(REVOKE_BY_MAKER, maker=staff_id, now=ctx.now)
