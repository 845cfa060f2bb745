"""One try at one delivery: in a transaction of the recipient's own, under a deadline, with no exception let out.

The core's own recipients run here. A plugin's run in a thread with an event loop and a connection of their own, so that
one that blocks its thread holds up nobody: it is left behind, the server ends its transaction, and the tenant's later
calls to it fail at once for a while instead of hanging one after the other.
"""

import asyncio
import contextlib
import threading
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy import bindparam, null, select

from spheres_core.audit.models import Delivery
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime

DEADLINE = 10.0
"""Seconds that one recipient has."""
GRACE = 1.0
"""Seconds that it then has to let go."""
REST = 60.0
"""Seconds for which a plugin that hung is not called again by this tenant; its tries fail at once."""

log = structlog.get_logger("spheres.outbox")
deliveries = table(Delivery)
_one = (
    scoped(deliveries),
    deliveries.c.entry_id == bindparam("entry"),
    deliveries.c.recipient == bindparam("who"),
)
DONE_AT = prepare(select(deliveries.c.done_at).where(*_one))
DONE = prepare(deliveries.update().where(*_one).values(done_at=bindparam("now"), parked_at=null(), error=null()))

BEGIN = (
    "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)),"
    " set_config('statement_timeout', $2, true), set_config('idle_in_transaction_session_timeout', $2, true)"
)
"""The lock keeps two workers apart without holding the row; the limits let the server end what was left behind."""

T = TypeVar("T")
Work = Callable[[Context], Awaitable[None]]
_hung_until: dict[tuple[str, str], float] = {}


class Failed(Exception):
    """Carries the kind of failure out of the transaction, which is then rolled back. No words of a case."""


async def try_here(runtime: Runtime, loaded: LoadedTenant, entry_id: UUID, recipient: str, work: Work) -> str | None:
    """Try it in this event loop. None when it is done, else the kind of failure and its place, without words."""
    return await _try(runtime.database, runtime, loaded, entry_id, recipient, work)


async def try_apart(runtime: Runtime, loaded: LoadedTenant, entry_id: UUID, recipient: str, work: Work) -> str | None:
    """Try it in a thread of its own; the answer comes in time whatever the recipient does."""
    key = (loaded.tenant.slug, recipient)
    if time.monotonic() < _hung_until.get(key, 0):
        return "it hung a moment ago and is left alone for now"
    loop = asyncio.get_running_loop()
    done: asyncio.Future[str | None] = loop.create_future()

    def settle(failure: str | None) -> None:
        if not done.done():
            done.set_result(failure)

    def run() -> None:
        try:
            failure = asyncio.run(_with_own_connection(runtime, loaded, entry_id, recipient, work))
        except BaseException as error:
            failure = kind_of(error)
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, failure)

    started = time.monotonic()
    threading.Thread(target=run, name=f"spheres-{recipient}", daemon=True).start()
    try:
        failure = await asyncio.wait_for(done, DEADLINE + 2 * GRACE)
    except TimeoutError:
        failure = f"still running after {DEADLINE:g} s"
    if time.monotonic() - started >= DEADLINE:
        _hung_until[key] = time.monotonic() + REST
        log.error("outbox.hung", recipient=recipient, seconds=round(time.monotonic() - started, 1))
    return failure


async def _with_own_connection(
    runtime: Runtime, loaded: LoadedTenant, entry_id: UUID, recipient: str, work: Work
) -> str | None:
    database = await runtime.database.with_own_connection().open()
    try:
        return await _try(database, runtime, loaded, entry_id, recipient, work)
    finally:
        await database.close()


async def _try(
    database: Database, runtime: Runtime, loaded: LoadedTenant, entry_id: UUID, recipient: str, work: Work
) -> str | None:
    try:
        async with database.transaction(loaded.tenant.id) as db:
            limit = str(int((DEADLINE + GRACE) * 1000))
            locked = (await db.settle(BEGIN, f"{entry_id} {recipient}", limit))[0][0]
            if not locked:
                return "another worker is at it"
            ctx = runtime.make_context(loaded, db)
            if await db.scalar(DONE_AT, entry=entry_id, who=recipient) is None:
                await in_time(work(ctx), DEADLINE)
                await db.run(DONE, entry=entry_id, who=recipient, now=ctx.now)
        return None
    except Failed as failed:
        return str(failed)
    except Exception as error:
        return kind_of(error)


async def in_time(work: Awaitable[T], seconds: float) -> T:
    """What it gives, when it gives it in time. Raises `Failed` for whatever else it does, SystemExit too."""
    task = asyncio.create_task(_caught(work))
    try:
        await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            raise Failed(f"not done after {seconds:g} s")
        given, failure = task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=GRACE)
    if failure is not None:
        raise Failed(failure)
    return given[0]


async def _caught(work: Awaitable[T]) -> tuple[list[T], str | None]:
    """Nothing may leave the task as an exception: SystemExit in a task ends the event loop that runs it."""
    try:
        return [await work], None
    except BaseException as error:
        return [], kind_of(error)


def kind_of(error: BaseException) -> str:
    """The kind of an error and where it was raised; never its text, which may hold words of a case."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"[:200]
