"""Tenants with forms, on a real database, with the rooms that forms need and no other."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
import psycopg
import pytest
import sqlalchemy as sa

from spheres_core import app
from spheres_core.audit import hooks as audit
from spheres_core.forms import hooks as forms
from spheres_core.foundation.database import tenant_tables
from spheres_core.foundation.database.models import TenantRow
from spheres_core.foundation.database.schema import Base
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.postgres.roles import OWNER
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.foundation.web import application

ROOT: Final = Path(__file__).parents[3]
NOW: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)
T = TypeVar("T")


def apart(act: Coroutine[Any, Any, T]) -> T:
    """Run it in a thread of its own: the browser tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, act).result()


class Region:
    """One process with some tenants. Each use opens the database anew, as a restarted process would."""

    def __init__(self, urls: Any, plugins: Path) -> None:
        self.urls = urls
        self.plugins = plugins
        self.keyring = Keyring(b"k" * 32)

    def add(self, slug: str, *plugins: str) -> UUID:
        """A tenant with these plugins."""
        definition = tenants.Definition(
            slug=slug,
            name={"fr": slug, "en": slug},
            languages=("fr-CA", "en-CA"),
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

        return apart(write())

    def run(self, slug: str, act: Callable[[Context], Awaitable[T]]) -> T:
        """Do it as that tenant and commit."""

        async def inside(runtime: Runtime) -> T:
            loaded = await runtime.load(slug)
            assert loaded is not None
            async with runtime.context(loaded) as ctx:
                return await act(ctx)

        return apart(self._with_runtime(inside))

    def get(self, path: str, *, language: str = "fr-CA") -> httpx.Response:
        """One request through the dispatcher."""

        async def ask(runtime: Runtime) -> httpx.Response:
            dispatcher = app.Dispatcher(runtime, _nobody, _no_refusal)
            transport = httpx.ASGITransport(app=dispatcher)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.get(path, headers={"accept-language": language})

        return apart(self._with_runtime(ask))

    async def _with_runtime(self, act: Callable[[Runtime], Awaitable[T]]) -> T:
        database = await Database(self.urls.app).open()
        rooms = {"audit": audit, "forms": forms}
        build = partial(application.build_app, template_folders=app.template_folders(), static={})
        runtime = Runtime(database, self.keyring, discover([self.plugins]), rooms, ROOT / "locales", build)
        runtime.clock = lambda: NOW
        try:
            return await act(runtime)
        finally:
            await database.close()


async def _nobody(*_: Any) -> None:
    return None


async def _no_refusal(*_: Any) -> None:
    return None


class _Op:
    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def execute(self, text: str) -> None:
        self.connection.execute(sa.text(text))


@pytest.fixture
def own_region(fresh_database: Callable[..., Any], tmp_path: Path) -> Region:
    """A region whose packs the test writes itself, on a database with row-level security."""
    made = fresh_database("forms")
    engine = sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(made.owner))
    needed = {"tenants", *(t.name for t in Base.metadata.sorted_tables if "tenant_id" in t.c)}
    with engine.begin() as connection:
        connection.execute(sa.text(f"SET ROLE {OWNER}"))
        connection.execute(sa.text("CREATE SEQUENCE tenant_epoch"))
        Base.metadata.create_all(connection, [t for t in Base.metadata.sorted_tables if t.name in needed])
        for name in sorted(needed - {TenantRow.__tablename__}):
            tenant_tables.protect(_Op(connection), name)
        tenant_tables.grant(_Op(connection), "tenants", "SELECT")
        connection.execute(sa.text("GRANT USAGE ON SEQUENCE tenant_epoch TO spheres_app"))
    engine.dispose()
    return Region(made, tmp_path)
