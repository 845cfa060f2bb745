"""Changes the roles of staff, and closes and opens their accounts.

A change holds from the person's next request: roles are read at each one, and closing an account ends its sessions, the
tokens its person made and her open invitations. There is always an administrator who can sign in.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Text, any_, bindparam, literal, select, update

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.account_details import DetailsInvalid, role_problems
from spheres_core.staff.authorization import require_manager
from spheres_core.staff.operations import invitations, known_browsers, own_number, recoveries, sessions, tokens
from spheres_core.staff.queries.members import MemberUnknown, get_member, staff, usage_of
from spheres_core.staff.schemas import AccountUsage, Member

ADMINISTRATOR = "administrator"


class LastAdministrator(Conflict):
    """Nobody would be left who can look after accounts."""

    code = "last_administrator"
    message = msg("This is the last administrator who can sign in. Please make somebody else an administrator first.")


class OwnRoles(Conflict):
    """Nobody gives a role to their own account."""

    code = "own_roles"
    message = msg("Nobody gives new roles to their own account. Please ask another administrator.")


class DutiesOpen(Conflict):
    """Somebody takes care of something that nobody else would; `duties` says of how many of which kind."""

    code = "duties_open"
    message = msg("This person still follows young people. Please hand over her files first.")


HOLD = prepare(select(staff.c.id).where(scoped(staff), staff.c.id == bindparam("which")).with_for_update())
"""Whoever gives her something to take care of at this moment does so before, or finds what has changed."""
SET_ACTIVE = prepare(
    update(staff).where(scoped(staff), staff.c.id == bindparam("which")).values(active=bindparam("on"))
)
SET_ROLES = prepare(
    update(staff).where(scoped(staff), staff.c.id == bindparam("which")).values(roles=bindparam("given"))
)
SET_ORGANIZATION = prepare(
    update(staff).where(scoped(staff), staff.c.id == bindparam("which")).values(organization=bindparam("given"))
)
ADMINISTRATORS = prepare(
    select(staff.c.id)
    .where(scoped(staff), staff.c.active, literal(ADMINISTRATOR, Text()) == any_(staff.c.roles))
    .order_by(staff.c.id)
    .with_for_update()
)
"""Locked, so that two who leave at the same moment do not each count on the other."""


async def change_roles(
    ctx: Context, staff_id: UUID, roles: Iterable[str], *, organization: str | None = None
) -> Member:
    """Gives somebody these roles and no others. Who is no longer an administrator loses her tokens and invitations.

    `organization`: the key of the one she works for from now on, empty for the program itself; None to leave it.

    Raises `MemberUnknown`, `DetailsInvalid`, `LastAdministrator`, `OwnRoles`, `DutiesOpen`.
    """
    require_manager(ctx)
    given = tuple(dict.fromkeys(roles))
    before = await get_member(ctx, staff_id)
    if problems := role_problems(ctx, given, before.roles):
        raise DetailsInvalid(errors=problems)
    if organization is not None and (organization or None) != before.organization:
        await invitations.check_organization(ctx, organization)
        await ctx.db.run(SET_ORGANIZATION, which=staff_id, given=organization or None)
        where = {"organization": organization}
        await audit.record(ctx, "staff.organization_changed", subject=("staff", staff_id), details=where)
        before = await get_member(ctx, staff_id)
    if set(given) == set(before.roles):
        return before
    if ctx.actor.id == staff_id and not set(given) <= set(before.roles):
        raise OwnRoles
    demoted = ADMINISTRATOR in before.roles and ADMINISTRATOR not in given
    if demoted:
        await _refuse_last_administrator(ctx, staff_id)
    await _refuse_open_duties(ctx, staff_id, given)
    await ctx.db.run(SET_ROLES, which=staff_id, given=list(given))
    if demoted:
        await _revoke_issued(ctx, staff_id)
    details = {"from": list(before.roles), "to": list(given)}
    await audit.record(ctx, "staff.roles_changed", subject=("staff", staff_id), details=details)
    return await get_member(ctx, staff_id)


async def close_account(ctx: Context, staff_id: UUID) -> AccountUsage:
    """Closes an account at once: nobody can sign in with it until it is opened again. Returns what ended with it.

    Raises `MemberUnknown`, `LastAdministrator`, `DutiesOpen`.
    """
    require_manager(ctx)
    member = await get_member(ctx, staff_id)
    await _refuse_last_administrator(ctx, staff_id)
    await _refuse_open_duties(ctx, staff_id, ())
    usage = await usage_of(ctx, member)
    await ctx.db.run(SET_ACTIVE, which=staff_id, on=False)
    await sessions.end_all_sessions(ctx, staff_id)
    await known_browsers.forget_browsers_of(ctx, staff_id)
    await recoveries.remove_recovery_of(ctx, staff_id)
    await own_number.forget_number(ctx, staff_id)
    await _revoke_issued(ctx, staff_id)
    details = {"sessions": usage.sessions, "tokens": usage.tokens, "invitations": usage.invitations}
    await audit.record(ctx, "staff.switched_off", subject=("staff", staff_id), details=details)
    return usage


async def open_account(ctx: Context, staff_id: UUID) -> None:
    """Opens a closed account again. What ended with it stays ended. Raises `MemberUnknown`."""
    require_manager(ctx)
    if not await ctx.db.run(SET_ACTIVE, which=staff_id, on=True):
        raise MemberUnknown
    await audit.record(ctx, "staff.switched_on", subject=("staff", staff_id))


async def _refuse_last_administrator(ctx: Context, staff_id: UUID) -> None:
    able = [id for (id,) in await ctx.db.all(ADMINISTRATORS)]
    if able == [staff_id]:
        raise LastAdministrator


async def _refuse_open_duties(ctx: Context, staff_id: UUID, roles: Iterable[str]) -> None:
    """Refuses to leave with these roles somebody who takes care of what they do not let her take care of."""
    await ctx.db.run(HOLD, which=staff_id)
    left = [each for each in ctx.plugins.duties if not ctx.plugins.permits(frozenset(roles), each.permission)]
    held = {each.name: number for each in left if (number := await each.count(ctx, staff_id))}
    if held:
        raise DutiesOpen(extra={"duties": held})


async def _revoke_issued(ctx: Context, staff_id: UUID) -> None:
    await tokens.revoke_tokens_of(ctx, staff_id)
    await invitations.revoke_invitations_of(ctx, staff_id)
    await recoveries.remove_recoveries_made_by(ctx, staff_id)
