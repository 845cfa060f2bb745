"""Changes one's own account: password, language and messages."""

from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, update

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.delivery_times import HOURS
from spheres_core.notifications.operations.text_messages import gateway_of
from spheres_core.notifications.schemas import Channel, Pace, QuietHours
from spheres_core.staff import password_hashing
from spheres_core.staff.account_details import names_to_avoid
from spheres_core.staff.authorization import acting_member_id
from spheres_core.staff.operations import accounts, login_throttle, recoveries, sessions
from spheres_core.staff.passwords import check_password
from spheres_core.staff.queries.members import get_member, password_hash_of, staff
from spheres_core.staff.queries.own_number import number_of


class PasswordWrong(Invalid):
    """The password that the account has now was not given."""

    code = "password_wrong"
    message = msg("This is not your present password.")


class LanguageUnknown(Invalid):
    """Not one of the tenant's languages."""

    code = "language_unknown"
    message = msg("This region does not have that language.")


class QuietHoursUnclear(Invalid):
    """One of the two hours is missing, or both are the same."""

    code = "quiet_hours_unclear"
    message = msg("For hours without messages, choose two different hours, or none of the two.")


class MessageChoice(Struct, frozen=True):
    """Whether somebody wants messages, how many at a time, and which hours stay free of them."""

    wanted: bool
    pace: Pace = "at_once"
    quiet: QuietHours | None = None
    channel: Channel = "mail"


class NumberMissing(Conflict):
    """Text messages were chosen, and there is no number that was confirmed, or nothing that sends them."""

    code = "number_missing"
    message = msg("For text messages, first give a number and type back the code that is sent to it.")


SET_PREFERENCES = prepare(
    update(staff)
    .where(scoped(staff), staff.c.id == bindparam("which"))
    .values(
        language=bindparam("tag"),
        chooses_referral_mail=bindparam("mail"),
        message_pace=bindparam("pace"),
        quiet_from=bindparam("begins"),
        quiet_until=bindparam("ends"),
        message_channel=bindparam("channel"),
    )
)


async def change_own_password(ctx: Context, cookie: str, *, old: str, new: str) -> None:
    """Changes the password of the person who asks; every other session ends.

    The old one is asked for, because a browser may stand open; guesses at it have to wait like those at signing in.
    Raises `PasswordWrong`, `PasswordWeak`, `SignInPaused`, `TooBusy`.
    """
    id = acting_member_id(ctx)
    async with password_hashing.hashing_slot(ctx.tenant.id):
        member = await get_member(ctx, id)
        keys = login_throttle.keys_for_member(ctx, "own password", member.email)
        await login_throttle.refuse_while_paused(ctx, keys)
        if not await password_hashing.verify_password(await password_hash_of(ctx, id), old):
            await _record_failure(ctx, keys, id)
            raise PasswordWrong(errors=[Problem(PasswordWrong.message, path="old")])
        check_password(new, names=names_to_avoid(ctx, member.email, member.name))
        await accounts.store_password(ctx, id, new)
    await login_throttle.clear_failures(ctx, keys)
    await recoveries.remove_recovery_of(ctx, id)
    ended = await sessions.end_other_sessions(ctx, id, cookie=cookie)
    await audit.record(ctx, "staff.password_changed", subject=("staff", id), details={"sessions_ended": ended})


async def _record_failure(ctx: Context, keys: login_throttle.ThrottleKeys, id: UUID) -> None:
    await login_throttle.count_failure(ctx, keys)
    await audit.record(ctx, "staff.password_not_changed", subject=("staff", id), details={"reason": "password"})
    ctx.db.commit_on_refusal = True


async def choose_preferences(ctx: Context, *, language: str, messages: MessageChoice) -> None:
    """Sets the language of pages and messages (empty: no preference), and whether, when and how messages come.

    What waits already keeps its hour. Raises `LanguageUnknown`, `QuietHoursUnclear`, `NumberMissing`.
    """
    id = acting_member_id(ctx)
    if language and language not in ctx.tenant.languages:
        raise LanguageUnknown(errors=[Problem(LanguageUnknown.message, path="language")])
    quiet = messages.quiet
    if quiet is not None and (quiet.begins == quiet.ends or not {quiet.begins, quiet.ends} <= {*HOURS}):
        raise QuietHoursUnclear(errors=[Problem(QuietHoursUnclear.message, path="quiet_from")])
    if messages.channel == "text" and not (gateway_of(ctx) and (own := await number_of(ctx, id)) and own.confirmed):
        raise NumberMissing
    await ctx.db.run(
        SET_PREFERENCES, which=id, tag=language or None, mail=messages.wanted, pace=messages.pace,
        begins=quiet.begins if quiet else None, ends=quiet.ends if quiet else None, channel=messages.channel,
    )  # fmt: skip
    details = {
        "language": language or None,
        "mail": messages.wanted,
        "pace": messages.pace,
        "channel": messages.channel,
    }
    await audit.record(ctx, "staff.preferences_chosen", subject=("staff", id), details=details)
