"""Runs what is due from time to time, in each tenant by itself."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime

log: Final = structlog.get_logger("spheres.periodic_tasks")


async def run_in_each_tenant(runtime: Runtime, task: str, act: Callable[[Context], Awaitable[object]]) -> None:
    """Runs `act` in every tenant, as the system, in a transaction each; see `run_for_each_tenant`."""

    async def acting(loaded: LoadedTenant) -> None:
        async with runtime.context(loaded) as ctx:
            await act(ctx)

    await run_for_each_tenant(runtime, task, acting)


async def run_for_each_tenant(runtime: Runtime, task: str, act: Callable[[LoadedTenant], Awaitable[object]]) -> None:
    """Runs `act` for every tenant; it begins its transactions itself. `task` is its name for the log.

    A tenant in which it fails keeps no other one waiting, and is tried again when the task is due again.
    """
    async with runtime.database.transaction(None) as db:
        stored = await db.all(tenants.ALL)
    for each in stored:
        try:
            loaded = await runtime.load(each.slug)
            if loaded is not None:
                await act(loaded)
        except Exception as error:
            log.error("periodic_task.failed", task=task, tenant=each.slug, error=type(error).__name__)
