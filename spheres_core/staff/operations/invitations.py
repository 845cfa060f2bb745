"""Invites people onto the staff: a link that works once opens a page that asks for a password and nothing else.

Nobody but the invited person ever knows the password. Only the hash of the link's secret is kept; when the link leaves
by mail, its secret is made at that moment, so that no job and no row ever held it. How a link can end:

- it was accepted, expired, revoked, renewed, or never existed: the same page says so
- mail cannot carry it (the domain does not exist, the server refuses): tried again for some hours, then shown among the
  parked deliveries; the administrator makes a link to hand over instead
- who made it is no longer an administrator or her account is closed: it is revoked with that
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, or_, update

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, NotFound
from spheres_core.foundation.languages import localization
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.operations import messages as notifications
from spheres_core.partners.queries.partners import organization_names
from spheres_core.staff import password_hashing
from spheres_core.staff.access_secrets import hash_secret, new_secret
from spheres_core.staff.account_details import DetailsInvalid, check_details, names_to_avoid
from spheres_core.staff.authorization import require_manager
from spheres_core.staff.operations import accounts, link_delivery, login_throttle
from spheres_core.staff.operations.accounts import EmailTaken
from spheres_core.staff.operations.sessions import begin_session
from spheres_core.staff.passwords import check_password
from spheres_core.staff.queries.invitations import (
    find_by_secret,
    find_open_invitation,
    has_open_invitation,
    invitations,
    is_open,
    moment,
    not_used,
)
from spheres_core.staff.queries.members import email_index, has_account
from spheres_core.staff.schemas import Invitation, InvitationIssued, InvitationPosted
from spheres_core.staff.settings import Settings

PATH = "/invitation#"
"""The secret is in the fragment, which no server and no log ever sees."""
FREE_GUESSES = 20
"""Links that open nothing, from one address on one day, before the next has to wait."""
SHOWN_FOR = dt.timedelta(days=30)
"""How long an invitation that has ended stays in the list; then it is erased."""


class InvitationGone(NotFound):
    """The link was accepted, revoked or renewed, has expired, or never was. The answer is the same."""

    code = "invitation_gone"
    message = msg("This link does not open anything any more.")


class InvitationUnknown(NotFound):
    """No invitation that could still be accepted, or sent again."""


class AlreadyInvited(Conflict):
    """There is an open invitation for this address."""

    code = "already_invited"
    message = msg("This person has an open invitation already. Send it again, or revoke it first.")


ADD = prepare(insert(invitations))
ACCEPT = prepare(
    update(invitations)
    .where(scoped(invitations), is_open, invitations.c.hash == bindparam("secret_hash"))
    .values(accepted_at=bindparam("now", type_=moment))
)
RENEW = prepare(
    update(invitations)
    .where(scoped(invitations), not_used, invitations.c.id == bindparam("which"))
    .values(hash=bindparam("new_hash"), expires_at=bindparam("until"))
)
REPLACE_SECRET = prepare(
    update(invitations)
    .where(scoped(invitations), is_open, invitations.c.id == bindparam("which"))
    .values(hash=bindparam("new_hash"))
)
REVOKE = prepare(
    update(invitations)
    .where(scoped(invitations), not_used, invitations.c.id == bindparam("which"))
    .values(revoked_at=bindparam("now"))
)
REVOKE_BY_MAKER = prepare(
    update(invitations)
    .where(scoped(invitations), is_open, invitations.c.made_by == bindparam("maker"))
    .values(revoked_at=bindparam("now", type_=moment))
)
ERASE_OLD = prepare(
    delete(invitations).where(
        scoped(invitations),
        or_(
            invitations.c.expires_at < bindparam("long_ago", type_=moment),
            invitations.c.accepted_at < bindparam("long_ago", type_=moment),
            invitations.c.revoked_at < bindparam("long_ago", type_=moment),
        ),
    )
)


# ---- for managers --------------------------------------------------------------------------------------------------


async def invite(ctx: Context, posted: InvitationPosted) -> InvitationIssued:
    """Makes an invitation for one person.

    Only a manager may, so nobody gives a role above their own. The link leaves by mail when the deployment has a
    channel; else, or with `hand_over`, it comes back here and is never shown again.
    Raises `EmailTaken`, `AlreadyInvited`, `MailMisconfigured`, or `DetailsInvalid` with the places.
    """
    require_manager(ctx)
    roles = tuple(dict.fromkeys(posted.roles))
    check_details(ctx, posted.email, posted.name, roles)
    await check_organization(ctx, posted.organization)
    language = _language(ctx, posted.language)
    by_link = link_delivery.is_handed_over(ctx, posted.hand_over)
    if not by_link:
        _check_address(posted.email)
    await ctx.db.run(ERASE_OLD, long_ago=ctx.now - SHOWN_FOR)
    index = email_index(ctx, posted.email)
    if await has_account(ctx, posted.email):
        raise EmailTaken
    if await has_open_invitation(ctx, index):
        raise AlreadyInvited
    id, secret, until = uuid7(), new_secret(), _until(ctx)
    await ctx.db.run(
        ADD,
        id=id,
        hash=hash_secret(secret),
        email=ctx.keys.seal("staff_invitations", id, "email", posted.email.strip()),
        email_index=index,
        name=ctx.keys.seal("staff_invitations", id, "name", posted.name.strip()),
        roles=list(roles),
        organization=posted.organization or None,
        language=language,
        made_by=ctx.actor.id if ctx.actor.kind == "staff" else None,
        created_at=ctx.now,
        expires_at=until,
    )
    details = {"roles": list(roles), "by": "link" if by_link else "mail"}
    await audit.record(ctx, "staff.invited", subject=("invitation", id), details=details)
    return InvitationIssued(id, until, link_delivery.link(ctx, language, PATH + secret) if by_link else None)


async def renew(ctx: Context, id: UUID, *, hand_over: bool = False) -> InvitationIssued:
    """Sends an invitation again, with its whole time; the link that was given before opens nothing any more.

    Raises `InvitationUnknown`, `MailMisconfigured`.
    """
    require_manager(ctx)
    by_link = link_delivery.is_handed_over(ctx, hand_over)
    secret, until = new_secret(), _until(ctx)
    if not await ctx.db.run(RENEW, which=id, new_hash=hash_secret(secret), until=until):
        raise InvitationUnknown
    details = {"by": "link" if by_link else "mail"}
    await audit.record(ctx, "invitation.renewed", subject=("invitation", id), details=details)
    found = await find_open_invitation(ctx, id)
    assert found is not None
    return InvitationIssued(id, until, link_delivery.link(ctx, found.language, PATH + secret) if by_link else None)


async def revoke(ctx: Context, id: UUID) -> None:
    """Revokes an invitation, from the next request on. Raises `InvitationUnknown`."""
    require_manager(ctx)
    if not await ctx.db.run(REVOKE, which=id, now=ctx.now):
        raise InvitationUnknown
    await audit.record(ctx, "invitation.revoked", subject=("invitation", id))


async def revoke_invitations_of(ctx: Context, staff_id: UUID) -> None:
    """Revokes the open invitations of a person who may no longer invite."""
    await ctx.db.run(REVOKE_BY_MAKER, maker=staff_id, now=ctx.now)


# ---- for the invited person ----------------------------------------------------------------------------------------


async def open_invitation(ctx: Context, secret: str, *, source: str = "") -> Invitation:
    """Returns the invitation that a link opens, and does not use it up. Raises `InvitationGone`, `SignInPaused`.

    `source`: the caller's address, under which wrong guesses are counted.
    """
    keys = login_throttle.keys_for_source(ctx, "invitation", source, free=FREE_GUESSES)
    await login_throttle.refuse_while_paused(ctx, keys)
    found = await find_by_secret(ctx, secret)
    if found is None:
        await login_throttle.count_failure(ctx, keys)
        await audit.record(ctx, "invitation.not_opened")
        ctx.db.commit_on_refusal = True
        raise InvitationGone
    return found


async def accept(ctx: Context, secret: str, *, password: str, source: str = "") -> str:
    """Makes the account in the invitation's language, signs its person in, and returns the session's secret.

    Raises `InvitationGone`, `SignInPaused`, `PasswordWeak`, `TooBusy`; a password that is refused uses nothing up.
    """
    async with password_hashing.hashing_slot(ctx.tenant.id):
        found = await open_invitation(ctx, secret, source=source)
        check_password(password, names=names_to_avoid(ctx, found.email, found.name))
        password_hash = await password_hashing.hash_password(password)
    if await has_account(ctx, found.email):
        raise InvitationGone
    if not await ctx.db.run(ACCEPT, secret_hash=hash_secret(secret), now=ctx.now):
        raise InvitationGone
    id = await accounts.add_account(
        ctx, found.email, name=found.name, roles=found.roles, password_hash=password_hash, language=found.language,
        organization=found.organization,
    )  # fmt: skip
    await audit.record(ctx, "invitation.accepted", subject=("invitation", found.id), details={"staff": str(id)})
    return await begin_session(ctx, id)


async def replace_secret(ctx: Context, id: UUID) -> str:
    """Gives an open invitation a new secret, for the link that leaves by mail now, and returns it."""
    secret = new_secret()
    await ctx.db.run(REPLACE_SECRET, which=id, new_hash=hash_secret(secret), now=ctx.now)
    return secret


# ---- private -------------------------------------------------------------------------------------------------------


async def check_organization(ctx: Context, key: str) -> None:
    """Raises `DetailsInvalid` unless this is an organization of the directory, or none."""
    if key and key not in await organization_names(ctx):
        raise DetailsInvalid(
            errors=[Problem(msg("There is no such organization in the directory."), path="organization")]
        )


def _until(ctx: Context) -> dt.datetime:
    return ctx.now + dt.timedelta(days=ctx.settings("staff", Settings).invitation_days)


def _check_address(email: str) -> None:
    try:
        notifications.check_address(email.strip())
    except notifications.AddressUnusable as unusable:
        raise DetailsInvalid(errors=[Problem(unusable.message, path="email")]) from None


def _language(ctx: Context, asked: str) -> str:
    """Returns the tenant's tag for `fr` or `fr-CA`; the tenant's first when none is asked."""
    if not asked:
        return ctx.tenant.languages[0]
    if tag := localization.match(asked, ctx.tenant.languages):
        return tag
    raise DetailsInvalid(errors=[Problem(msg("This region does not have that language."), path="language")])
