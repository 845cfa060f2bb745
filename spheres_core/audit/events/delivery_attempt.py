"""One try at one delivery: in a transaction of the recipient's own, under a deadline, with no exception let out.

The core's own recipients run here. A plugin's run in a thread with an event loop and a connection of their own, so that
one that blocks its thread holds up nobody: it is left behind, the server ends its transaction, and the tenant's later
calls to it fail at once for a while instead of hanging one after the other.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog
from sqlalchemy import bindparam, null, select

from spheres_core.audit.models import Delivery
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.isolation.circuit_breakers import CircuitBreakers
from spheres_core.foundation.isolation.deadlines import ForeignCodeFailed, run_in_task, wait_for_thread
from spheres_core.foundation.isolation.fault_location import FaultLocation, locate_error
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

SET_LIMITS = (
    "SELECT set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $1, true)"
)
"""Lets the server end what was left behind."""

Work = Callable[[Context], Awaitable[None]]
_BREAKERS = CircuitBreakers()
"""Apart from those of hooks and routes: only a hang opens one, for `REST`, and administrators see parked deliveries."""


async def try_here(
    runtime: Runtime, loaded: LoadedTenant, entry_id: UUID, recipient: str, work: Work
) -> FaultLocation | None:
    """Tries it in this event loop. Returns None when it is done, else the kind of failure and its place."""
    return await _try(runtime.database, runtime, loaded, entry_id, recipient, work)


async def try_apart(
    runtime: Runtime, loaded: LoadedTenant, entry_id: UUID, recipient: str, work: Work
) -> FaultLocation | None:
    """Tries it in a thread of its own; the answer comes in time whatever the recipient does."""
    key = (str(loaded.tenant.id), _plugin_of(recipient), recipient)
    if not _BREAKERS.allows(key):
        return FaultLocation("it hung a moment ago and is left alone for now")
    ended: list[FaultLocation | None] = []

    def run() -> None:
        try:
            ended.append(asyncio.run(_with_own_connection(runtime, loaded, entry_id, recipient, work)))
        except BaseException as error:
            ended.append(locate_error(error))

    started = time.monotonic()
    try:
        await wait_for_thread(run, DEADLINE + 2 * GRACE, name=f"spheres-{recipient}")
    except asyncio.CancelledError:
        _BREAKERS.release(key)
        raise
    fault = ended[0] if ended else FaultLocation(f"still running after {DEADLINE:g} s")
    if time.monotonic() - started >= DEADLINE:
        _BREAKERS.record_failure(key, rest=REST)
        log.error("outbox.hung", recipient=recipient, seconds=round(time.monotonic() - started, 1))
    elif fault is None:
        _BREAKERS.record_success(key)
    else:
        _BREAKERS.release(key)
    return fault


async def _with_own_connection(
    runtime: Runtime, loaded: LoadedTenant, entry_id: UUID, recipient: str, work: Work
) -> FaultLocation | None:
    database = await runtime.database.with_own_connection().open()
    try:
        return await _try(database, runtime, loaded, entry_id, recipient, work)
    finally:
        await database.close()


async def _try(
    database: Database, runtime: Runtime, loaded: LoadedTenant, entry_id: UUID, recipient: str, work: Work
) -> FaultLocation | None:
    try:
        async with database.transaction(loaded.tenant.id) as db:
            limit = str(int((DEADLINE + GRACE) * 1000))
            if not await db.try_lock("spheres.delivery", f"{entry_id} {recipient}"):  # keeps two workers apart
                return FaultLocation("another worker is at it")
            await db.unchecked_sql(SET_LIMITS, limit)
            ctx = runtime.make_context(loaded, db)
            if await db.scalar(DONE_AT, entry=entry_id, who=recipient) is None:
                await run_in_task(work(ctx), DEADLINE, plugin=_plugin_of(recipient), grace=GRACE)
                await db.run(DONE, entry=entry_id, who=recipient, now=ctx.now)
        return None
    except ForeignCodeFailed as failed:
        return failed.fault
    except Exception as error:
        return locate_error(error)


def _plugin_of(recipient: str) -> str:
    return recipient.removeprefix("hook:") if recipient.startswith("hook:") else ""
