"""The test world: one process as it would run, over a database of its own, with a clock that a test moves."""

import asyncio
import datetime as dt
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from spheres_core import app
from spheres_core.audit import operations as audit
from spheres_core.audit.events import delivery
from spheres_core.forms import examples
from spheres_core.forms import queries as forms
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import SYSTEM, Context
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime
from spheres_core.staff.operations import authentication, tokens
from spheres_core.testing.databases import database_maker

EXAMPLES: Final = Path(__file__).parent / "packs"
"""A folder with one plugin, `example_region`: a pack with a referral form, for tests of plugins that bring none."""

T = TypeVar("T")
MakeWorld = Callable[..., "World"]


class World:
    """One process as it would run: a runtime and its dispatcher over a database, with a clock that a test moves.

    Synchronous, so that a test reads like a story: `world.post("/t/north/api/referrals", json=…)`.
    """

    def __init__(self, urls: Urls, machine: Machine, keyring: Keyring) -> None:
        self.urls = urls
        self.machine = machine
        self.keyring = keyring
        self.now: dt.datetime | None = None
        self._runner = asyncio.Runner()
        self.runtime: Runtime = app.make_runtime(Database(urls.app, most=20), keyring, machine)
        self.runtime.clock = self._clock
        self.dispatcher = app.Dispatcher(self.runtime, authentication.authenticate, audit.record_refusal)
        self._runner.run(self.dispatcher.start())
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.dispatcher, raise_app_exceptions=False), base_url="http://localhost"
        )

    def _clock(self) -> dt.datetime:
        return self.now or dt.datetime.now(dt.UTC)

    def close(self) -> None:
        """Closes what the process holds."""
        self.run(self.http.aclose())
        self.run(self.dispatcher.stop())
        self._runner.close()

    def run(self, story: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine on the world's event loop."""
        return self._runner.run(story)

    def request(self, method: str, path: str, **values: Any) -> httpx.Response:
        """Sends one request to the dispatcher; cookies are kept as a browser would."""
        return self.run(self.http.request(method, path, **values))

    def get(self, path: str, **values: Any) -> httpx.Response:
        return self.request("GET", path, **values)

    def post(self, path: str, **values: Any) -> httpx.Response:
        return self.request("POST", path, **values)

    def loaded(self, slug: str) -> LoadedTenant:
        """Returns the tenant as the process has loaded it."""
        loaded = self.run(self.runtime.load(slug))
        assert loaded is not None, slug
        return loaded

    def act(self, slug: str, story: Callable[[Context], Coroutine[Any, Any, T]], **values: Any) -> T:
        """Runs `story(ctx)` in a transaction of its own for a tenant."""
        loaded = self.loaded(slug)

        async def acting() -> T:
            async with self.runtime.context(loaded, **{"actor": SYSTEM, **values}) as ctx:
                return await story(ctx)

        return self.run(acting())

    def bearer(self, slug: str, *roles: str) -> dict[str, str]:
        """Headers of a caller with these roles."""
        token = self.act(slug, lambda ctx: tokens.create_token(ctx, roles=roles, label="test", days=1))
        return {"Authorization": f"Bearer {token}"}

    def example_answers(self, slug: str, form: str = "referral") -> dict[str, Any]:
        """Answers that are valid today."""

        async def giving(ctx: Context) -> dict[str, Any]:
            return examples.example(await forms.current(ctx, form), today=ctx.today)

        return self.act(slug, giving)

    def refer(self, slug: str, answers: Mapping[str, Any] | None = None, **values: Any) -> httpx.Response:
        """Sends a referral; the example's answers when none are given."""
        body = {"answers": answers if answers is not None else self.example_answers(slug), "language": "fr", **values}
        return self.post(f"/t/{slug}/api/referrals", json=body)

    def deliver(self, slug: str, *, again: bool = False) -> None:
        """Delivers all that the tenant's trail owes, as the worker does; `again`: also what was delivered already.

        Raises `DeliveryUnfinished` when a recipient fails.
        """

        async def owed(ctx: Context) -> list[UUID]:
            if again:
                await ctx.db.sql("UPDATE deliveries SET done_at = NULL")
            return [row[0] for row in await ctx.db.sql("SELECT id FROM trail_entries ORDER BY id")]

        for entry in self.act(slug, owed):
            self.run(delivery.deliver(self.runtime, slug, entry))


def apply_definitions(urls: Urls, definitions: Iterable[tenants.Definition], keyring: Keyring) -> None:
    """Writes tenants as `spheres tenant apply` does, without asking."""

    async def writing() -> None:
        owner = await Database(urls.needed("owner")).open()
        for definition in definitions:
            async with owner.transaction(None) as db:
                stored = await db.one_or_none(tenants.BY_SLUG, slug=definition.slug)
            async with owner.transaction(stored.id if stored else None) as db:
                before = await tenants.current(db, stored) if stored else None
                await tenants.write(db, definition, before, keyring, now=dt.datetime.now(dt.UTC))
        await owner.close()

    asyncio.run(writing())


def definition(slug: str, *plugins: str, **values: Any) -> tenants.Definition:
    """Returns a tenant's definition with plain defaults."""
    return tenants.Definition(
        **{
            "slug": slug,
            "name": {"fr": f"Région {slug}", "en": f"{slug} region"},
            "languages": ("fr-CA", "en-CA"),
            "time_zone": "America/Toronto",
            "plugins": plugins,
            **values,
        }
    )


def migrated_database(cluster: Cluster, machine: Machine) -> Iterator[str]:
    """Yields the full name of a database with the tables of the core and of these plugins, to copy from."""
    makers = database_maker(cluster)
    urls = next(makers)("template")
    migrations.migrate(urls.needed("owner"), app.components(machine))
    yield urlsplit(urls.app).path.lstrip("/")
    next(makers, None)


def world_maker(cluster: Cluster, machine: Machine, migrated: str) -> Iterator[MakeWorld]:
    """Yields what the fixture `make_world` gives, for fixtures of a wider scope; closes the worlds at the end."""
    worlds: list[World] = []
    makers = database_maker(cluster)
    make_database = next(makers)
    keyring = Keyring(b"spheres test key, not a secret!!")

    def make(*definitions: tenants.Definition, on: Machine | None = None) -> World:
        urls = make_database("world", template=migrated)
        apply_definitions(urls, definitions, keyring)
        world = World(urls, on or machine, keyring)
        worlds.append(world)
        return world

    yield make
    for world in worlds:
        world.close()
    next(makers, None)
