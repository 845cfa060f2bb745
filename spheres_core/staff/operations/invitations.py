"""Inviting somebody onto the staff: a link that works once, opens one page, and asks for a password and nothing else.

Nobody but the invited person ever knows the password. The link's secret is 256 random bits of which only the hash is
kept; when it leaves by mail it is made at that moment, so that no job and no row ever held it. What becomes of a link:

- it was used, its time is over, it was revoked, made anew, or never existed: the same calm page
- mail cannot carry it (the domain does not exist, the server refuses): tried again for some hours, then shown among the
  parked deliveries; the administrator makes a link to hand over instead
- who made it is closed out or no longer an administrator: it is revoked with that
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import DateTime, and_, bindparam, delete, func, insert, or_, select, update

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, NotFound
from spheres_core.foundation.plugins.registrations import Telling
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.mail_settings import ChannelMisconfigured, read_mail_settings
from spheres_core.notifications.notices import INVITATION
from spheres_core.notifications.operations import messages as notifications
from spheres_core.notifications.schemas import Recipient
from spheres_core.staff import passwords
from spheres_core.staff.operations import accounts, login_throttle
from spheres_core.staff.operations.accounts import SECRET_LENGTH, DetailsInvalid, EmailTaken, hash_of, must_manage
from spheres_core.staff.queries import invitations, normalized
from spheres_core.staff.schemas import Invitation, InvitationPosted, Invited, Settings

PATH = "/invitation/"
FREE_GUESSES = 20
"""Links that open nothing, from one place on one day, before the next has to wait."""
SHOWN_FOR = dt.timedelta(days=30)
"""How long an invitation that is over stays in the list; then it is erased."""
_moment = DateTime(timezone=True)


class InvitationGone(NotFound):
    """The link was used, revoked, made anew, is too old, or never was. The answer is the same."""

    code = "invitation_gone"
    message = msg("This link does not open anything any more.")


class InvitationUnknown(NotFound):
    """No invitation that could still be accepted, or sent again."""


class AlreadyInvited(Conflict):
    """There is an open invitation for this address."""

    code = "already_invited"
    message = msg("This person has an open invitation already. Send it again, or revoke it first.")


class MailMisconfigured(Conflict):
    """What the deployment says of mail cannot be used."""

    code = "mail_misconfigured"
    message = msg("Mail is not set up as it should be on this installation. Whoever runs it can see why.")


class _Row(Struct, frozen=True):
    id: UUID
    email: bytes
    name: bytes
    roles: list[str]
    language: str
    created_at: dt.datetime
    expires_at: dt.datetime
    accepted_at: dt.datetime | None
    revoked_at: dt.datetime | None


_waiting = and_(invitations.c.accepted_at.is_(None), invitations.c.revoked_at.is_(None))
_open = and_(_waiting, invitations.c.expires_at > bindparam("now", type_=_moment))
_columns = [invitations.c[name] for name in _Row.__struct_fields__]
ADD = prepare(insert(invitations))
ALL = prepare(select(*_columns).where(scoped(invitations)).order_by(invitations.c.created_at.desc()), into=_Row)
OPEN_FOR = prepare(
    select(invitations.c.id).where(scoped(invitations), _open, invitations.c.email_index == bindparam("email_index"))
)
BY_HASH = prepare(
    select(*_columns).where(scoped(invitations), _open, invitations.c.hash == bindparam("secret_hash")), into=_Row
)
ONE_OPEN = prepare(select(*_columns).where(scoped(invitations), _open, invitations.c.id == bindparam("id")), into=_Row)
ACCEPT = prepare(
    update(invitations)
    .where(scoped(invitations), _open, invitations.c.hash == bindparam("secret_hash"))
    .values(accepted_at=bindparam("now", type_=_moment))
)
RENEW = prepare(
    update(invitations)
    .where(scoped(invitations), _waiting, invitations.c.id == bindparam("which"))
    .values(hash=bindparam("new_hash"), expires_at=bindparam("until"))
)
MINT = prepare(
    update(invitations)
    .where(scoped(invitations), _open, invitations.c.id == bindparam("which"))
    .values(hash=bindparam("new_hash"))
)
REVOKE = prepare(
    update(invitations)
    .where(scoped(invitations), _waiting, invitations.c.id == bindparam("which"))
    .values(revoked_at=bindparam("now"))
)
REVOKE_OF = prepare(
    update(invitations)
    .where(scoped(invitations), _open, invitations.c.made_by == bindparam("maker"))
    .values(revoked_at=bindparam("now", type_=_moment))
)
COUNT_OF = prepare(
    select(func.count())
    .select_from(invitations)
    .where(scoped(invitations), _open, invitations.c.made_by == bindparam("maker"))
)
FORGET = prepare(
    delete(invitations).where(
        scoped(invitations),
        or_(
            invitations.c.expires_at < bindparam("long_ago", type_=_moment),
            invitations.c.accepted_at < bindparam("long_ago", type_=_moment),
            invitations.c.revoked_at < bindparam("long_ago", type_=_moment),
        ),
    )
)


# ---- for who invites -----------------------------------------------------------------------------------------------


async def invite(ctx: Context, posted: InvitationPosted) -> Invited:
    """Open an account's door for one person.

    Only who looks after accounts may, so nobody gives a role that is above the own. The link leaves by mail when the
    deployment has a channel; else, or with `hand_over`, it comes back here and is never shown again.
    Raises `EmailTaken`, `AlreadyInvited`, `MailMisconfigured`, or `DetailsInvalid` with the places.
    """
    must_manage(ctx)
    roles = tuple(dict.fromkeys(posted.roles))
    accounts.check_details(posted.email, posted.name, roles)
    language = _language(ctx, posted.language)
    by_link = _by_link(ctx, posted.hand_over)
    if not by_link:
        _check_address(posted.email)
    await ctx.db.run(FORGET, long_ago=ctx.now - SHOWN_FOR)
    index = ctx.keys.blind("staff e-mail", normalized(posted.email))
    if await accounts.is_on_the_staff(ctx, posted.email):
        raise EmailTaken
    if await ctx.db.scalar(OPEN_FOR, email_index=index, now=ctx.now) is not None:
        raise AlreadyInvited
    id, secret, until = uuid7(), secrets.token_urlsafe(32), _until(ctx)
    await ctx.db.run(
        ADD,
        id=id,
        hash=hash_of(secret),
        email=ctx.keys.seal("staff_invitations", id, "email", posted.email.strip()),
        email_index=index,
        name=ctx.keys.seal("staff_invitations", id, "name", posted.name.strip()),
        roles=list(roles),
        language=language,
        made_by=ctx.actor.id if ctx.actor.kind == "staff" else None,
        created_at=ctx.now,
        expires_at=until,
    )
    details = {"roles": list(roles), "by": "link" if by_link else "mail"}
    await audit.record(ctx, "staff.invited", subject=("invitation", id), details=details)
    return Invited(id, until, _link(ctx, language, secret) if by_link else None)


async def renew(ctx: Context, id: UUID, *, hand_over: bool = False) -> Invited:
    """Send an invitation again, from the start of its time; the link that was given before opens nothing any more.

    Raises `InvitationUnknown`, `MailMisconfigured`.
    """
    must_manage(ctx)
    by_link = _by_link(ctx, hand_over)
    secret, until = secrets.token_urlsafe(32), _until(ctx)
    if not await ctx.db.run(RENEW, which=id, new_hash=hash_of(secret), until=until):
        raise InvitationUnknown
    details = {"by": "link" if by_link else "mail"}
    await audit.record(ctx, "invitation.renewed", subject=("invitation", id), details=details)
    found = await ctx.db.one_or_none(ONE_OPEN, id=id, now=ctx.now)
    assert found is not None
    return Invited(id, until, _link(ctx, found.language, secret) if by_link else None)


async def revoke(ctx: Context, id: UUID) -> None:
    """Take an invitation back, from the next request on. Raises `InvitationUnknown`."""
    must_manage(ctx)
    if not await ctx.db.run(REVOKE, which=id, now=ctx.now):
        raise InvitationUnknown
    await audit.record(ctx, "invitation.revoked", subject=("invitation", id))


async def revoke_those_of(ctx: Context, staff_id: UUID) -> int:
    """Take back what somebody who may no longer invite has open; how many there were."""
    return await ctx.db.run(REVOKE_OF, maker=staff_id, now=ctx.now)


async def count_those_of(ctx: Context, staff_id: UUID) -> int:
    """How many open invitations somebody made."""
    return int(await ctx.db.scalar(COUNT_OF, maker=staff_id, now=ctx.now))


async def show_invitations(ctx: Context) -> list[Invitation]:
    """Every invitation of the last weeks, newest first; that they were shown becomes an entry."""
    must_manage(ctx)
    found = [_shown(ctx, row) for row in await ctx.db.all(ALL)]
    await audit.record(ctx, "invitations.listed", shown=[each.id for each in found])
    return found


# ---- for who is invited --------------------------------------------------------------------------------------------


async def look_at(ctx: Context, secret: str, *, source: str = "") -> Invitation:
    """What a link opens; looking uses nothing up. Raises `InvitationGone`, `SignInPaused`."""
    return _shown(ctx, await _find(ctx, secret, source))


async def accept(ctx: Context, secret: str, *, password: str, source: str = "") -> str:
    """Make the account and sign its person in: the session's secret. Its language is that of the invitation.

    Raises `InvitationGone`, `SignInPaused`, `PasswordWeak`, `TooBusy`; a password that is refused uses nothing up.
    """
    async with passwords.turn():
        found = await _find(ctx, secret, source)
        shown = _shown(ctx, found)
        passwords.check(password, names=accounts.names_around(ctx, shown.email, shown.name))
        made = await passwords.hashed(password)
    if await accounts.is_on_the_staff(ctx, shown.email):
        raise InvitationGone
    if not await ctx.db.run(ACCEPT, secret_hash=hash_of(secret), now=ctx.now):
        raise InvitationGone
    id = await accounts.take_on(
        ctx, shown.email, name=shown.name, roles=shown.roles, hashed=made, language=shown.language
    )
    await audit.record(ctx, "invitation.accepted", subject=("invitation", found.id), details={"staff": str(id)})
    return await accounts.begin_session(ctx, id, "")


async def _find(ctx: Context, secret: str, source: str) -> _Row:
    keys = login_throttle.keys_of_guess(ctx, "invitation", source, free=FREE_GUESSES)
    await login_throttle.refuse_while_waiting(ctx, keys)
    found = None
    if len(secret) == SECRET_LENGTH:
        found = await ctx.db.one_or_none(BY_HASH, secret_hash=hash_of(secret), now=ctx.now)
    if found is None:
        await login_throttle.count_failure(ctx, keys)
        await audit.record(ctx, "invitation.not_opened")
        ctx.db.keep = True
        raise InvitationGone
    return found


# ---- after commit --------------------------------------------------------------------------------------------------


async def tell_invited(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Telling]:
    """The message to the invited person, unless the link was handed over or the invitation is over."""
    if details["by"] != "mail" or await ctx.db.one_or_none(ONE_OPEN, id=id, now=ctx.now) is None:
        return []
    return [Telling(id, partial(_send, id=id, cause=UUID(details["entry"])))]


async def _send(ctx: Context, *, id: UUID, cause: UUID) -> None:
    """Make the secret and send it, in one transaction: when sending fails nothing has changed."""
    found = await ctx.db.one_or_none(ONE_OPEN, id=id, now=ctx.now)
    if found is None:
        return
    secret = secrets.token_urlsafe(32)
    await ctx.db.run(MINT, which=id, new_hash=hash_of(secret), now=ctx.now)
    to = Recipient(id, _opened(ctx, found, "email"), found.language, kind="invitation")
    await notifications.send(ctx, to, INVITATION, cause=cause, path=PATH + secret)


# ---- private -------------------------------------------------------------------------------------------------------


def by_mail(ctx: Context) -> bool:
    """Would an invitation leave by mail? Also when mail cannot be used as it is: inviting then says so."""
    try:
        return notifications.has_channel(ctx)
    except ChannelMisconfigured:
        return True


def _by_link(ctx: Context, hand_over: bool) -> bool:
    try:
        return hand_over or not notifications.has_channel(ctx)
    except ChannelMisconfigured:
        raise MailMisconfigured from None


def _link(ctx: Context, language: str, secret: str) -> str:
    try:
        machine = read_mail_settings()
    except ChannelMisconfigured:
        raise MailMisconfigured from None
    return notifications.page_address(ctx, ctx.plugins.locale(language, ctx.tenant.languages), machine, PATH + secret)


def _until(ctx: Context) -> dt.datetime:
    return ctx.now + dt.timedelta(days=ctx.settings("staff", Settings).invitation_days)


def _check_address(email: str) -> None:
    try:
        notifications.check_address(email.strip())
    except notifications.AddressUnusable as unusable:
        raise DetailsInvalid(errors=[Problem(unusable.message, path="email")]) from None


def _language(ctx: Context, asked: str) -> str:
    """The tenant's tag for `fr` or `fr-CA`; the tenant's first when none is asked."""
    if not asked:
        return ctx.tenant.languages[0]
    for tag in ctx.tenant.languages:
        if asked.lower() in (tag.lower(), tag.partition("-")[0].lower()):
            return tag
    raise DetailsInvalid(errors=[Problem(msg("This region does not have that language."), path="language")])


def _opened(ctx: Context, row: _Row, column: str) -> str:
    return ctx.keys.open("staff_invitations", row.id, column, getattr(row, column)).decode()


def _shown(ctx: Context, row: _Row) -> Invitation:
    state = "accepted" if row.accepted_at else "revoked" if row.revoked_at else "open"
    if state == "open" and row.expires_at <= ctx.now:
        state = "expired"
    language = row.language if row.language in ctx.tenant.languages else ctx.tenant.languages[0]
    return Invitation(
        row.id, _opened(ctx, row, "email"), _opened(ctx, row, "name"), tuple(row.roles), language, row.created_at,
        row.expires_at, state,
    )  # fmt: skip
