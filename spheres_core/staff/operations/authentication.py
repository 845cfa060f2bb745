"""Finds out who calls, by a token or a session cookie. Runs at each request."""

import datetime as dt
from functools import partial
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select, update

from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.staff.access_secrets import SECRET_LENGTH, TOKEN_PREFIX, csrf_token, hash_secret
from spheres_core.staff.queries.members import staff
from spheres_core.staff.queries.sessions import IDLE, LONGEST, account_mark, sessions
from spheres_core.staff.queries.tokens import tokens

SEEN_EVERY = dt.timedelta(minutes=1)
"""How exact `last_seen_at` and `last_used_at` are; a write at each request would buy nothing."""

BY_SESSION = prepare(
    select(
        staff.c.id, staff.c.name, staff.c.roles, staff.c.organization, sessions.c.last_seen_at, sessions.c.narrowed_to
    )
    .join_from(sessions, staff, and_(staff.c.tenant_id == sessions.c.tenant_id, staff.c.id == sessions.c.staff_id))
    .where(scoped(sessions), scoped(staff), sessions.c.id == bindparam("session"), staff.c.active)
    .where(sessions.c.created_at > bindparam("oldest"), sessions.c.last_seen_at > bindparam("idle_since"))
)
SEEN = prepare(
    update(sessions)
    .where(
        scoped(sessions),
        sessions.c.id.in_(
            select(sessions.c.id)
            .where(scoped(sessions), sessions.c.id == bindparam("session"))
            .with_for_update(skip_locked=True)
        ),
    )
    .values(last_seen_at=bindparam("now"))
)
BY_TOKEN = prepare(
    select(
        tokens.c.id, tokens.c.label, tokens.c.roles, tokens.c.last_used_at, tokens.c.acts_as_maker, tokens.c.made_by,
        staff.c.name, staff.c.roles.label("maker_roles"), staff.c.organization,
    )
    .join_from(
        tokens, staff, and_(staff.c.tenant_id == tokens.c.tenant_id, staff.c.id == tokens.c.made_by), isouter=True
    )
    .where(
        scoped(tokens),
        tokens.c.hash == bindparam("hash"),
        tokens.c.revoked_at.is_(None),
        tokens.c.expires_at > bindparam("now"),
        or_(tokens.c.made_by.is_(None), staff.c.active),
    )
)  # fmt: skip
"""The maker's account is looked at each time: a token that was made at the moment when it closed is not good either."""
USED = prepare(
    update(tokens)
    .where(
        scoped(tokens),
        tokens.c.id.in_(
            select(tokens.c.id)
            .where(scoped(tokens), tokens.c.id == bindparam("which"))
            .with_for_update(skip_locked=True)
        ),
    )
    .values(last_used_at=bindparam("now"))
)


async def authenticate(ctx: Context, bearer: str, cookie: str) -> Actor | None:
    """Returns whose token or session cookie this is, in one statement; None when it is not valid here."""
    return await (_by_token(ctx, bearer) if bearer else _by_session(ctx, cookie))


async def _by_token(ctx: Context, bearer: str) -> Actor | None:
    if not bearer.startswith(TOKEN_PREFIX) or len(bearer) != len(TOKEN_PREFIX) + SECRET_LENGTH:
        return None
    found = await ctx.db.one_or_none(BY_TOKEN, hash=hash_secret(bearer), now=ctx.now)
    if found is None:
        return None
    id, label, roles, last_used_at, acts_as_maker, maker, sealed, maker_roles, organization = found
    if last_used_at is None or last_used_at <= ctx.now - SEEN_EVERY:
        await ctx.db.run(USED, which=id, now=ctx.now)
    if acts_as_maker:
        name = partial(_unsealed, ctx, "staff", maker, "name", sealed)
        return Actor("staff", maker, frozenset(maker_roles), name, organization=organization or "", token=id)
    return Actor("token", id, frozenset(roles), partial(_unsealed, ctx, "api_tokens", id, "label", label))


async def _by_session(ctx: Context, cookie: str) -> Actor | None:
    if len(cookie) != SECRET_LENGTH:
        return None
    session = hash_secret(cookie)
    found = await ctx.db.one_or_none(BY_SESSION, session=session, oldest=ctx.now - LONGEST, idle_since=ctx.now - IDLE)
    if found is None:
        return None
    id, sealed, roles, organization, last_seen_at, narrowed_to = found
    if last_seen_at <= ctx.now - SEEN_EVERY:
        await ctx.db.run(SEEN, session=session, now=ctx.now)
    name = partial(_unsealed, ctx, "staff", id, "name", sealed)
    csrf = csrf_token(cookie, account_mark(ctx, id))
    return Actor(
        "staff", id, frozenset(roles), name, csrf=csrf, organization=organization or "", narrowed_to=narrowed_to
    )


def _unsealed(ctx: Context, table: str, id: UUID, column: str, sealed: bytes) -> str:
    return ctx.keys.open(table, id, column, sealed).decode()
