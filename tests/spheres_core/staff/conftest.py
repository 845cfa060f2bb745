"""Two tenants with staff on a real database, with the rooms that signing in needs and no other."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import types
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
import pytest
from argon2 import PasswordHasher
from litestar import get

from spheres_core import app, hookimpl
from spheres_core.audit import hooks as audit
from spheres_core.audit import operations as trail
from spheres_core.facts import msg
from spheres_core.foundation.database.components import CORE, JOBS
from spheres_core.foundation.database.migrations import migrate
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.registrations import NavigationItem, Permission
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.foundation.web import application
from spheres_core.foundation.web.guards import public, requires
from spheres_core.staff import hooks as staff
from spheres_core.staff import password_hashing
from spheres_core.staff.operations import accounts, authentication
from tests.conftest import database_maker

ROOT: Final = Path(__file__).parents[3]
NOW: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)
EMAIL: Final = "amelie.roy@exemple.ca"
PASSWORD: Final = "trois rivières au printemps"
T = TypeVar("T")


class World:
    """One process with two tenants, `north` and `south`, and a clock that the test moves."""

    def __init__(self, urls: Any) -> None:
        self.urls = urls
        self.keyring = Keyring(b"k" * 32)
        self.now = NOW
        self._runner = asyncio.Runner()
        self._runtime = self._runner.run(self._begin())

    async def _begin(self) -> Runtime:
        database = await Database(self.urls.app).open()
        rooms = {"audit": audit, "staff": staff, "stand_in": _stand_in()}
        build = partial(application.build_app, template_folders=app.template_folders(), static=app.static_folders())
        runtime = Runtime(database, self.keyring, discover([]), rooms, ROOT / "locales", build)
        runtime.clock = lambda: self.now
        return runtime

    def end(self) -> None:
        """Close what the process holds."""
        self.do(self._runtime.database.close)
        self._runner.close()

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += dt.timedelta(**time)

    def do(self, act: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a test's story."""
        return self._runner.run(act())

    async def renew(self) -> None:
        """Two new tenants, and nothing of an earlier test."""
        self.now = NOW
        owner = await Database(self.urls.owner).open()
        async with owner.transaction(None) as db:
            await db.sql("DELETE FROM tenants")
        for slug in ("north", "south"):
            definition = tenants.Definition(
                slug=slug, name={"fr": slug, "en": slug}, languages=("fr-CA", "en-CA"), time_zone="America/Toronto"
            )
            async with owner.transaction(None) as db:
                await tenants.write(db, definition, None, self.keyring, now=NOW)
            self._runtime.unload(slug)
        await owner.close()

    @contextlib.asynccontextmanager
    async def ctx(self, slug: str = "north") -> AsyncIterator[Context]:
        """A context with a transaction of its own, as the command line has it."""
        loaded = await self._runtime.load(slug)
        assert loaded is not None
        async with self._runtime.context(loaded) as ctx:
            yield ctx

    async def hire(self, slug: str = "north", *, email: str = EMAIL, roles: tuple[str, ...] = ("coordinator",)) -> UUID:
        """Somebody who can sign in there with PASSWORD."""
        async with self.ctx(slug) as ctx:
            return await accounts.create_account(ctx, email, name="Amélie Roy", roles=roles, password=PASSWORD)

    async def verbs(self, slug: str = "north") -> list[str]:
        """What the trail holds, oldest first."""
        async with self.ctx(slug) as ctx:
            return [row["verb"] for row in await ctx.db.sql("SELECT verb FROM trail_entries ORDER BY id")]

    @contextlib.asynccontextmanager
    async def browser(self, *, scheme: str = "http", address: str = "203.0.113.7") -> AsyncIterator[httpx.AsyncClient]:
        """A browser that keeps cookies, in front of the dispatcher."""
        dispatcher = app.Dispatcher(
            self._runtime, authenticate=authentication.authenticate, record_refusal=trail.record_refusal
        )
        transport = httpx.ASGITransport(app=dispatcher, client=(address, 4711))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://localhost") as client:
            yield client


def _stand_in() -> types.ModuleType:
    """What rooms above bring: the pages that the frame links to, and one that only coordinators may open."""
    room = types.ModuleType("stand_in")

    def page(name: str, guard: Any) -> Any:
        async def answer() -> str:
            return name

        return get(f"/{name}", guards=[guard], name=name)(answer)

    names = ("home", "refer", "receipt", "partners", "administration")

    @hookimpl
    def register_pages() -> Any:
        return [page("inbox", requires("stand_in.inbox")), *(page(name, public) for name in names)]

    @hookimpl
    def register_permissions() -> Any:
        return [Permission("stand_in.inbox", msg("Inbox"), roles=("coordinator",))]

    @hookimpl
    def register_navigation() -> Any:
        return [NavigationItem("inbox", msg("Inbox"), "staff", "stand_in.inbox", order=10)]

    for hook in (register_pages, register_permissions, register_navigation):
        setattr(room, hook.__name__, hook)
    return room


@pytest.fixture(scope="session")
def shared_world(cluster: Cluster) -> Iterator[World]:
    """A migrated database, and a process over it."""
    maker = database_maker(cluster)
    made = next(maker)("staff")
    migrate(made.needed("owner"), [CORE, JOBS])
    built = World(made)
    yield built
    built.end()
    next(maker, None)


@pytest.fixture
def world(shared_world: World) -> World:
    """Two new tenants."""
    shared_world.do(shared_world.renew)
    return shared_world


@pytest.fixture
def decided_settings() -> None:
    """For tests about the cost of checking a password itself."""


@pytest.fixture(autouse=True)
def cheap_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of a second for each sign-in is right for people and wrong for tests."""
    if "decided_settings" not in request.fixturenames:
        monkeypatch.setattr(password_hashing, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
