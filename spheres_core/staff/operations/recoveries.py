"""Gives a colleague who cannot sign in any more access to her account again: by a link that works once.

Nobody but she ever knows the new password. Making the link ends her sessions and makes her browsers unknown, and so
does using it. Her old password is good until then: a link that was made by mistake locks nobody out. Only the hash of
the link's secret is kept; when the link leaves by mail, its secret is made at that moment. It travels in the part of
the address that browsers send to no server, then in a form, so that it stands in no log. How a link can end:

- it was used, expired, or replaced by a newer one; her account was closed; she changed her password herself
- who made it is no longer an administrator or her account is closed
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, update

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, NotAllowed, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff import password_hashing
from spheres_core.staff.access_secrets import hash_secret, new_secret
from spheres_core.staff.account_details import names_to_avoid
from spheres_core.staff.authorization import require_manager
from spheres_core.staff.operations import accounts, link_delivery, login_throttle, sessions
from spheres_core.staff.operations.known_browsers import forget_browsers_of
from spheres_core.staff.operations.sessions import begin_session
from spheres_core.staff.passwords import check_password
from spheres_core.staff.queries.members import AccountClosed, get_member
from spheres_core.staff.queries.recoveries import find_by_secret, is_open, moment, recoveries
from spheres_core.staff.schemas import Member, RecoveryIssued
from spheres_core.staff.settings import Settings

PATH = "/recovery#"
FREE_GUESSES = 20
"""Links that open nothing, from one address on one day, before the next has to wait."""


class RecoveryGone(NotFound):
    """The link was used, taken back or replaced, has expired, or never was. The answer is the same."""

    code = "recovery_gone"
    message = msg("This link does not open anything any more.")


class OwnRecovery(Conflict):
    """Who is signed in changes her password by knowing it, so that an open browser does not give an account away."""

    code = "own_recovery"
    message = msg("Change your own password on the page “Your account”, or ask another administrator.")


ADD = prepare(insert(recoveries))
REMOVE = prepare(delete(recoveries).where(scoped(recoveries), recoveries.c.staff_id == bindparam("staff_id")))
REMOVE_BY_MAKER = prepare(delete(recoveries).where(scoped(recoveries), recoveries.c.made_by == bindparam("maker")))
REMOVE_EXPIRED = prepare(
    delete(recoveries).where(scoped(recoveries), recoveries.c.expires_at <= bindparam("now", type_=moment))
)
USE = prepare(delete(recoveries).where(scoped(recoveries), is_open, recoveries.c.hash == bindparam("secret_hash")))
REPLACE_SECRET = prepare(
    update(recoveries)
    .where(scoped(recoveries), is_open, recoveries.c.staff_id == bindparam("staff_id"))
    .values(hash=bindparam("new_hash"))
)


# ---- for managers --------------------------------------------------------------------------------------------------


async def issue_recovery(ctx: Context, staff_id: UUID, *, hand_over: bool = False) -> RecoveryIssued:
    """Makes a link for one account; an earlier one opens nothing any more, and every session of the account ends.

    The link leaves by mail when the deployment has a channel; else, or with `hand_over`, it comes back here and is
    never shown again. Only a person or the server makes one: a token would come to more than it was given.
    Raises `MemberUnknown`, `AccountClosed`, `OwnRecovery`, `MailMisconfigured`.
    """
    require_manager(ctx)
    if ctx.actor.by_token:
        raise NotAllowed
    member = await get_member(ctx, staff_id)
    if not member.active:
        raise AccountClosed
    if ctx.actor.id == staff_id:
        raise OwnRecovery
    by_link = link_delivery.is_handed_over(ctx, hand_over)
    secret, until = new_secret(), ctx.now + dt.timedelta(hours=ctx.settings("staff", Settings).recovery_hours)
    await ctx.db.run(REMOVE_EXPIRED, now=ctx.now)
    await ctx.db.run(REMOVE, staff_id=staff_id)
    await ctx.db.run(
        ADD,
        staff_id=staff_id,
        hash=hash_secret(secret),
        made_by=ctx.actor.id if ctx.actor.kind == "staff" else None,
        created_at=ctx.now,
        expires_at=until,
    )
    ended = await sessions.end_all_sessions(ctx, staff_id)
    await forget_browsers_of(ctx, staff_id)
    details = {"by": "link" if by_link else "mail", "sessions": ended}
    await audit.record(ctx, "recovery.issued", subject=("staff", staff_id), details=details)
    language = member.language or ctx.tenant.languages[0]
    return RecoveryIssued(until, ended, link_delivery.link(ctx, language, PATH + secret) if by_link else None)


async def revoke_recovery(ctx: Context, staff_id: UUID) -> None:
    """Takes an account's link back, from the next request on. Raises `RecoveryGone` when there is none."""
    require_manager(ctx)
    if not await ctx.db.run(REMOVE, staff_id=staff_id):
        raise RecoveryGone
    await audit.record(ctx, "recovery.revoked", subject=("staff", staff_id))


async def remove_recovery_of(ctx: Context, staff_id: UUID) -> None:
    """Ends the link to an account that was closed, or whose person chose a new password herself."""
    await ctx.db.run(REMOVE, staff_id=staff_id)


async def remove_recoveries_made_by(ctx: Context, staff_id: UUID) -> None:
    """Ends the links that a person made who may no longer make any."""
    await ctx.db.run(REMOVE_BY_MAKER, maker=staff_id)


# ---- for who could not sign in -------------------------------------------------------------------------------------


async def open_recovery(ctx: Context, secret: str, *, source: str = "") -> Member:
    """Returns whose account a link opens again, and does not use it up. Raises `RecoveryGone`, `SignInPaused`.

    `source`: the caller's address, under which wrong guesses are counted.
    """
    keys = login_throttle.keys_for_source(ctx, "recovery", source, free=FREE_GUESSES)
    await login_throttle.refuse_while_paused(ctx, keys)
    staff_id = await find_by_secret(ctx, secret)
    if staff_id is None:
        await login_throttle.count_failure(ctx, keys)
        await audit.record(ctx, "recovery.not_opened")
        ctx.db.commit_on_refusal = True
        raise RecoveryGone
    return await get_member(ctx, staff_id)


async def recover(ctx: Context, secret: str, *, password: str, source: str = "") -> str:
    """Gives the account its new password, ends its sessions, signs its person in, and returns the session's secret.

    Raises `RecoveryGone`, `SignInPaused`, `PasswordWeak`, `TooBusy`; a password that is refused uses nothing up.
    """
    async with password_hashing.hashing_slot(ctx.tenant.id):
        member = await open_recovery(ctx, secret, source=source)
        check_password(password, names=names_to_avoid(ctx, member.email, member.name))
        if not await ctx.db.run(USE, secret_hash=hash_secret(secret), now=ctx.now):
            raise RecoveryGone
        await accounts.store_password(ctx, member.id, password)
    ended = await sessions.end_all_sessions(ctx, member.id)
    await forget_browsers_of(ctx, member.id)
    await audit.record(ctx, "recovery.used", subject=("staff", member.id), details={"sessions": ended})
    return await begin_session(ctx, member.id)


async def replace_secret(ctx: Context, staff_id: UUID) -> str | None:
    """Gives an open link a new secret, for the message that leaves now, and returns it; None when there is no link."""
    secret = new_secret()
    if not await ctx.db.run(REPLACE_SECRET, staff_id=staff_id, new_hash=hash_secret(secret), now=ctx.now):
        return None
    return secret
