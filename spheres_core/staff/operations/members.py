"""Who works here, with which roles, and whose account is open: for those who look after accounts.

A change holds from the person's next request: roles are read at each one, and closing an account ends her sessions, the
tokens she made and the invitations she has open. There is always an administrator who can sign in.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Text, any_, bindparam, func, literal, select, update

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff import queries
from spheres_core.staff.operations import invitations
from spheres_core.staff.operations.accounts import (
    END_ALL,
    DetailsInvalid,
    StaffUnknown,
    known_member,
    must_manage,
    role_problems,
)
from spheres_core.staff.queries import IDLE, LONGEST, sessions, staff, tokens
from spheres_core.staff.schemas import Held, Member

ADMINISTRATOR = "administrator"


class LastAdministrator(Conflict):
    """Nobody would be left who can look after accounts."""

    code = "last_administrator"
    message = msg("This is the last administrator who can sign in. Please make somebody else an administrator first.")


class OwnRoles(Conflict):
    """Nobody gives a role to the own account."""

    code = "own_roles"
    message = msg("Nobody gives new roles to their own account. Please ask another administrator.")


SWITCH = prepare(update(staff).where(scoped(staff), staff.c.id == bindparam("which")).values(active=bindparam("on")))
GIVE = prepare(update(staff).where(scoped(staff), staff.c.id == bindparam("which")).values(roles=bindparam("given")))
ADMINISTRATORS = prepare(
    select(staff.c.id)
    .where(scoped(staff), staff.c.active, literal(ADMINISTRATOR, Text()) == any_(staff.c.roles))
    .order_by(staff.c.id)
    .with_for_update()
)
"""Locked, so that two who leave at the same moment do not each count on the other."""
OTHERS_ROLES = prepare(
    select(func.unnest(staff.c.roles)).where(scoped(staff), staff.c.active, staff.c.id != bindparam("which")).distinct()
)
SESSIONS = prepare(
    select(func.count())
    .select_from(sessions)
    .where(scoped(sessions), sessions.c.staff_id == bindparam("which"))
    .where(sessions.c.created_at > bindparam("oldest"), sessions.c.last_seen_at > bindparam("idle_since"))
)
_hers = (
    scoped(tokens),
    tokens.c.made_by == bindparam("maker"),
    tokens.c.revoked_at.is_(None),
)
TOKENS = prepare(select(func.count()).select_from(tokens).where(*_hers, tokens.c.expires_at > bindparam("now")))
REVOKE_TOKENS = prepare(update(tokens).where(*_hers).values(revoked_at=bindparam("now")))


async def show_staff(ctx: Context) -> list[Member]:
    """Everybody on the staff, for the administration; that they were shown becomes an entry."""
    must_manage(ctx)
    found = await queries.members(ctx)
    await audit.record(ctx, "staff.listed", shown=[member.id for member in found])
    return found


async def show_member(ctx: Context, staff_id: UUID) -> tuple[Member, Held]:
    """One account and what hangs on it; that it was shown becomes an entry. Raises `StaffUnknown`."""
    must_manage(ctx)
    found = await known_member(ctx, staff_id)
    await audit.record(ctx, "staff.shown", subject=("staff", staff_id))
    return found, await held_by(ctx, found)


async def held_by(ctx: Context, member: Member) -> Held:
    """What ends, and what nobody else would do, when this account is closed."""
    others = {role for (role,) in await ctx.db.all(OTHERS_ROLES, which=member.id)}
    return Held(
        sessions=await ctx.db.scalar(SESSIONS, which=member.id, oldest=ctx.now - LONGEST, idle_since=ctx.now - IDLE),
        tokens=await ctx.db.scalar(TOKENS, maker=member.id, now=ctx.now),
        invitations=await invitations.count_those_of(ctx, member.id),
        alone_in=tuple(role for role in member.roles if role not in others) if member.active else (),
    )


async def change_roles(ctx: Context, staff_id: UUID, roles: Iterable[str]) -> Member:
    """Give somebody these roles and no others. Who is no longer an administrator loses the tokens and invitations made.

    Raises `StaffUnknown`, `DetailsInvalid`, `LastAdministrator`, `OwnRoles`.
    """
    must_manage(ctx)
    given = tuple(dict.fromkeys(roles))
    if problems := role_problems(given):
        raise DetailsInvalid(errors=problems)
    before = await known_member(ctx, staff_id)
    if set(given) == set(before.roles):
        return before
    if ctx.actor.id == staff_id and not set(given) <= set(before.roles):
        raise OwnRoles
    demoted = ADMINISTRATOR in before.roles and ADMINISTRATOR not in given
    if demoted:
        await _refuse_the_last(ctx, staff_id)
    await ctx.db.run(GIVE, which=staff_id, given=list(given))
    if demoted:
        await _end_powers(ctx, staff_id)
    details = {"from": list(before.roles), "to": list(given)}
    await audit.record(ctx, "staff.roles_changed", subject=("staff", staff_id), details=details)
    return await known_member(ctx, staff_id)


async def switch_off(ctx: Context, staff_id: UUID) -> Held:
    """Close an account at once: nobody can sign in with it until it is switched on again. What it held until now.

    Raises `StaffUnknown`, `LastAdministrator`.
    """
    must_manage(ctx)
    member = await known_member(ctx, staff_id)
    await _refuse_the_last(ctx, staff_id)
    held = await held_by(ctx, member)
    await ctx.db.run(SWITCH, which=staff_id, on=False)
    await ctx.db.run(END_ALL, staff_id=staff_id)
    await _end_powers(ctx, staff_id)
    details = {"sessions": held.sessions, "tokens": held.tokens, "invitations": held.invitations}
    await audit.record(ctx, "staff.switched_off", subject=("staff", staff_id), details=details)
    return held


async def switch_on(ctx: Context, staff_id: UUID) -> None:
    """Open a closed account again. What ended with it stays ended. Raises `StaffUnknown`."""
    must_manage(ctx)
    if not await ctx.db.run(SWITCH, which=staff_id, on=True):
        raise StaffUnknown
    await audit.record(ctx, "staff.switched_on", subject=("staff", staff_id))


async def _refuse_the_last(ctx: Context, staff_id: UUID) -> None:
    able = [id for (id,) in await ctx.db.all(ADMINISTRATORS)]
    if able == [staff_id]:
        raise LastAdministrator


async def _end_powers(ctx: Context, staff_id: UUID) -> None:
    await ctx.db.run(REVOKE_TOKENS, maker=staff_id, now=ctx.now)
    await invitations.revoke_those_of(ctx, staff_id)
