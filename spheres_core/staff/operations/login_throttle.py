"""Slows down guessing: counts failed sign-ins and says how long the next has to wait.

The same holds for an account that does not exist. Each account, and each source address on one day, has some failures
free; after that every failure doubles the wait. Nothing is locked for good, so that nobody can shut a worker out for
the evening by guessing wrong on purpose.
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
from spheres_core.staff.account_details import normalized_email
from spheres_core.staff.models import SignInAttempts

FREE_PER_ACCOUNT = 5
FREE_PER_SOURCE = 30
"""Failures that cost no wait. A whole office may share one address."""
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(minutes=30)
FORGOTTEN_AFTER = dt.timedelta(hours=24)

attempts = table(SignInAttempts)
_moment = DateTime(timezone=True)


class SignInPaused(NotAllowed):
    """Too many failures for this account or from this address; `extra["seconds"]` says how long to wait."""

    status = 429
    code = "sign_in_paused"
    message = msg("There were too many attempts. Please wait a while before you try again.")


class FailureCount(Struct, frozen=True):
    """Failures under one key."""

    key: bytes
    failures: int
    last_failed_at: dt.datetime


class ThrottleKeys(Struct, frozen=True):
    """Blind keys under which failures are counted, of a sign-in or of another thing that anybody may try."""

    account: bytes
    source: bytes | None
    free: int = FREE_PER_ACCOUNT
    """Failures under `account` that cost no wait."""


FAILURES = prepare(
    select(attempts.c.key, attempts.c.failures, attempts.c.last_failed_at)
    .where(scoped(attempts), attempts.c.key == any_(bindparam("keys", type_=ARRAY(LargeBinary))))
    .order_by(attempts.c.key)
    .with_for_update(),
    into=FailureCount,
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


def keys_for_sign_in(ctx: Context, email: str, source: str) -> ThrottleKeys:
    """Returns the keys of a sign-in. That of the source address changes every day, so that it tells of no habits."""
    account = ctx.keys.blind("sign-in account", normalized_email(email))
    network = _network(source)
    return ThrottleKeys(account, ctx.keys.blind("sign-in place", f"{ctx.today} {network}") if network else None)


def _network(source: str) -> str:
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
    """Returns how long after the last failure the next attempt may come."""
    beyond = failures - free
    return min(FIRST_WAIT * 2 ** min(beyond, 10), LONGEST_WAIT) if beyond >= 0 else dt.timedelta(0)


def keys_for_source(ctx: Context, what: str, source: str, *, free: int) -> ThrottleKeys:
    """Returns the key of a thing that is tried without naming an account: its failures count for the source address."""
    return ThrottleKeys(ctx.keys.blind(f"{what} place", f"{ctx.today} {_network(source)}"), None, free)


async def refuse_while_paused(ctx: Context, keys: ThrottleKeys) -> None:
    """Raises `SignInPaused` while this account or address has to wait. Locks, so that parallel attempts take turns."""
    wanted = [key for key in (keys.account, keys.source) if key is not None]
    longest = dt.timedelta(0)
    for each in await ctx.db.all(FAILURES, keys=wanted):
        if each.last_failed_at >= ctx.now - FORGOTTEN_AFTER:
            free = keys.free if each.key == keys.account else FREE_PER_SOURCE
            longest = max(longest, each.last_failed_at + wait_after(each.failures, free) - ctx.now)
    if longest > dt.timedelta(0):
        raise SignInPaused(extra={"seconds": math.ceil(longest.total_seconds())})


async def count_failure(ctx: Context, keys: ThrottleKeys) -> None:
    """Counts one more failure for this account and address, and erases counts that are a day old."""
    forgotten = ctx.now - FORGOTTEN_AFTER
    for key in sorted(key for key in (keys.account, keys.source) if key is not None):
        await ctx.db.run(FAIL, key=key, now=ctx.now, forgotten=forgotten)
    await ctx.db.run(FORGET, forgotten=forgotten)


async def clear_failures(ctx: Context, account: bytes) -> None:
    """Erases the failures of an account whose person has signed in. Those of the source address stay."""
    await ctx.db.run(CLEAR, key=account)
