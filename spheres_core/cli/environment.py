"""What a command needs of the world: the database, the key file, a runtime, a tenant."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from spheres_core import app
from spheres_core.cli.output import Speaker, Trouble, _
from spheres_core.facts import msg
from spheres_core.foundation import deployment
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.plugin_set import Machine
from spheres_core.foundation.postgres.cluster import connection_urls
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime
from spheres_core.foundation.tenancy.tenants import Stored

T = TypeVar("T")

STARTING = (
    _("Making a new database …"),
    _("Starting the database …"),
    _("Another process is starting or stopping the database; waiting …"),
    _("Another migration is running; waiting for it …"),
)
"""What the foundation reports on the way; here so that it is translated."""

_any_key = prepare(select(tenants.keys.c.tenant_id).limit(1))


def key_path() -> Path:
    """The key file: SPHERES_KEY_FILE, else `key.json` in SPHERES_HOME. Keep a copy of it away from the database."""
    return deployment.key_file()


def addresses(speaker: Speaker) -> Urls:
    """The database's addresses; the embedded one is started when it does not run."""
    with speaker.working(_("The database")) as report:
        return connection_urls(report=report)


def key_ring(urls: Urls) -> Keyring:
    """The key file; made when there is none and nothing has been sealed yet. Raises `KeyTrouble`."""
    path = key_path()
    if path.exists():
        return Keyring.load(path)
    return Keyring.load(path, create=not asyncio.run(_is_sealed(urls)))


async def _is_sealed(urls: Urls) -> bool:
    database = await Database(urls.needed("owner"), most=1).open()
    try:
        async with database.transaction(None) as db:
            return await db.one_or_none(_any_key) is not None
    finally:
        await database.close()


def bring_up_to_date(speaker: Speaker, urls: Urls, machine: Machine) -> list[migrations.Applied]:
    """Migrate every component; says each step. Quick when there is nothing to do."""
    with speaker.working(_("Bringing the database up to date")) as report:
        return migrations.migrate(urls.needed("owner"), app.components(machine), report=report)


def check_up_to_date(urls: Urls, machine: Machine) -> None:
    """Refuse to serve from tables that are not those of the code, as far as this machine may look."""
    if urls.owner is None:
        return
    found = migrations.status(urls.owner, app.components(machine))
    behind = [each.component for each in found if each.state in ("new", "behind")]
    if behind:
        names = ", ".join(behind)
        raise Trouble(msg("The database is older than the code ({names}). Run `spheres migrate` first.", names=names))


def run(story: Coroutine[Any, Any, T]) -> T:
    """Run a command's story on a loop of its own."""
    return asyncio.run(story)


@contextlib.asynccontextmanager
async def opened(url: str, *, most: int = 4) -> AsyncIterator[Database]:
    """A pool that is closed again."""
    database = await Database(url, least=1, most=most).open()
    try:
        yield database
    finally:
        await database.close()


@contextlib.asynccontextmanager
async def open_runtime(
    urls: Urls, keyring: Keyring, machine: Machine | None = None, *, pages: bool = False, adopts: bool = True
) -> AsyncIterator[Runtime]:
    """A runtime over the application's role, as the door has one.

    `pages`: with the apps and the addresses of their pages, which few commands need and which take time to build.
    """
    async with opened(urls.app, most=20 if pages else 4) as database:
        if pages:
            yield app.make_runtime(database, keyring, machine, adopts=adopts)
        else:
            yield Runtime(database, keyring, machine or app.machine(), app.rooms(), app.catalog_folder())


async def load_tenant(runtime: Runtime, slug: str) -> LoadedTenant:
    """The tenant with this slug. Raises `Trouble` with the names of those that there are."""
    found = await runtime.load(slug)
    if found is None:
        async with runtime.database.transaction(None) as db:
            names = ", ".join(each.slug for each in await db.all(tenants.ALL))
        raise _unknown(slug, names)
    return found


async def stored_tenant(database: Database, slug: str) -> Stored:
    """A tenant's row by its slug. Raises `Trouble`."""
    async with database.transaction(None) as db:
        found = await db.one_or_none(tenants.BY_SLUG, slug=slug)
        if found is None:
            raise _unknown(slug, ", ".join(each.slug for each in await db.all(tenants.ALL)))
    return found


def _unknown(slug: str, names: str) -> Trouble:
    if not names:
        return Trouble(msg("There is no tenant yet. Add one with `spheres tenant apply`, or try `spheres demo`."))
    return Trouble(msg("There is no tenant {slug}. There are: {names}.", slug=slug, names=names))


def local_today() -> dt.date:
    """The date where this machine stands; a tenant's own comes from its time zone."""
    return dt.datetime.now().astimezone().date()


def ask_tenant(speaker: Speaker, slug: str, story: Callable[[Context], Coroutine[Any, Any, T]]) -> T:
    """Run `story(ctx)` for a tenant, as the system, in one transaction."""
    urls = addresses(speaker)
    check_up_to_date(urls, app.machine())
    keyring = Keyring.load(key_path())

    async def asking() -> T:
        async with open_runtime(urls, keyring) as runtime:
            loaded = await load_tenant(runtime, slug)
            language = speaker.locale.tag if speaker.locale.tag in loaded.tenant.languages else None
            async with runtime.context(loaded, language=language) as ctx:
                return await story(ctx)

    return run(asking())
