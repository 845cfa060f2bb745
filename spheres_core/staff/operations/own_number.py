"""Gives, confirms and removes the telephone to which somebody on the staff wants her messages."""

import datetime as dt
import hmac
import re
import secrets
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, null, update
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.notices import NUMBER_CODE
from spheres_core.notifications.operations import text_messages
from spheres_core.staff.authorization import acting_member_id
from spheres_core.staff.operations import login_throttle
from spheres_core.staff.queries.members import get_member, staff
from spheres_core.staff.queries.own_number import TABLE, number_of, numbers

CODE_LASTS: Final = dt.timedelta(minutes=15)
DIGITS: Final = 6
_INTERNATIONAL: Final = re.compile(r"\+[1-9][0-9]{7,14}")
_NORTH_AMERICAN: Final = re.compile(r"1?([2-9][0-9]{2}[2-9][0-9]{6})")
_BETWEEN: Final = re.compile(r"[\s().\u2011-]")


class NumberUnusable(Invalid):
    """Not a telephone number that a text message can go to."""

    code = "number_unusable"
    message = msg("This is not a telephone number. Write it with its area code, for example 514 555-0100.")


class CodeWrong(Invalid):
    """Not the code that was sent, or it came too late."""

    code = "code_wrong"
    message = msg("This is not the code that was sent, or its time is over.")


class NoGateway(Conflict):
    """Nothing hands over text messages here."""

    code = "no_gateway"
    message = msg("Text messages cannot be sent here. Messages come by e-mail.")


_new = insert(numbers).values(
    {name: bindparam(name) for name in ("tenant_id", "staff_id", "number", "code", "code_ends_at")}
)
GIVE = prepare(
    _new.on_conflict_do_update(
        index_elements=["tenant_id", "staff_id"],
        set_={**{name: _new.excluded[name] for name in ("number", "code", "code_ends_at")}, "confirmed_at": null()},
    )
)
CONFIRM = prepare(
    update(numbers)
    .where(scoped(numbers), numbers.c.staff_id == bindparam("who"))
    .values(code=null(), code_ends_at=null(), confirmed_at=bindparam("now"))
)
REMOVE = prepare(numbers.delete().where(scoped(numbers), numbers.c.staff_id == bindparam("who")))
CHOOSE = prepare(
    update(staff).where(scoped(staff), staff.c.id == bindparam("who")).values(message_channel=bindparam("channel"))
)


def normalized_number(text: str) -> str:
    """Returns a number as `+15145550100`. Raises `NumberUnusable`."""
    plain = _BETWEEN.sub("", text.strip())
    if _INTERNATIONAL.fullmatch(plain):
        return plain
    if found := _NORTH_AMERICAN.fullmatch(plain):
        return f"+1{found[1]}"
    raise NumberUnusable(errors=[Problem(NumberUnusable.message, path="number")])


async def give_number(ctx: Context, text: str) -> None:
    """Keeps the number of the person who asks and sends it a code. Until she types that back it gets nothing else.

    The number before it gets no more messages from now on. Raises `NumberUnusable`, `NoGateway`, `SignInPaused`.
    """
    id, gateway = acting_member_id(ctx), text_messages.gateway_of(ctx)
    if gateway is None:
        raise NoGateway
    number, keys = normalized_number(text), await _keys(ctx, id)
    await login_throttle.refuse_while_paused(ctx, keys)
    await login_throttle.count_failure(ctx, keys)  # a code is a message to a stranger until it is typed back
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    sealed = {name: ctx.keys.seal(TABLE, id, name, value) for name, value in (("number", number), ("code", code))}
    await ctx.db.run(GIVE, tenant_id=ctx.tenant.id, staff_id=id, code_ends_at=ctx.now + CODE_LASTS, **sealed)
    await audit.record(ctx, "staff.number_given", subject=("staff", id))
    await text_messages.owe(ctx, id, NUMBER_CODE, gateway=gateway)


async def confirm_number(ctx: Context, code: str) -> None:
    """Has messages come to the number from now on. Raises `CodeWrong`, `SignInPaused`."""
    id = acting_member_id(ctx)
    keys, found = await _keys(ctx, id), await number_of(ctx, id)
    await login_throttle.refuse_while_paused(ctx, keys)
    typed = "".join(code.split()).encode()
    if found is None or not found.code or not hmac.compare_digest(typed, found.code.encode()):
        await login_throttle.count_failure(ctx, keys)
        await audit.record(ctx, "staff.number_not_confirmed", subject=("staff", id))
        ctx.db.commit_on_refusal = True
        raise CodeWrong(errors=[Problem(CodeWrong.message, path="code")])
    await login_throttle.clear_failures(ctx, keys)
    await ctx.db.run(CONFIRM, who=id, now=ctx.now)
    await ctx.db.run(CHOOSE, who=id, channel="text")
    await audit.record(ctx, "staff.number_confirmed", subject=("staff", id))


async def remove_own_number(ctx: Context) -> None:
    """Forgets the number of the person who asks; her messages come by mail again."""
    id = acting_member_id(ctx)
    if await forget_number(ctx, id):
        await audit.record(ctx, "staff.number_removed", subject=("staff", id))


async def forget_number(ctx: Context, staff_id: UUID) -> bool:
    """Erases somebody's number; returns whether there was one."""
    removed = await ctx.db.run(REMOVE, who=staff_id)
    await ctx.db.run(CHOOSE, who=staff_id, channel="mail")
    return bool(removed)


async def _keys(ctx: Context, id: UUID) -> login_throttle.ThrottleKeys:
    return login_throttle.keys_for_member(ctx, "own number", (await get_member(ctx, id)).email)
