"""The test world: one process as it would run, over a database of its own, with a clock that a test moves."""

import asyncio
import contextlib
import datetime as dt
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
import psycopg

from spheres_core import app
from spheres_core.app import assembly
from spheres_core.app.dispatcher import Dispatcher
from spheres_core.audit import operations as audit
from spheres_core.audit.events import delivery
from spheres_core.forms import examples
from spheres_core.forms import queries as forms
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime
from spheres_core.staff.operations import authentication, tokens
from spheres_core.testing.databases import database_maker
from spheres_core.testing.migrated_templates import migrated_template

EXAMPLES: Final = Path(__file__).parent / "packs"
"""A folder with one plugin, `example_region`: a pack with a referral form, for tests of plugins that bring none."""

KEYRING: Final = Keyring(b"spheres test key, not a secret!!")
ADDRESS: Final = "203.0.113.7"
"""Where callers call from; an address for documentation (RFC 5737)."""

T = TypeVar("T")
MakeWorld = Callable[..., "World"]
MakeRuntime = Callable[[Database, Keyring, Machine], Runtime]


class World:
    """One process as it would run: a runtime and its dispatcher over a database, with a clock that a test moves.

    Synchronous, so that a test reads like a story: `world.post("/t/north/api/referrals", json=…)`.
    """

    def __init__(
        self,
        urls: Urls,
        machine: Machine,
        keyring: Keyring = KEYRING,
        make_runtime: MakeRuntime = assembly.make_runtime,
    ) -> None:
        self.urls = urls
        self.machine = machine
        self.keyring = keyring
        self.now: dt.datetime | None = None
        self._make_runtime = make_runtime
        self._runner = asyncio.Runner()
        self._owner = Database(urls.needed("owner"))
        self._owner_here: psycopg.Connection | None = None
        self._thread = threading.get_ident()
        self._start()

    def _start(self) -> None:
        self.dispatcher = self.make_dispatcher()
        self.runtime: Runtime = self.dispatcher.runtime
        self.run(self.dispatcher.start())
        self.http = self.make_browser()

    async def _stop(self) -> None:
        await self.http.aclose()
        await self.dispatcher.stop()

    def _clock(self) -> dt.datetime:
        return self.now or dt.datetime.now(dt.UTC)

    def make_dispatcher(self) -> Dispatcher:
        """Returns the application of one more process over the same database, not yet started."""
        runtime = self._make_runtime(Database(self.urls.app, most=20), self.keyring, self.machine)
        runtime.clock = self._clock
        runtime.post_limits = None  # a test posts more in a second than a region does in a day
        return Dispatcher(runtime, authentication.authenticate, audit.record_refusal)

    def make_browser(
        self, dispatcher: Dispatcher | None = None, *, scheme: str = "http", address: str = ADDRESS
    ) -> httpx.AsyncClient:
        """Returns a client that keeps its own cookies, for stories on the world's event loop."""
        transport = httpx.ASGITransport(
            dispatcher or self.dispatcher, raise_app_exceptions=False, client=(address, 4711)
        )
        return httpx.AsyncClient(transport=transport, base_url=f"{scheme}://localhost")

    def close(self) -> None:
        """Closes what the process holds; no matter when it is closed already."""
        if not self.http.is_closed:
            self.run(self._stop())
            self.run(self._owner.close())
            self._runner.close()
        if self._owner_here is not None:
            self._owner_here.close()

    def restart(self, machine: Machine | None = None, make_runtime: MakeRuntime | None = None) -> None:
        """Ends the process and starts another over the same database, with other plugins when they are given."""
        self.run(self._stop())
        self.machine = machine or self.machine
        self._make_runtime = make_runtime or self._make_runtime
        self._start()

    def forward(self, **span: float) -> dt.datetime:
        """Moves the clock on, as `forward(days=1, hours=2)`; returns the moment it then shows."""
        self.now = self._clock() + dt.timedelta(**span)
        return self.now

    def apply(self, *definitions: tenants.Definition) -> None:
        """Writes tenants as `spheres tenant apply` does; what is known of them is read anew."""
        self.run(_apply(self._owner, definitions, self.keyring, self._clock()))
        for each in definitions:
            self.runtime.unload(each.slug)

    def renew(self, *definitions: tenants.Definition, now: dt.datetime | None = None) -> "World":
        """Leaves these tenants and nothing of an earlier test, no rows and no cookies; returns the world.

        The clock stands at `now`, or goes on by itself. What went wrong with a plugin stays known to the process:
        break plugins in a world of your own.
        """
        for (slug,) in self.sql("DELETE FROM tenants RETURNING slug"):
            self.runtime.unload(slug)
        self.sql("DELETE FROM procrastinate_jobs")
        self.now = now
        self.http.cookies.clear()
        self.apply(*definitions)
        return self

    def sql(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Returns what the database holds, of all tenants (role owner, placeholders `%s`)."""
        if threading.get_ident() != self._thread:
            with self._connect_as_owner() as db:
                return _rows(db, query, values)
        if self._owner_here is None or self._owner_here.closed:
            self._owner_here = self._connect_as_owner()
        return _rows(self._owner_here, query, values)

    def _connect_as_owner(self) -> psycopg.Connection:
        return psycopg.connect(self.urls.needed("owner"), autocommit=True, prepare_threshold=None)

    def run(self, story: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine on the world's event loop.

        `Runner.run` would first take the signal of Ctrl-C for each, which costs more than many a request.
        """
        return self._runner.get_loop().run_until_complete(story)

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

        async def acting() -> T:
            async with self.context(slug, **values) as ctx:
                return await story(ctx)

        return self.run(acting())

    @contextlib.asynccontextmanager
    async def context(self, slug: str, **values: Any) -> AsyncIterator[Context]:
        """Returns a context of a tenant with a transaction of its own, for stories on the world's event loop."""
        loaded = await self.runtime.load(slug)
        assert loaded is not None, slug
        async with self.runtime.context(loaded, **values) as ctx:
            yield ctx

    def bearer(self, slug: str, *roles: str, days: int = 1) -> dict[str, str]:
        """Headers of a caller with these roles."""
        token = self.act(slug, lambda ctx: tokens.create_token(ctx, roles=roles, label="test", days=days))
        return {"Authorization": f"Bearer {token}"}

    def example_answers(self, slug: str, form: str = "referral") -> dict[str, Any]:
        """Answers that are valid today."""

        async def giving(ctx: Context) -> dict[str, Any]:
            return examples.example(await forms.current(ctx, form, attached=True), today=ctx.today)

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


def _rows(db: psycopg.Connection, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    found = db.execute(query.encode(), values or None)
    return found.fetchall() if found.description else []


async def _apply(
    owner: Database, definitions: Iterable[tenants.Definition], keyring: Keyring, now: dt.datetime
) -> None:
    await owner.open()
    for definition in definitions:
        async with owner.transaction(None) as db:
            stored = await db.one_or_none(tenants.BY_SLUG, slug=definition.slug)
        async with owner.transaction(stored.id if stored else None) as db:
            before = await tenants.current(db, stored) if stored else None
            await tenants.write(db, definition, before, keyring, now=now)


def apply_definitions(urls: Urls, definitions: Iterable[tenants.Definition], keyring: Keyring) -> None:
    """Writes tenants as `spheres tenant apply` does, without asking."""

    async def writing() -> None:
        owner = Database(urls.needed("owner"))
        await _apply(owner, definitions, keyring, dt.datetime.now(dt.UTC))
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


def migrated_database(cluster: Cluster, machine: Machine) -> str:
    """Returns the full name of a database with the tables of the core and of these plugins, to copy from."""
    return migrated_template(cluster, app.components(machine))


@contextlib.contextmanager
def world_maker(cluster: Cluster, machine: Machine, migrated: str) -> Iterator[MakeWorld]:
    """Yields what the fixture `make_world` gives and closes the worlds at the end. `on`: other plugins there."""
    with database_maker(cluster) as make_database, contextlib.ExitStack() as open_worlds:

        def make(*definitions: tenants.Definition, on: Machine | None = None) -> World:
            world = World(make_database("world", template=migrated), on or machine)
            open_worlds.callback(world.close)
            world.apply(*definitions)
            return world

        yield make
