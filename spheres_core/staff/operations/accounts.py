"""What staff and those who look after accounts do: sign in and out, make accounts and tokens, take them back.

A secret that is handed out is 256 random bits and is stored as its hash only. Whatever ends access (signing out
everywhere, a new password, an account switched off, a token taken back) holds from the very next request.
"""

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import Struct, structs
from sqlalchemy import DateTime, and_, bindparam, delete, insert, or_, select, update

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.staff import passwords, queries
from spheres_core.staff.operations import login_throttle
from spheres_core.staff.permissions import MANAGE
from spheres_core.staff.queries import IDLE, LONGEST, normalized, sessions, staff, tokens
from spheres_core.staff.schemas import ROLES, Member

TOKEN_PREFIX = "sph_"  # noqa: S105 (what every token begins with, not one)
LONGEST_TOKEN_DAYS = 366
SEEN_EVERY = dt.timedelta(minutes=1)
"""How exact `last_seen_at` is; a write at each request would buy nothing."""
SECRET_LENGTH = len(secrets.token_urlsafe(32))
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_moment = DateTime(timezone=True)


class SignInFailed(Invalid):
    """No such account, not its password, or an account that is switched off: the answer is the same."""

    code = "sign_in_failed"
    message = msg("The e-mail or the password is not right.")


class EmailTaken(Conflict):
    """Somebody on this tenant's staff has this address."""

    code = "email_taken"
    message = msg("Somebody on the staff has this e-mail already.")


class DetailsInvalid(Invalid):
    """An account or a token cannot be made like this; `errors` names each place."""

    code = "details_invalid"


class StaffUnknown(NotFound):
    """No such person on this tenant's staff."""


class TokenUnknown(NotFound):
    """No such token, or it was taken back before."""


class _Known(Struct, frozen=True):
    id: UUID
    password_hash: bytes
    active: bool


