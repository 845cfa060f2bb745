"""Has due schedules of plugins done: each hour of each day is one entry of the trail, which the outbox delivers."""

import datetime as dt
import hashlib
from collections import OrderedDict
from typing import Final
from uuid import UUID

from spheres_core.audit import operations, queries
from spheres_core.foundation.plugins.schedules import Due, Schedule, due_hours
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.periodic_tasks import run_in_each_tenant
from spheres_core.foundation.tenancy.runtime import Runtime

LOCK: Final = "spheres.schedule"
REMEMBERED: Final = 10_000
"""Hours that were seen to be done, so that they are not asked for again every few minutes."""

_done: OrderedDict[tuple[UUID, UUID], None] = OrderedDict()


async def enqueue_due(runtime: Runtime) -> None:
    """Enqueues every schedule of every tenant whose hour has come, once, whichever worker is first."""
    if any("register_schedules" in each.manifest.provides.hooks for each in runtime.machine.plugins.values()):
        await run_in_each_tenant(runtime, "enqueue_schedules", _enqueue_of_tenant)


async def _enqueue_of_tenant(ctx: Context) -> None:
    schedules = ctx.plugins.schedules
    if not schedules:
        return
    since = {state.plugin_id: state.since for state in await ctx.db.all(tenants.PLUGINS) if state.active}
    for name, schedule in schedules.items():
        plugin = name.partition(".")[0]
        for due in due_hours(schedule, ctx.now, ctx.zone):
            id = entry_id(schedule, due)
            if due.moment < since.get(plugin, ctx.now) or (ctx.tenant.id, id) in _done:
                continue
            await ctx.db.lock(LOCK, f"{ctx.tenant.id} {id}")
            if await queries.entry(ctx, id) is None:
                details = {"plugin": plugin, "schedule": name, "day": due.day.isoformat(), "hour": due.hour}
                await operations.record(ctx, "schedule.due", details=details, id=id)
            else:
                _remember(ctx.tenant.id, id)


def entry_id(schedule: Schedule, due: Due) -> UUID:
    """Returns the entry's id: the same for the same schedule, day and hour, and in its place in time (UUIDv7)."""
    named = hashlib.sha256(f"{schedule.name} {due.day.isoformat()} {due.hour}".encode()).digest()
    at = int(due.moment.astimezone(dt.UTC).timestamp() * 1000).to_bytes(6, "big")
    version, variant = 0x70 | named[0] & 0x0F, 0x80 | named[2] & 0x3F
    return UUID(bytes=at + bytes((version, named[1], variant)) + named[3:10])


def _remember(tenant: UUID, id: UUID) -> None:
    _done[tenant, id] = None
    while len(_done) > REMEMBERED:
        _done.popitem(last=False)
