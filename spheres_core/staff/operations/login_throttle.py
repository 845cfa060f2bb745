"""Sign-ins that failed, and how long the next has to wait. Says the same for an account that does not exist.

Each account, and each place on one day, has some failures free; after that every failure doubles the wait. Nothing is
locked for good, so that nobody can shut a worker out for the evening by guessing wrong on purpose.
"""

import datetime as dt
import ipaddress
import math

from msgspec import Struct
from sqlalchemy import DateTime, LargeBinary, any_, bindparam, case, delete, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from spheres_core.facts import msg
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.models import SignInAttempts
from spheres_core.staff.queries import normalized

FREE_FOR_ACCOUNT = 5
FREE_FOR_PLACE = 30
"""Failures that cost no wait. A whole office may share one address."""
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(minutes=30)
FORGOTTEN_AFTER = dt.timedelta(hours=24)

attempts = table(SignInAttempts)
_moment = DateTime(timezone=True)


class SignInPaused(NotAllowed):
    """Too many failures for this account or from this place; `extra["seconds"]` says how long to wait."""

    status = 429
    code = "sign_in_paused"
    message = msg("There were too many attempts. Please wait a while before you try again.")


class Counted(Struct, frozen=True):
    """The failures of one key."""

    key: bytes
    failures: int
    last_failed_at: dt.datetime


class Keys(Struct, frozen=True):
    """Under what a sign-in is counted; or another thing that anybody may try, each with what it has free."""

    account: bytes
    place: bytes | None
    free: int = FREE_FOR_ACCOUNT
    """Under the first key."""


COUNTED = prepare(
    select(attempts.c.key, attempts.c.failures, attempts.c.last_failed_at)
    .where(scoped(attempts), attempts.c.key == any_(bindparam("keys", type_=ARRAY(LargeBinary))))
    .order_by(attempts.c.key)
    .with_for_update(),
    into=Counted,
)
_fail = insert(attempts).values(
    tenant_id=bindparam("tenant_id"), key=bindparam("key"), failures=1, last_failed_at=bindparam("now")
)
FAIL = prepare(
    _fail.on_conflict_do_update(
        index_elements=["tenant_id", "key"],
        set_={
            "failures": case(
                (attempts.c.last_failed_at < bindparam("forgotten", type_=_moment), 1),
                else_=attempts.c.failures + 1,
            ),
            "last_failed_at": _fail.excluded.last_failed_at,
        },
    )
)
CLEAR = prepare(delete(attempts).where(scoped(attempts), attempts.c.key == bindparam("key")))
FORGET = prepare(
    delete(attempts).where(
        scoped(attempts),
        attempts.c.key.in_(
            select(attempts.c.key)
            .where(scoped(attempts), attempts.c.last_failed_at < bindparam("forgotten", type_=_moment))
            .with_for_update(skip_locked=True)
        ),
    )
)


def keys_of(ctx: Context, email: str, source: str) -> Keys:
    """Blind keys of an account and a place. A place's changes every day, so that it tells of no habits."""
    account = ctx.keys.blind("sign-in account", normalized(email))
    place = _place(source)
    return Keys(account, ctx.keys.blind("sign-in place", f"{ctx.today} {place}") if place else None)


def _place(source: str) -> str:
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return ""
    if address.version == 6:
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def wait_after(failures: int, free: int) -> dt.timedelta:
    """How long after the last failure the next attempt may come."""
    beyond = failures - free
    return min(FIRST_WAIT * 2 ** min(beyond, 10), LONGEST_WAIT) if beyond >= 0 else dt.timedelta(0)


def keys_of_guess(ctx: Context, what: str, source: str, *, free: int) -> Keys:
    """Where no account is named: what is tried without success counts for the place on this day."""
    return Keys(ctx.keys.blind(f"{what} place", f"{ctx.today} {_place(source)}"), None, free)


async def refuse_while_waiting(ctx: Context, keys: Keys) -> None:
    """Raise `SignInPaused` while this account or place has to wait. Others for the same account wait for this one."""
    wanted = [key for key in (keys.account, keys.place) if key is not None]
    longest = dt.timedelta(0)
    for each in await ctx.db.all(COUNTED, keys=wanted):
        if each.last_failed_at >= ctx.now - FORGOTTEN_AFTER:
            free = keys.free if each.key == keys.account else FREE_FOR_PLACE
            longest = max(longest, each.last_failed_at + wait_after(each.failures, free) - ctx.now)
    if longest > dt.timedelta(0):
        raise SignInPaused(extra={"seconds": math.ceil(longest.total_seconds())})


async def count_failure(ctx: Context, keys: Keys) -> None:
    """One failure more for this account and place; what is a day old goes."""
    forgotten = ctx.now - FORGOTTEN_AFTER
    for key in sorted(key for key in (keys.account, keys.place) if key is not None):
        await ctx.db.run(FAIL, key=key, now=ctx.now, forgotten=forgotten)
    await ctx.db.run(FORGET, forgotten=forgotten)


async def clear(ctx: Context, account: bytes) -> None:
    """Forget an account's failures: its person is here. A place's stay."""
    await ctx.db.run(CLEAR, key=account)
