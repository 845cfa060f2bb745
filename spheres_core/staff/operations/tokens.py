"""Makes and revokes tokens: the secrets with which other systems call.

Somebody answers for each token, and it ends with her account: who makes it on a page, or who is named on the command
line. One that is made by command on the server and names nobody is listed as that, and lasts until it is revoked.
One that acts as a person of staff is made on the server only.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, insert, update

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotAllowed, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.access_secrets import TOKEN_PREFIX, hash_secret, new_secret
from spheres_core.staff.account_details import DetailsInvalid, role_problems
from spheres_core.staff.authorization import acting_member_id, require_manager
from spheres_core.staff.queries.members import AccountClosed
from spheres_core.staff.queries.tokens import tokens
from spheres_core.staff.schemas import Member

DAYS = 30
"""Days for which a token is good when nothing else is asked."""
LONGEST_DAYS = 366
LONGEST_LABEL = 200


class TokenUnknown(NotFound):
    """There is no such token, or it was revoked before."""

    message = msg("There is no such token, or it was taken back before.")


ADD = prepare(insert(tokens))
_revoke = update(tokens).where(scoped(tokens), tokens.c.revoked_at.is_(None)).values(revoked_at=bindparam("now"))
REVOKE = prepare(_revoke.where(tokens.c.id == bindparam("which")))
REVOKE_OWN = prepare(_revoke.where(tokens.c.id == bindparam("which"), tokens.c.made_by == bindparam("maker")))
REVOKE_BY_MAKER = prepare(_revoke.where(tokens.c.made_by == bindparam("maker")))
REVOKE_ACTING = prepare(_revoke.where(tokens.c.made_by == bindparam("maker"), tokens.c.acts_as_maker))


async def create_token(
    ctx: Context, roles: Sequence[str], *, label: str, days: int = DAYS, made_by: UUID | None = None
) -> str:
    """Makes a token for another system and returns its text, which is never shown again.

    `made_by`: who answers for a token that the server itself makes; a person who makes one answers for it herself.
    Raises `DetailsInvalid`; `NotAllowed` for a token, which would outlive itself in another.
    """
    require_manager(ctx)
    maker = _maker(ctx, made_by)
    given = tuple(dict.fromkeys(roles))
    if problems := [*role_problems(ctx, given), *_problems(label, days)]:
        raise DetailsInvalid(errors=problems)
    return await _add(ctx, given, label, days, maker)


async def create_token_of(ctx: Context, member: Member, *, label: str, days: int = DAYS) -> str:
    """Makes a token that acts as a person of staff, with her roles and standings of the moment, until it ends.

    What it does is hers in the trail, which names the token. Her own account it does not change.
    Raises `NotAllowed` for whoever is not the server itself, `AccountClosed`, `DetailsInvalid`.
    """
    if ctx.actor.kind != "system":
        raise NotAllowed
    if not member.active:
        raise AccountClosed
    if problems := _problems(label, days):
        raise DetailsInvalid(errors=problems)
    return await _add(ctx, (), label, days, member.id, acts_as_maker=True)


def _problems(label: str, days: int) -> list[Problem]:
    problems = []
    if not label.strip() or not label.isprintable() or len(label) > LONGEST_LABEL:
        problems.append(
            Problem(msg("A token needs a label of at most {most} characters.", most=LONGEST_LABEL), path="label")
        )
    if not 1 <= days <= LONGEST_DAYS:
        problems.append(Problem(msg("A token is good for 1 to {most} days.", most=LONGEST_DAYS), path="days"))
    return problems


async def _add(
    ctx: Context, roles: Sequence[str], label: str, days: int, maker: UUID | None, *, acts_as_maker: bool = False
) -> str:
    id, text = uuid7(), TOKEN_PREFIX + new_secret()
    await ctx.db.run(
        ADD,
        id=id,
        hash=hash_secret(text),
        label=ctx.keys.seal("api_tokens", id, "label", label.strip()),
        roles=list(roles),
        made_by=maker,
        acts_as_maker=acts_as_maker,
        created_at=ctx.now,
        expires_at=ctx.now + dt.timedelta(days=days),
    )
    details = {
        "roles": list(roles), "days": days, "made_by": str(maker) if maker else "server", "acts_as_maker": acts_as_maker
    }  # fmt: skip
    await audit.record(ctx, "token.created", subject=("token", id), details=details)
    return text


async def revoke_token(ctx: Context, token_id: UUID) -> None:
    """Revokes a token, from the next request on. Raises `TokenUnknown`."""
    require_manager(ctx)
    if not await ctx.db.run(REVOKE, which=token_id, now=ctx.now):
        raise TokenUnknown
    await audit.record(ctx, "token.revoked", subject=("token", token_id))


async def revoke_own_token(ctx: Context, token_id: UUID) -> None:
    """Revokes a token for which the person who asks answers. Raises `TokenUnknown`, also for another person's."""
    if not await ctx.db.run(REVOKE_OWN, which=token_id, maker=acting_member_id(ctx), now=ctx.now):
        raise TokenUnknown
    await audit.record(ctx, "token.revoked", subject=("token", token_id))


async def revoke_tokens_of(ctx: Context, staff_id: UUID) -> None:
    """Revokes the tokens that a person made who may no longer make any."""
    await ctx.db.run(REVOKE_BY_MAKER, maker=staff_id, now=ctx.now)


async def revoke_tokens_acting_as(ctx: Context, staff_id: UUID) -> None:
    """Revokes the tokens that act as a person who is signed out: they are as good as her sessions."""
    await ctx.db.run(REVOKE_ACTING, maker=staff_id, now=ctx.now)


def _maker(ctx: Context, made_by: UUID | None) -> UUID | None:
    if ctx.actor.kind == "system":
        return made_by
    if ctx.actor.kind != "staff":
        raise NotAllowed
    return acting_member_id(ctx)