BY_EMAIL = prepare(
    select(staff.c.id, staff.c.password_hash, staff.c.active).where(
        scoped(staff), staff.c.email_index == bindparam("email_index")
    ),
    into=_Known,
)
ADD_STAFF = prepare(insert(staff))
SIGNED_IN = prepare(
    update(staff).where(scoped(staff), staff.c.id == bindparam("which")).values(last_sign_in_at=bindparam("now"))
)
NEW_PASSWORD = prepare(
    update(staff).where(scoped(staff), staff.c.id == bindparam("which")).values(password_hash=bindparam("sealed"))
)
BY_SESSION = prepare(
    select(staff.c.id, staff.c.name, staff.c.roles, sessions.c.last_seen_at)
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
ADD_SESSION = prepare(insert(sessions))
END_SESSION = prepare(
    delete(sessions).where(scoped(sessions), sessions.c.id == bindparam("session")).returning(sessions.c.staff_id)
)
END_ALL = prepare(delete(sessions).where(scoped(sessions), sessions.c.staff_id == bindparam("staff_id")))
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
BY_TOKEN = prepare(
    select(tokens.c.id, tokens.c.label, tokens.c.roles).where(
        scoped(tokens),
        tokens.c.hash == bindparam("hash"),
        tokens.c.revoked_at.is_(None),
        tokens.c.expires_at > bindparam("now"),
    )
)
ADD_TOKEN = prepare(insert(tokens))
REVOKE = prepare(
    update(tokens)
    .where(scoped(tokens), tokens.c.id == bindparam("which"), tokens.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)


# ---- who is calling ------------------------------------------------------------------------------------------------


async def authenticate(ctx: Context, bearer: str, cookie: str) -> Actor | None:
    """Who shows this token or session cookie, in one statement; None when it is not, or no longer, good here."""
    return await (_by_token(ctx, bearer) if bearer else _by_session(ctx, cookie))


async def _by_token(ctx: Context, bearer: str) -> Actor | None:
    if not bearer.startswith(TOKEN_PREFIX) or len(bearer) != len(TOKEN_PREFIX) + SECRET_LENGTH:
        return None
    found = await ctx.db.one_or_none(BY_TOKEN, hash=hash_of(bearer), now=ctx.now)
    if found is None:
        return None
    id, label, roles = found
    name = ctx.keys.open("api_tokens", id, "label", label).decode()
    return Actor("token", id, frozenset(roles), name)


async def _by_session(ctx: Context, cookie: str) -> Actor | None:
    if len(cookie) != SECRET_LENGTH:
        return None
    session = hash_of(cookie)
    found = await ctx.db.one_or_none(BY_SESSION, session=session, oldest=ctx.now - LONGEST, idle_since=ctx.now - IDLE)
    if found is None:
        return None
    id, name, roles, last_seen_at = found
    if last_seen_at <= ctx.now - SEEN_EVERY:
        await ctx.db.run(SEEN, session=session, now=ctx.now)
    shown = ctx.keys.open("staff", id, "name", name).decode()
    return Actor("staff", id, frozenset(roles), shown, csrf=_form_secret(cookie))


def hash_of(secret: str) -> bytes:
    """Under what a handed-out secret is found again."""
    return hashlib.sha256(secret.encode()).digest()


def _form_secret(cookie: str) -> str:
    """What forms carry against other sites. It follows from the cookie, so the database has nothing to lose."""
    return hmac.new(cookie.encode(), b"spheres form", "sha256").hexdigest()


# ---- signing in and out --------------------------------------------------------------------------------------------


async def sign_in(ctx: Context, email: str, password: str, *, source: str = "", earlier: str = "") -> str:
    """Begin a session and return its secret, for the cookie. `source`: the caller's address; `earlier`: its old cookie.

    Raises `SignInFailed`, `SignInPaused` or `TooBusy`. A failure is kept although the answer is a refusal.
    """
    async with passwords.turn():
        keys = login_throttle.keys_of(ctx, email, source)
        await login_throttle.refuse_while_waiting(ctx, keys)
        index = ctx.keys.blind("staff e-mail", normalized(email))
        known = await ctx.db.one_or_none(BY_EMAIL, email_index=index)
        stored = open_hash(ctx, known.id, known.password_hash) if known else None
        right = await passwords.fits(stored, password)
        if known is None or stored is None or not right or not known.active:
            await _note_failure(ctx, keys, known, right=right)
            raise SignInFailed
        if passwords.is_outdated(stored):
            await keep_password(ctx, known.id, password)
    await login_throttle.clear(ctx, keys.account)
    return await begin_session(ctx, known.id, earlier)


async def _note_failure(ctx: Context, keys: login_throttle.Keys, known: _Known | None, *, right: bool) -> None:
    await login_throttle.count_failure(ctx, keys)
    reason = "unknown" if known is None else "switched_off" if right else "password"
    subject = ("staff", known.id) if known else None
    await audit.record(ctx, "staff.sign_in_failed", subject=subject, details={"reason": reason})
    ctx.db.keep = True


async def begin_session(ctx: Context, staff_id: UUID, earlier: str) -> str:
    """Sign somebody in who has shown who she is; the session's secret. `earlier`: her old cookie, which ends."""
    if earlier:
        await ctx.db.run(END_SESSION, session=hash_of(earlier))
    await ctx.db.run(END_STALE, staff_id=staff_id, oldest=ctx.now - LONGEST, idle_since=ctx.now - IDLE)
    secret = secrets.token_urlsafe(32)
    await ctx.db.run(ADD_SESSION, id=hash_of(secret), staff_id=staff_id, created_at=ctx.now, last_seen_at=ctx.now)
    await ctx.db.run(SIGNED_IN, which=staff_id, now=ctx.now)
    herself_now = structs.replace(ctx, actor=Actor("staff", staff_id))
    await audit.record(herself_now, "staff.signed_in", subject=("staff", staff_id))
    return secret


async def sign_out(ctx: Context, cookie: str) -> None:
    """End the session of this cookie. Nothing happens when it has ended already."""
    ended = await ctx.db.scalar(END_SESSION, session=hash_of(cookie))
    if ended is not None:
        await audit.record(ctx, "staff.signed_out", subject=("staff", ended))


async def sign_out_everywhere(ctx: Context) -> None:
    """End every session of the person who asks, this one too."""
    me = herself(ctx)
    ended = await ctx.db.run(END_ALL, staff_id=me)
    await audit.record(ctx, "staff.signed_out_everywhere", subject=("staff", me), details={"sessions": ended})


# ---- accounts ------------------------------------------------------------------------------------------------------


async def create_staff(
    ctx: Context,
    email: str,
    *,
    name: str,
    roles: Iterable[str],
    password: str,
    organization: str | None = None,
    chooses_referral_mail: bool = False,
) -> UUID:
    """Take somebody onto the staff. Raises `EmailTaken`, or `DetailsInvalid` or `PasswordWeak` with the places."""
    must_manage(ctx)
    given = tuple(dict.fromkeys(roles))
    check_details(email, name, given)
    passwords.check(password, names=names_around(ctx, email, name))
    async with passwords.turn():
        if await is_on_the_staff(ctx, email):
            raise EmailTaken
        made = await passwords.hashed(password)
    return await take_on(
        ctx, email, name=name, roles=given, hashed=made, organization=organization,
        chooses_referral_mail=chooses_referral_mail,
    )  # fmt: skip


async def is_on_the_staff(ctx: Context, email: str) -> bool:
    """Has somebody here this address, whether or not the account is open?"""
    index = ctx.keys.blind("staff e-mail", normalized(email))
    return await ctx.db.one_or_none(BY_EMAIL, email_index=index) is not None


async def take_on(
    ctx: Context,
    email: str,
    *,
    name: str,
    roles: Sequence[str],
    hashed: str,
    organization: str | None = None,
    chooses_referral_mail: bool = False,
    language: str | None = None,
) -> UUID:
    """Write a new account whose details and password were looked at."""
    id = uuid7()
    await ctx.db.run(
        ADD_STAFF,
        id=id,
        email=ctx.keys.seal("staff", id, "email", email.strip()),
        email_index=ctx.keys.blind("staff e-mail", normalized(email)),
        name=ctx.keys.seal("staff", id, "name", name.strip()),
        password_hash=ctx.keys.seal("staff", id, "password_hash", hashed),
        roles=list(roles),
        organization=organization,
        active=True,
        chooses_referral_mail=chooses_referral_mail,
        language=language,
        created_at=ctx.now,
    )
    await audit.record(ctx, "staff.created", subject=("staff", id), details={"roles": list(roles)})
    return id


async def set_password(ctx: Context, staff_id: UUID, *, password: str) -> None:
    """Give somebody a new password. Her sessions end and her failed attempts are forgotten."""
    must_manage(ctx)
    who = await known_member(ctx, staff_id)
    passwords.check(password, names=names_around(ctx, who.email, who.name))
    async with passwords.turn():
        await keep_password(ctx, staff_id, password)
    await ctx.db.run(END_ALL, staff_id=staff_id)
    await login_throttle.clear(ctx, login_throttle.keys_of(ctx, who.email, "").account)
    await audit.record(ctx, "staff.password_set", subject=("staff", staff_id))


# ---- tokens --------------------------------------------------------------------------------------------------------


async def create_token(ctx: Context, roles: Sequence[str], *, label: str, days: int) -> str:
    """Make a token for another system and return its text, which is never shown again. Raises `DetailsInvalid`."""
    must_manage(ctx)
    given = tuple(dict.fromkeys(roles))
    problems = role_problems(given)
    if not label.strip() or len(label) > 200:
        problems.append(Problem(msg("A token needs a label of at most {most} characters.", most=200), path="label"))
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        told = msg("A token is good for 1 to {most} days.", most=LONGEST_TOKEN_DAYS)
        problems.append(Problem(told, path="days"))
    if problems:
        raise DetailsInvalid(errors=problems)
    id, text = uuid7(), TOKEN_PREFIX + secrets.token_urlsafe(32)
    await ctx.db.run(
        ADD_TOKEN,
        id=id,
        hash=hash_of(text),
        label=ctx.keys.seal("api_tokens", id, "label", label.strip()),
        roles=list(given),
        made_by=ctx.actor.id if ctx.actor.kind == "staff" else None,
        created_at=ctx.now,
        expires_at=ctx.now + dt.timedelta(days=days),
    )
    await audit.record(ctx, "token.created", subject=("token", id), details={"roles": list(given), "days": days})
    return text


async def revoke_token(ctx: Context, token_id: UUID) -> None:
    """Take a token back, from the next request on."""
    must_manage(ctx)
    if not await ctx.db.run(REVOKE, which=token_id, now=ctx.now):
        raise TokenUnknown
    await audit.record(ctx, "token.revoked", subject=("token", token_id))


# ---- for all that concerns accounts --------------------------------------------------------------------------------


def must_manage(ctx: Context) -> None:
    """Raise `NotAllowed` unless the actor looks after accounts here, or is the machine itself."""
    if ctx.actor.kind != "system" and not ctx.may(MANAGE):
        raise NotAllowed


def herself(ctx: Context) -> UUID:
    """The member of staff who asks. A token is nobody: raises `NotAllowed`."""
    if ctx.actor.kind != "staff" or ctx.actor.id is None:
        raise NotAllowed
    return ctx.actor.id


async def known_member(ctx: Context, staff_id: UUID) -> Member:
    """One person on the staff. Raises `StaffUnknown`."""
    found = await queries.member(ctx, staff_id)
    if found is None:
        raise StaffUnknown
    return found


async def keep_password(ctx: Context, staff_id: UUID, password: str) -> None:
    """Write a password that was looked at. Take a turn first."""
    made = await passwords.hashed(password)
    await ctx.db.run(NEW_PASSWORD, which=staff_id, sealed=ctx.keys.seal("staff", staff_id, "password_hash", made))


def open_hash(ctx: Context, staff_id: UUID, sealed: bytes) -> str:
    """The stored hash of a password, out of its seal."""
    return ctx.keys.open("staff", staff_id, "password_hash", sealed).decode()


def names_around(ctx: Context, email: str, name: str) -> list[str]:
    """What a password may not be made of."""
    return [email, name, "SPHÈRES", ctx.tenant.slug, *ctx.tenant.name.values()]


def check_details(email: str, name: str, roles: Sequence[str]) -> None:
    """Raise `DetailsInvalid` with each place that cannot be so."""
    problems = role_problems(roles)
    address = email.strip()
    if not _ADDRESS.fullmatch(address) or not address.isprintable() or len(address) > 254:
        problems.append(Problem(msg("This is not an e-mail address."), path="email"))
    if not name.strip() or not name.isprintable() or len(name) > 200:
        problems.append(Problem(msg("A name has 1 to {most} characters.", most=200), path="name"))
    if problems:
        raise DetailsInvalid(errors=problems)


def role_problems(roles: Sequence[str]) -> list[Problem]:
    """What stands against giving somebody, or a token, these roles."""
    if not roles:
        return [Problem(msg("Name at least one role: {roles}.", roles=", ".join(ROLES)), path="roles")]
    return [
        Problem(msg("{role} is not a role. Roles are: {roles}.", role=role, roles=", ".join(ROLES)), path="roles")
        for role in roles
        if role not in ROLES
    ]
