"""Idempotency keys: an answer is kept, sealed, so that a request that is sent again is not done again."""

import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.models import IdempotencyAnswer
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.post_limits import network

T = TypeVar("T", bound=Struct)
KEPT = dt.timedelta(hours=24)
LONGEST_KEY = 200
LEAST_RANDOM = 22
"""Characters that 128 random bits have at least."""
LEAST_VARIED = 8

answers = table(IdempotencyAnswer)
FORGET = prepare(
    answers.delete().where(
        scoped(answers), answers.c.key_mark == bindparam("mark"), answers.c.expires_at <= bindparam("now")
    )
)
CLAIM = prepare(insert(answers).on_conflict_do_nothing().returning(answers.c.id))
KEPT_ANSWER = prepare(
    select(answers.c.id, answers.c.body_mark, answers.c.answer).where(
        scoped(answers), answers.c.key_mark == bindparam("mark")
    )
)
KEEP = prepare(
    answers.update().where(scoped(answers), answers.c.id == bindparam("which")).values(answer=bindparam("sealed"))
)
EXPIRED = prepare(answers.delete().where(scoped(answers), answers.c.expires_at <= bindparam("now")))


class KeyTooLong(Invalid):
    """An idempotency key has at most 200 characters."""

    code = "idempotency_key_invalid"
    message = msg("The idempotency key is too long.")


class KeyReused(Conflict):
    """The same idempotency key came with something else."""

    code = "idempotency_key_reused"
    message = msg("This idempotency key was already used for something else.")


class Sent(Struct, frozen=True):
    """Limits an idempotency key to one kind of act, one thing that it is about, and one body."""

    act: str
    about: UUID
    body: Any


async def run_once(
    ctx: Context, key: str, sent: Struct, kind: type[T], act: Callable[[], Awaitable[T]], *, source: str = ""
) -> T:
    """Runs `act` once per key: who sends the same again within a day gets the same answer. Without a key it just runs.

    `sent` is what the caller asked for. The key of somebody signed in is hers alone; another one that could be guessed
    is theirs who send from `source`, the caller's address. It gives nobody else the answer, nor tells that it was used.
    Raises `KeyReused` when the key came with something else, `KeyTooLong`.
    """
    if not key:
        return await act()
    if len(key) > LONGEST_KEY:
        raise KeyTooLong(errors=[Problem(KeyTooLong.message, path="Idempotency-Key")])
    holder = _holder(ctx, key, source)
    mark = ctx.keys.blind("idempotency key", f"{key}\0{holder}" if holder else key)
    written = msgspec.json.encode(sent, order="deterministic")
    body = ctx.keys.blind("idempotency body", hashlib.sha256(written).hexdigest())
    await ctx.db.run(FORGET, mark=mark, now=ctx.now)
    id: UUID = uuid7()
    if not await ctx.db.run(CLAIM, id=id, key_mark=mark, body_mark=body, expires_at=ctx.now + KEPT, answer=None):
        return await _again(ctx, mark, body, kind)
    answer = await act()
    sealed = ctx.keys.seal("idempotency_answers", id, "answer", msgspec.json.encode(answer))
    await ctx.db.run(KEEP, which=id, sealed=sealed)
    return answer


def _holder(ctx: Context, key: str, source: str) -> str:
    if ctx.actor.id is not None:
        return str(ctx.actor.id)
    return "" if is_unguessable(key) else network(source)


def is_unguessable(key: str) -> bool:
    """Tells whether a key is long and varied enough to be a random one, such as a UUID: only its maker knows it."""
    return len(key) >= LEAST_RANDOM and len(set(key)) >= LEAST_VARIED


async def _again(ctx: Context, mark: bytes, body: bytes, kind: type[T]) -> T:
    kept = await ctx.db.one_or_none(KEPT_ANSWER, mark=mark)
    if kept is None or kept[1] != body or kept[2] is None:
        raise KeyReused
    return msgspec.json.decode(ctx.keys.open("idempotency_answers", kept[0], "answer", kept[2]), type=kind)


async def forget_expired(ctx: Context) -> int:
    """Deletes what has expired and returns how many answers went."""
    return await ctx.db.run(EXPIRED, now=ctx.now)
