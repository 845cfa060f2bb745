"""A machine with some tenants: the rooms that the directory needs, and no other."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx

from spheres_core import app
from spheres_core.audit import hooks as audit
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.foundation.web import application
from spheres_core.partners import hooks as partners

ROOT: Final = Path(__file__).parents[3]
NOW: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)
T = TypeVar("T")


class Region:
    """One process with some tenants. `run` does something in a transaction of one of them."""

    def __init__(self, urls: Any, plugins: Path) -> None:
        self.urls = urls
        self.plugins = plugins
        self.keyring = Keyring(b"k" * 32)
        self.now = NOW

    def add(self, slug: str, *plugins: str, languages: tuple[str, ...] = ("fr-CA", "en-CA")) -> UUID:
        """A tenant with these plugins."""
        definition = tenants.Definition(
            slug=slug,
            name={"fr": slug, "en": slug},
            languages=languages,
            time_zone="America/Toronto",
            plugins=plugins,
        )

        async def write() -> UUID:
            owner = await Database(self.urls.owner).open()
            try:
                async with owner.transaction(None) as db:
                    return await tenants.write(db, definition, None, self.keyring, now=NOW)
            finally:
                await owner.close()

        return asyncio.run(write())

    def run(self, slug: str, act: Callable[[Context], Awaitable[T]]) -> T:
        """Do it as that tenant and commit."""

        async def inside(runtime: Runtime) -> T:
            loaded = await runtime.load(slug)
            assert loaded is not None
            async with runtime.context(loaded) as ctx:
                return await act(ctx)

        return asyncio.run(self._with_runtime(inside))

    def get(self, path: str, *, language: str = "fr-CA") -> httpx.Response:
        """One request through the dispatcher."""
        return asyncio.run(self._ask(path, language))

    def get_at_once(self, path: str, *, processes: int) -> list[httpx.Response]:
        """The same request to several processes that have just started."""

        async def ask_all() -> list[httpx.Response]:
            return await asyncio.gather(*(self._ask(path, "fr-CA") for _ in range(processes)))

        return asyncio.run(ask_all())

    async def _ask(self, path: str, language: str) -> httpx.Response:
        async def ask(runtime: Runtime) -> httpx.Response:
            dispatcher = app.Dispatcher(runtime, _nobody, _no_refusal)
            transport = httpx.ASGITransport(app=dispatcher)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.get(path, headers={"accept-language": language})

        return await self._with_runtime(ask)

    async def _with_runtime(self, act: Callable[[Runtime], Awaitable[T]]) -> T:
        database = await Database(self.urls.app).open()
        rooms = {"audit": audit, "partners": partners}
        build = partial(application.build_app, template_folders=app.template_folders(), static={})
        machine = discover([self.plugins])
        runtime = Runtime(database, self.keyring, machine, rooms, ROOT / "locales", build)
        runtime.clock = lambda: self.now
        try:
            return await act(runtime)
        finally:
            await database.close()


async def _nobody(*_: Any) -> None:
    return None


async def _no_refusal(*_: Any) -> None:
    return None
