"""What a person does with the own account: password, language, messages, and where she is signed in."""

from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Invalid, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff import passwords, queries
from spheres_core.staff.operations import accounts, login_throttle
from spheres_core.staff.operations.accounts import END_SESSION, hash_of, herself, known_member
from spheres_core.staff.queries import sessions, staff
from spheres_core.staff.schemas import Member, Session


class PasswordWrong(Invalid):
    """The password that the account has now was not given."""

    code = "password_wrong"
    message = msg("This is not your present password.")


class LanguageUnknown(Invalid):
    """Not one of the tenant's languages."""

    code = "language_unknown"
    message = msg("This region does not have that language.")


class SessionUnknown(NotFound):
    """She is not signed in there, or not any more."""


HASH = prepare(select(staff.c.password_hash).where(scoped(staff), staff.c.id == bindparam("id")))
END_OTHERS = prepare(
    delete(sessions).where(
        scoped(sessions), sessions.c.staff_id == bindparam("staff_id"), sessions.c.id != bindparam("current")
    )
)
MY_SESSIONS = prepare(select(sessions.c.id).where(scoped(sessions), sessions.c.staff_id == bindparam("staff_id")))
PREFER = prepare(
    update(staff)
    .where(scoped(staff), staff.c.id == bindparam("which"))
    .values(language=bindparam("tag"), chooses_referral_mail=bindparam("mail"))
)


async def show_own_account(ctx: Context, cookie: str) -> tuple[Member, list[Session]]:
    """The account of the person who asks, and where she is signed in."""
    me = herself(ctx)
    return await known_member(ctx, me), await queries.sessions_of(ctx, me, current=hash_of(cookie))


async def change_own_password(ctx: Context, cookie: str, *, old: str, new: str) -> None:
    """Choose another password; every other session ends.

    The old one is asked for, because a browser may stand open; guesses at it count like those at signing in.
    Raises `PasswordWrong`, `PasswordWeak`, `SignInPaused`, `TooBusy`.
    """
    me = herself(ctx)
    async with passwords.turn():
        who = await known_member(ctx, me)
        keys = login_throttle.keys_of(ctx, who.email, "")
        await login_throttle.refuse_while_waiting(ctx, keys)
        stored = accounts.open_hash(ctx, me, await ctx.db.scalar(HASH, id=me))
        if not await passwords.fits(stored, old):
            await _note_failure(ctx, keys, me)
            raise PasswordWrong(errors=[Problem(PasswordWrong.message, path="old")])
        passwords.check(new, names=accounts.names_around(ctx, who.email, who.name))
        await accounts.keep_password(ctx, me, new)
    await login_throttle.clear(ctx, keys.account)
    ended = await ctx.db.run(END_OTHERS, staff_id=me, current=hash_of(cookie))
    await audit.record(ctx, "staff.password_changed", subject=("staff", me), details={"sessions_ended": ended})


async def _note_failure(ctx: Context, keys: login_throttle.Keys, me: UUID) -> None:
    await login_throttle.count_failure(ctx, keys)
    await audit.record(ctx, "staff.password_not_changed", subject=("staff", me), details={"reason": "password"})
    ctx.db.keep = True


async def choose_preferences(ctx: Context, *, language: str, mail: bool) -> None:
    """In which language pages open after signing in and messages come (empty: no wish), and whether messages come.

    Raises `LanguageUnknown`.
    """
    me = herself(ctx)
    if language and language not in ctx.tenant.languages:
        raise LanguageUnknown(errors=[Problem(LanguageUnknown.message, path="language")])
    await ctx.db.run(PREFER, which=me, tag=language or None, mail=mail)
    details = {"language": language or None, "mail": mail}
    await audit.record(ctx, "staff.preferences_chosen", subject=("staff", me), details=details)


async def end_session(ctx: Context, key: str) -> None:
    """Sign out in another place, by the key of its session. Raises `SessionUnknown`."""
    me = herself(ctx)
    mine = [id for (id,) in await ctx.db.all(MY_SESSIONS, staff_id=me)]
    wanted = next((id for id in mine if queries.session_key(ctx, id) == key), None)
    if wanted is None:
        raise SessionUnknown
    await ctx.db.run(END_SESSION, session=wanted)
    await audit.record(ctx, "staff.session_ended", subject=("staff", me))
