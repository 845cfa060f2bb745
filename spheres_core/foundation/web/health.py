"""Whether this process can do its work: the database answers, has room to write, and the key opens what it sealed."""

import asyncio
from typing import Final

import structlog

from spheres_core.foundation.database.transactions import UNREACHABLE
from spheres_core.foundation.encryption import KeyTrouble
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.runtime import Runtime

_SMALL_MEMORY: Final = "SET LOCAL work_mem = '64kB'"
_SPILLED: Final = "SELECT count(*) FROM generate_series(1, 20000)"
"""Half a megabyte that does not fit into that memory, and so is written to a file which is gone at once."""

log = structlog.get_logger("spheres.health")


class Health:
    """The health of one process. Those who ask while it is looked at get the same answer."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._look: asyncio.Task[bool] | None = None

    async def is_well(self) -> bool:
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._examine())
        return await asyncio.shield(self._look)

    async def _examine(self) -> bool:
        try:
            async with self._runtime.database.transaction(None) as db:
                await db.unchecked_sql(_SMALL_MEMORY)
                await db.sql(_SPILLED)
                known = await db.all(tenants.FIRST)
                for slug in sorted(self._runtime.unopened):
                    known += await db.all(tenants.BY_SLUG, slug=slug)
            for each in known:
                await self._runtime.open_keys(each)
        except (*UNREACHABLE, KeyTrouble) as error:
            log.error("health.unavailable", error=type(error).__name__)
            return False
        return True
