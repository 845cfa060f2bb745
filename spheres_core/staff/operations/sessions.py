"""Begins and ends sessions. A session that ends is no longer good from the very next request."""

from uuid import UUID

from msgspec import structs
from sqlalchemy import DateTime, Uuid, bindparam, delete, insert, or_, update

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.staff.access_secrets import hash_secret, new_secret
from spheres_core.staff.authorization import acting_member_id
from spheres_core.staff.operations.known_browsers import forget_browsers_of
from spheres_core.staff.operations.tokens import revoke_tokens_acting_as
from spheres_core.staff.queries.members import staff
from spheres_core.staff.queries.sessions import IDLE, LONGEST, find_session, sessions

_moment = DateTime(timezone=True)
ADD = prepare(insert(sessions))
END = prepare(
    delete(sessions).where(scoped(sessions), sessions.c.id == bindparam("session")).returning(sessions.c.staff_id)
)
END_ALL = prepare(delete(sessions).where(scoped(sessions), sessions.c.staff_id == bindparam("staff_id")))
END_OTHERS = prepare(
    delete(sessions).where(
        scoped(sessions), sessions.c.staff_id == bindparam("staff_id"), sessions.c.id != bindparam("current")
    )
)
END_STALE = prepare(
    delete(sessions)
    .where(scoped(sessions), sessions.c.staff_id == bindparam("staff_id"))
    .where(
        or_(
            sessions.c.created_at <= bindparam("oldest", type_=_moment),
            sessions.c.last_seen_at <= bindparam("idle_since", type_=_moment),
        )
    )
)
NARROW = prepare(
    update(sessions)
    .where(scoped(sessions), sessions.c.id == bindparam("session"), sessions.c.staff_id == bindparam("staff_id"))
    .values(narrowed_to=bindparam("to", type_=Uuid()))
)
SIGNED_IN = prepare(
    update(staff).where(scoped(staff), staff.c.id == bindparam("which")).values(last_sign_in_at=bindparam("now"))
)


class SessionUnknown(NotFound):
    """The person has no such session, or it has ended."""


async def begin_session(ctx: Context, staff_id: UUID, *, earlier: str = "") -> str:
    """Signs in somebody who has proved who she is, and returns the secret for the cookie.

    `earlier`: the cookie that her browser had until now; its session ends.
    """
    if earlier:
        await ctx.db.run(END, session=hash_secret(earlier))
    await ctx.db.run(END_STALE, staff_id=staff_id, oldest=ctx.now - LONGEST, idle_since=ctx.now - IDLE)
    secret = new_secret()
    await ctx.db.run(ADD, id=hash_secret(secret), staff_id=staff_id, created_at=ctx.now, last_seen_at=ctx.now)
    await ctx.db.run(SIGNED_IN, which=staff_id, now=ctx.now)
    signed_in = structs.replace(ctx, actor=Actor("staff", staff_id))
    await audit.record(signed_in, "staff.signed_in", subject=("staff", staff_id))
    return secret


async def sign_out(ctx: Context, cookie: str) -> None:
    """Ends the session of this cookie. Does nothing when it has ended already."""
    ended = await ctx.db.scalar(END, session=hash_secret(cookie))
    if ended is not None:
        await audit.record(ctx, "staff.signed_out", subject=("staff", ended))


async def narrow_session(ctx: Context, cookie: str, participant: UUID) -> None:
    """Lets the session of this cookie show one participant and nothing else, until it ends. There is no way back:
    whoever follows her signs in again.

    Raises `SessionUnknown` where the actor has no such session.
    """
    narrowed = await ctx.db.run(NARROW, session=hash_secret(cookie), staff_id=acting_member_id(ctx), to=participant)
    if not narrowed:
        raise SessionUnknown


async def sign_out_everywhere(ctx: Context) -> None:
    """Ends every session of the person who asks, this one too. No browser of hers is known any more."""
    id = acting_member_id(ctx)
    ended = await end_all_sessions(ctx, id)
    await forget_browsers_of(ctx, id)
    await audit.record(ctx, "staff.signed_out_everywhere", subject=("staff", id), details={"sessions": ended})


async def end_own_session(ctx: Context, key: str) -> None:
    """Ends one of the sessions of the person who asks, by the key it was shown under. Raises `SessionUnknown`."""
    id = acting_member_id(ctx)
    session = await find_session(ctx, id, key)
    if session is None:
        raise SessionUnknown
    await ctx.db.run(END, session=session)
    await audit.record(ctx, "staff.session_ended", subject=("staff", id))


async def end_all_sessions(ctx: Context, staff_id: UUID) -> int:
    """Ends every session of a person, and the tokens that act as her; returns how many sessions."""
    await revoke_tokens_acting_as(ctx, staff_id)
    return await ctx.db.run(END_ALL, staff_id=staff_id)


async def end_other_sessions(ctx: Context, staff_id: UUID, *, cookie: str) -> int:
    """Ends every session of a person but the one of this cookie, and the tokens that act as her.

    Returns how many sessions.
    """
    await revoke_tokens_acting_as(ctx, staff_id)
    return await ctx.db.run(END_OTHERS, staff_id=staff_id, current=hash_secret(cookie))
