"""A tenant with an outbox on a real database, migrated as every other."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import importlib.util
import os
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import pytest

from spheres_core.audit import operations, queries
from spheres_core.audit.events import delivery_attempt
from spheres_core.audit.events.delivery import DeliveryUnfinished, deliver
from spheres_core.audit.schemas import Parked
from spheres_core.foundation.database.components import CORE, JOBS
from spheres_core.foundation.database.migrations import migrate
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime

T = TypeVar("T")
OFFICE = Path(__file__).with_name("office.py")


def _load_office() -> ModuleType:
    spec = importlib.util.spec_from_file_location("outbox_office", OFFICE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def office() -> ModuleType:
    """The room and the plugin that behave as a test says."""
    return _load_office()


class Outbox:
    """One process of a tenant with a slug of its own, whose plugin `courier` behaves as `mode` says."""

    def __init__(self, urls: Urls, office: ModuleType, folder: Path) -> None:
        self.urls = urls
        self.office = office
        self.plugins = folder
        self.slug = f"t{uuid7().hex[-12:]}"
        self._runner = asyncio.Runner()
        self.courier = office.write_plugin(folder, id=f"courier_{self.slug}")
        self.hook = f"hook:{self.courier.name}"
        self.runtime: Runtime = office.make_runtime(urls.app, folder)
        self.do(self._begin())

    async def _begin(self) -> None:
        await self.runtime.database.open()
        definition = tenants.Definition(
            slug=self.slug, name={"fr": "Nord", "en": "North"}, languages=("fr-CA", "en-CA"),
            time_zone="America/Toronto", plugins=(self.courier.name,),
        )  # fmt: skip
        owner = await Database(self.urls.needed("owner")).open()
        async with owner.transaction(None) as db:
            await tenants.write(db, definition, None, self.office.KEYRING, now=dt.datetime.now(dt.UTC))
        await owner.close()

    def do(self, story: Coroutine[Any, Any, T]) -> T:
        """Run a test's story in this process."""
        return self._runner.run(story)

    def end(self) -> None:
        """Close what the process holds."""
        self.do(self.runtime.database.close())
        self._runner.close()

    def behave(self, mode: str) -> None:
        """How the plugin answers from now on. One that blocks does so until it is told otherwise."""
        (self.courier / "mode").write_text(mode)

    def calls(self) -> list[str]:
        """The subjects that the plugin was called for, each time."""
        file = self.courier / "calls"
        return file.read_text().splitlines() if file.exists() else []

    @contextlib.asynccontextmanager
    async def ctx(self) -> AsyncIterator[Context]:
        """A context with a transaction of its own."""
        loaded = await self.runtime.load(self.slug)
        assert loaded is not None
        async with self.runtime.context(loaded) as ctx:
            yield ctx

    async def letter(self, verb: str = "letter.came") -> tuple[UUID, UUID]:
        """Something happened: the entry's id and the subject's."""
        subject = uuid7()
        async with self.ctx() as ctx:
            return await operations.record(ctx, verb, subject=("referral", subject)), subject

    async def deliver(self, entry: UUID) -> bool:
        """One run of its job: is everything owed settled?"""
        try:
            await deliver(self.runtime, self.slug, entry)
        except DeliveryUnfinished:
            return False
        return True

    async def count(self, verb: str, subject: UUID | None = None) -> int:
        """How often a verb stands in the trail."""
        async with self.ctx() as ctx:
            rows = await ctx.db.sql(
                "SELECT count(*) FROM trail_entries WHERE verb = $1 AND ($2::uuid IS NULL OR subject_id = $2)",
                verb, subject,
            )  # fmt: skip
        return int(rows[0][0])

    async def parked(self) -> list[Parked]:
        """What was given up on."""
        async with self.ctx() as ctx:
            return await queries.parked(ctx)

    def sql(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database as the application's role, outside every context."""
        with psycopg.connect(self.urls.app, autocommit=True) as connection:
            cursor = connection.execute(text.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def jobs(self) -> list[tuple[Any, ...]]:
        """This tenant's jobs: status, attempts, entry."""
        return self.sql(
            "SELECT status::text, attempts, args->>'entry' FROM procrastinate_jobs"
            " WHERE args->>'tenant' = %s ORDER BY id",
            self.slug,
        )


@pytest.fixture(scope="session")
def outbox_database(cluster: Cluster) -> Iterator[Urls]:
    """A database with the core's tables and the job queue."""
    name = f"t{os.getpid()}_outbox"
    urls = cluster.create_database(name)
    migrate(urls.needed("owner"), [CORE, JOBS])
    yield urls
    cluster.drop_database(name)


@pytest.fixture
def outbox(outbox_database: Urls, office: ModuleType, tmp_path: Path) -> Iterator[Outbox]:
    """A new tenant and its process."""
    made = Outbox(outbox_database, office, tmp_path / "plugins")
    yield made
    made.end()


@pytest.fixture
def short_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recipients have a second, and are called again at once."""
    monkeypatch.setattr(delivery_attempt, "DEADLINE", 1.0)
    monkeypatch.setattr(delivery_attempt, "GRACE", 0.2)
    monkeypatch.setattr(delivery_attempt, "REST", 0.0)
