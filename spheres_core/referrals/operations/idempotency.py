"""Idempotency keys: an answer is kept, sealed, so that a request that is sent again is not done again."""

import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.post_limits import network
from spheres_core.referrals.models import ReferralReplay

T = TypeVar("T", bound=Struct)
KEPT = dt.timedelta(hours=24)
LONGEST_KEY = 200
LEAST_RANDOM = 22
"""Characters that 128 random bits have at least."""
LEAST_VARIED = 8

replays = table(ReferralReplay)
FORGET = prepare(
    replays.delete().where(
        scoped(replays), replays.c.key_mark == bindparam("mark"), replays.c.expires_at <= bindparam("now")
    )
)
CLAIM = prepare(insert(replays).on_conflict_do_nothing().returning(replays.c.id))
KEPT_ANSWER = prepare(
    select(replays.c.id, replays.c.body_mark, replays.c.answer).where(
        scoped(replays), replays.c.key_mark == bindparam("mark")
    )
)
KEEP = prepare(
    replays.update().where(scoped(replays), replays.c.id == bindparam("which")).values(answer=bindparam("sealed"))
)
EXPIRED = prepare(replays.delete().where(scoped(replays), replays.c.expires_at <= bindparam("now")))


class KeyTooLong(Invalid):
    """An idempotency key has at most 200 characters."""

    code = "idempotency_key_invalid"
    message = msg("The idempotency key is too long.")


class KeyReused(Conflict):
    """The same idempotency key came with something else."""

    code = "idempotency_key_reused"
    message = msg("This idempotency key was already used for something else.")


async def run_once(
    ctx: Context, key: str, sent: Struct, kind: type[T], act: Callable[[], Awaitable[T]], *, source: str = ""
) -> T:
    """Runs `act` once per key: who sends the same again within a day gets the same answer. Without a key it just runs.

    `sent` is the request's body; `source` the caller's address: a key that another could guess is his who sends from
    there. It gives nobody else the answer, nor tells that it was used.
    Raises `KeyReused` when the key came with something else, `KeyTooLong`.
    """
    if not key:
        return await act()
    if len(key) > LONGEST_KEY:
        raise KeyTooLong(errors=[Problem(KeyTooLong.message, path="Idempotency-Key")])
    holder = "" if is_unguessable(key) else network(source)
    mark = ctx.keys.blind("idempotency key", f"{key}\0{holder}" if holder else key)
    written = msgspec.json.encode(sent, order="deterministic")
    body = ctx.keys.blind("idempotency body", hashlib.sha256(written).hexdigest())
    await ctx.db.run(FORGET, mark=mark, now=ctx.now)
    id: UUID = uuid7()
    if not await ctx.db.run(CLAIM, id=id, key_mark=mark, body_mark=body, expires_at=ctx.now + KEPT, answer=None):
        return await _again(ctx, mark, body, kind)
    answer = await act()
    sealed = ctx.keys.seal("referral_replays", id, "answer", msgspec.json.encode(answer))
    await ctx.db.run(KEEP, which=id, sealed=sealed)
    return answer


def is_unguessable(key: str) -> bool:
    """Tells whether a key is long and varied enough to be a random one, such as a UUID: only its maker knows it."""
    return len(key) >= LEAST_RANDOM and len(set(key)) >= LEAST_VARIED


async def _again(ctx: Context, mark: bytes, body: bytes, kind: type[T]) -> T:
    kept = await ctx.db.one_or_none(KEPT_ANSWER, mark=mark)
    if kept is None or kept[1] != body or kept[2] is None:
        raise KeyReused
    return msgspec.json.decode(ctx.keys.open("referral_replays", kept[0], "answer", kept[2]), type=kind)


async def forget_expired(ctx: Context) -> int:
    """Deletes what has expired and returns how many answers went."""
    return await ctx.db.run(EXPIRED, now=ctx.now)
