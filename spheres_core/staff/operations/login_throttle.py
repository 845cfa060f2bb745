"""Slows down guessing: counts failures and says how long whoever failed has to wait.

A failed sign-in is counted for the guesser: for the account and the source address together, and for the address alone.
A person who comes from elsewhere does not wait for it. Guesses at one account from many addresses are counted for the
account too, and after a hundred in a day have to wait as well: all but those from a browser known for that account,
which has a count of its own. The same holds for an account that does not exist. Each count has some failures free;
after that every failure doubles the wait. Nothing is locked for good.
"""

import datetime as dt
import math

from msgspec import Struct
from sqlalchemy import DateTime, LargeBinary, any_, bindparam, case, delete, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from spheres_core.facts import msg
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.post_limits import network
from spheres_core.staff.account_details import normalized_email
from spheres_core.staff.models import SignInAttempts

FREE_PER_GUESSER = 5
"""Failures that cost no wait: of one address at one account, and of one known browser."""
FREE_PER_SOURCE = 30
"""The same of one address at all accounts, in one day. A whole office may share one address."""
FREE_PER_ACCOUNT = 100
"""The same at one account from all browsers that are not known, in one day (NIST SP 800-63B: no more than 100)."""
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
    """Blind keys under which failures of one attempt are counted, each with the failures that cost no wait."""

    free: dict[bytes, int]
    guesser: bytes
    """The key that is cleared when the attempt succeeds."""


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


def keys_for_sign_in(ctx: Context, email: str, source: str, *, browser: bytes | None = None) -> ThrottleKeys:
    """Returns the keys of a sign-in. `browser`: the key of a browser that is known for this account.

    Keys of addresses change every day, so that they tell of no habits.
    """
    if browser is not None:
        key = ctx.keys.blind("sign-in browser", browser.hex())
        return ThrottleKeys({key: FREE_PER_GUESSER}, key)
    account, place = normalized_email(email), network(source)
    guesser = ctx.keys.blind("sign-in guesser", f"{ctx.today} {place} {account}")
    free = {guesser: FREE_PER_GUESSER, ctx.keys.blind("sign-in account", f"{ctx.today} {account}"): FREE_PER_ACCOUNT}
    if place:
        free[ctx.keys.blind("sign-in place", f"{ctx.today} {place}")] = FREE_PER_SOURCE
    return ThrottleKeys(free, guesser)


def keys_for_member(ctx: Context, what: str, email: str, *, free: int = FREE_PER_GUESSER) -> ThrottleKeys:
    """Returns the key of a thing that a person who is signed in may try: its failures count for her account."""
    key = ctx.keys.blind(f"{what} account", normalized_email(email))
    return ThrottleKeys({key: free}, key)


def keys_for_source(ctx: Context, what: str, source: str, *, free: int) -> ThrottleKeys:
    """Returns the key of a thing that is tried without naming an account: its failures count for the source address."""
    key = ctx.keys.blind(f"{what} place", f"{ctx.today} {network(source)}")
    return ThrottleKeys({key: free}, key)


def wait_after(failures: int, free: int) -> dt.timedelta:
    """Returns how long after the last failure the next attempt may come."""
    beyond = failures - free
    return min(FIRST_WAIT * 2 ** min(beyond, 10), LONGEST_WAIT) if beyond >= 0 else dt.timedelta(0)


async def refuse_while_paused(ctx: Context, keys: ThrottleKeys) -> None:
    """Raises `SignInPaused` while one of the keys has to wait. Locks, so that parallel attempts take turns."""
    longest = dt.timedelta(0)
    for each in await ctx.db.all(FAILURES, keys=list(keys.free)):
        if each.last_failed_at >= ctx.now - FORGOTTEN_AFTER:
            longest = max(longest, each.last_failed_at + wait_after(each.failures, keys.free[each.key]) - ctx.now)
    if longest > dt.timedelta(0):
        raise SignInPaused(extra={"seconds": math.ceil(longest.total_seconds())})


async def count_failure(ctx: Context, keys: ThrottleKeys) -> None:
    """Counts one more failure under each key, and erases counts that are a day old."""
    forgotten = ctx.now - FORGOTTEN_AFTER
    for key in sorted(keys.free):
        await ctx.db.run(FAIL, key=key, now=ctx.now, forgotten=forgotten)
    await ctx.db.run(FORGET, forgotten=forgotten)


async def clear_failures(ctx: Context, keys: ThrottleKeys) -> None:
    """Erases the failures of one who has succeeded. Those of the address, and of all others at the account, stay."""
    await ctx.db.run(CLEAR, key=keys.guesser)
