"""A tenant with an outbox on a real database, migrated as every other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from spheres_core.audit import operations, queries
from spheres_core.audit.events import delivery, delivery_attempt
from spheres_core.audit.schemas import Parked
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy.context import Context
from spheres_core.testing import World, database_maker, definition, write_plugin
from tests.spheres_core.audit import office


def write_courier(folder: Path, id: str) -> Path:
    """A code plugin that is told of referrals and behaves as its file `mode` says."""
    files = {"hooks.py": office.HOOKS, "mode": "note"}
    return write_plugin(folder, id, files, tier="code", provides={"hooks": ["on_referral_received"]})


class Outbox(World):
    """One process of a tenant with a slug of its own, whose plugin `courier` behaves as `mode` says."""

    def __init__(self, urls: Urls, folder: Path) -> None:
        self.plugins = folder
        self.slug = f"t{uuid7().hex[-12:]}"
        self.courier = write_courier(folder, f"courier_{self.slug}")
        self.hook = f"hook:{self.courier.name}"
        super().__init__(urls, discover([folder]), office.KEYRING, office.make_runtime)
        self.apply(definition(self.slug, self.courier.name))

    def behave(self, mode: str) -> None:
        """How the plugin answers from now on. One that blocks does so until it is told otherwise."""
        (self.courier / "mode").write_text(mode)

    def calls(self) -> list[str]:
        """The subjects that the plugin was called for, each time."""
        file = self.courier / "calls"
        return file.read_text().splitlines() if file.exists() else []

    def ctx(self) -> AbstractAsyncContextManager[Context]:
        """A context with a transaction of its own."""
        return self.context(self.slug)

    async def letter(self, verb: str = "letter.came") -> tuple[UUID, UUID]:
        """Something happened: the entry's id and the subject's."""
        subject = uuid7()
        async with self.ctx() as ctx:
            return await operations.record(ctx, verb, subject=("referral", subject)), subject

    async def settle(self, entry: UUID) -> bool:
        """One run of its job: is everything owed settled?"""
        try:
            await delivery.deliver(self.runtime, self.slug, entry)
        except delivery.DeliveryUnfinished:
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

    def sql_of_app(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
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
def outbox_database(cluster: Cluster, migrated: str) -> Iterator[Urls]:
    """A database for the processes of these tests: what belongs to one tenant is done by its own only."""
    with database_maker(cluster) as make_database:
        yield make_database("outbox", template=migrated)


@pytest.fixture
def outbox(outbox_database: Urls, tmp_path: Path) -> Iterator[Outbox]:
    """A new tenant and its process."""
    with closing(Outbox(outbox_database, tmp_path / "plugins")) as made:
        yield made


@pytest.fixture
def short_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recipients have a second, and are called again at once."""
    monkeypatch.setattr(delivery_attempt, "DEADLINE", 1.0)
    monkeypatch.setattr(delivery_attempt, "GRACE", 0.2)
    monkeypatch.setattr(delivery_attempt, "REST", 0.0)
