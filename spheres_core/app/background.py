"""Notices changed tenants, writes incidents and starts a dead database again, beside the requests."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import asyncpg
import structlog

from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.isolation.watchdog import WATCHDOG
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.foundation.tenancy.tenants import CHANNEL

POLL = 2.0
"""Seconds after which a changed tenant is noticed although no notification came."""

log = structlog.get_logger("spheres.dispatcher")


class BackgroundTasks:
    """The tasks of one process. Has the one connection that listens for changed tenants."""

    def __init__(self, runtime: Runtime, restart_database: Callable[[], None] | None) -> None:
        """`restart_database`: starts the database again if it has died; None for one that others look after."""
        self.runtime = runtime
        self._restart_database = restart_database
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begins to listen for changed tenants, and has the event loop watched."""
        WATCHDOG.watch(asyncio.get_running_loop())
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._poll())]

    async def stop(self) -> None:
        """Stops all, and writes the last incidents."""
        WATCHDOG.unwatch(asyncio.get_running_loop())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await incidents.write(self.runtime.database)

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                async with self._listening() as connection:
                    await self.runtime.refresh()
                    while not connection.is_closed():  # noqa: ASYNC110 (the driver has no event for it)
                        await asyncio.sleep(POLL)
            await asyncio.sleep(POLL)

    @contextlib.asynccontextmanager
    async def _listening(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await self.runtime.database.connect_alone()
        try:
            await connection.add_listener(CHANNEL, lambda _c, _p, _ch, slug: self.runtime.unload(slug))
            yield connection
        finally:
            await connection.close(timeout=5)

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL)
            await incidents.write(self.runtime.database)
            try:
                await self.runtime.refresh()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._restart()

    async def _restart(self) -> None:
        """Starts a database of ours that has died. Processes take turns; whoever comes second finds it running."""
        if self._restart_database is None:
            return
        try:
            await asyncio.to_thread(self._restart_database)
        except Exception as error:  # the next turn tries again
            log.error("dispatcher.cannot_restart_database", error=type(error).__name__)
