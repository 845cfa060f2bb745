"""Opens what a command works with: the database, the key file, a runtime, a tenant."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import select

from spheres_core import app
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import Message, msg
from spheres_core.foundation import deployment
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.components import CORE, JOBS, Applied, ComponentStatus, MigrationFailed
from spheres_core.foundation.database.statements import Statement, prepare
from spheres_core.foundation.database.transactions import UNHURRIED, Database, Deadlines
from spheres_core.foundation.encryption import Keyring, KeyTrouble
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import connection_urls
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy import tenants, vault_keys
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime
from spheres_core.foundation.tenancy.tenants import Stored

T = TypeVar("T")
MakeRuntime = Callable[..., Runtime]

PROGRESS_MESSAGES = (
    _("Making a new database …"),
    _("Starting the database …"),
    _("Another process is starting or stopping the database; waiting …"),
    _("Another migration is running; waiting for it …"),
)
"""Reports of the foundation while it starts; listed here so that they are translated."""

OF_THE_CORE = frozenset({CORE.name, JOBS.name})
"""Components without whose tables nothing can be served."""

_any_key = prepare(select(tenants.keys.c.tenant_id).limit(1))
_any_vault_key = prepare(select(vault_keys.keys.c.tenant_id).limit(1))


def key_path() -> Path:
    """Returns the key file: SPHERES_KEY_FILE, else `key.json` in SPHERES_HOME. Keep a copy away from the database."""
    return deployment.key_file()


def database_urls(output: Output) -> Urls:
    """Returns the database's addresses; starts the embedded one when it does not run."""
    with output.progress(_("The database")) as report:
        return connection_urls(report=report)


def open_keyring(urls: Urls) -> Keyring:
    """Loads the key file, and makes it when there is none and nothing has been sealed yet; the vault's likewise.

    Raises `KeyTrouble`.
    """
    keyring = _load_or_make(key_path(), urls, _any_key)
    _load_or_make(deployment.vault_key_file(), urls, _any_vault_key)
    return keyring


def _load_or_make(path: Path, urls: Urls, sealed: Statement[Any]) -> Keyring:
    return Keyring.load(path, create=not path.exists() and not asyncio.run(_has_any(urls, sealed)))


def load_fitting_keyring(urls: Urls) -> Keyring:
    """Loads the key file for a process that serves. Raises `KeyTrouble` when it opens no tenant of this database."""
    keyring = Keyring.load(key_path())
    asyncio.run(_require_opening(urls, keyring))
    return keyring


async def _require_opening(urls: Urls, keyring: Keyring) -> None:
    trouble: KeyTrouble | None = None
    async with open_database(urls.app, most=1) as database:
        async with database.transaction(None) as db:
            stored = await db.all(tenants.ALL)
        for each in stored:
            async with database.transaction(each.id) as db:
                wrapped = await db.scalar(tenants.WRAPPED_KEY)
            try:
                keyring.unwrap(each.id, wrapped)
            except KeyTrouble as error:
                trouble = error
            else:
                return
    if trouble is not None:
        raise trouble


async def _has_any(urls: Urls, sealed: Statement[Any]) -> bool:
    database = await Database(urls.needed("owner"), most=1, deadlines=UNHURRIED).open()
    try:
        async with database.transaction(None) as db:
            return await db.one_or_none(sealed) is not None
    finally:
        await database.close()


def migrate(output: Output, urls: Urls, machine: Machine) -> list[Applied]:
    """Migrates every component and reports each step. Quick when there is nothing to do."""
    with output.progress(_("Bringing the database up to date")) as report:
        return migrations.migrate(urls.needed("owner"), app.components(machine), report=report)


def migrate_what_can_be(output: Output, urls: Urls, machine: Machine) -> Machine:
    """Migrates as `migrate` does, and goes on without the plugins that cannot be. Returns the machine as it then is."""
    try:
        migrate(output, urls, machine)
    except MigrationFailed as failed:
        if not failed.failures.keys().isdisjoint(OF_THE_CORE):
            raise
        for name, reason in failed.failures.items():
            output.print_notice(msg("{plugin} could not be migrated and is left out: {reason}", plugin=name,
                                    reason=str(reason)))  # fmt: skip
    return require_migrated(urls, machine)


def require_migrated(urls: Urls, machine: Machine) -> Machine:
    """Returns the machine with the plugins whose tables are not those of their code marked as such.

    Raises `CommandError` when the core's own tables are older than the code. Without the owner's address nothing is
    known, and nothing is marked.
    """
    if urls.owner is None:
        return machine
    found = migrations.status(urls.owner, app.components(machine))
    behind = [each.component for each in found if each.component in OF_THE_CORE and each.state in ("new", "behind")]
    if behind:
        names = ", ".join(behind)
        raise CommandError(
            msg("The database is older than the code ({names}). Run `spheres migrate` first.", names=names)
        )
    unmigrated = {each.component: _why(each) for each in found if each.state not in ("current", "vanished")}
    return msgspec.structs.replace(machine, unmigrated=unmigrated)


def _why(standing: ComponentStatus) -> Message:
    if standing.state == "damaged":
        return msg("Its migrations cannot be used: {reason}", reason=standing.problem)
    if standing.state == "ahead":
        return msg("Its tables in the database are those of a later version.")
    return msg(
        "Its tables are not those of this version yet. Whoever runs this installation makes them with"
        " `spheres migrate`."
    )


def report_unmigrated(output: Output, machine: Machine) -> None:
    """Names the plugins that regions go without because of their tables."""
    for id_, why in machine.unmigrated.items():
        output.print_notice(msg("{plugin} is left out: {reason}", plugin=id_, reason=why))


def run(task: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine on an event loop of its own."""
    return asyncio.run(task)


@contextlib.asynccontextmanager
async def open_database(url: str, *, most: int = 4, deadlines: Deadlines = UNHURRIED) -> AsyncIterator[Database]:
    """Opens a connection pool of at most `most` connections, and closes it afterwards."""
    database = await Database(url, least=1, most=most, deadlines=deadlines).open()
    try:
        yield database
    finally:
        await database.close()


@contextlib.asynccontextmanager
async def open_runtime(
    urls: Urls,
    keyring: Keyring,
    machine: Machine | None = None,
    *,
    make: MakeRuntime | None = None,
    adopts: bool = True,
    deadlines: Deadlines = UNHURRIED,
) -> AsyncIterator[Runtime]:
    """Opens a runtime over the application's role, as the dispatcher has one.

    `make`: `assembly.make_runtime` for one with the apps and the addresses of their pages, which few commands need and
    which take time to import and to build.
    """
    async with open_database(urls.app, most=20 if make else 4, deadlines=deadlines) as database:
        if make:
            yield make(database, keyring, machine, adopts=adopts)
        else:
            found = machine or app.machine()
            yield Runtime(database, keyring, found, app.rooms(), app.catalog_folder(), adopts=adopts)


async def load_tenant(runtime: Runtime, slug: str) -> LoadedTenant:
    """Returns the tenant with this slug. Raises `CommandError` with the names of those that there are."""
    found = await runtime.load(slug)
    if found is None:
        async with runtime.database.transaction(None) as db:
            names = ", ".join(each.slug for each in await db.all(tenants.ALL))
        raise _unknown_tenant(slug, names)
    return found


async def stored_tenant(database: Database, slug: str) -> Stored:
    """Returns a tenant's row by its slug. Raises `CommandError`."""
    async with database.transaction(None) as db:
        found = await db.one_or_none(tenants.BY_SLUG, slug=slug)
        if found is None:
            raise _unknown_tenant(slug, ", ".join(each.slug for each in await db.all(tenants.ALL)))
    return found


def _unknown_tenant(slug: str, names: str) -> CommandError:
    if not names:
        return CommandError(msg("There is no tenant yet. Add one with `spheres tenant apply`, or try `spheres demo`."))
    return CommandError(msg("There is no tenant {slug}. There are: {names}.", slug=slug, names=names))


def local_today() -> dt.date:
    """Returns the date where this machine is; a tenant's own comes from its time zone."""
    return dt.datetime.now().astimezone().date()


def run_with_tenant(output: Output, slug: str, task: Callable[[Runtime, LoadedTenant], Coroutine[Any, Any, T]]) -> T:
    """Runs `task(runtime, tenant)`, which begins its transactions itself."""
    urls = database_urls(output)
    machine = require_migrated(urls, app.machine())
    keyring = Keyring.load(key_path())

    async def running() -> T:
        async with open_runtime(urls, keyring, machine) as runtime:
            return await task(runtime, await load_tenant(runtime, slug))

    return run(running())


def run_for_tenant(output: Output, slug: str, task: Callable[[Context], Coroutine[Any, Any, T]]) -> T:
    """Runs `task(ctx)` for a tenant, as the system, in one transaction."""
    urls = database_urls(output)
    machine = require_migrated(urls, app.machine())
    keyring = Keyring.load(key_path())

    async def running() -> T:
        async with open_runtime(urls, keyring, machine) as runtime:
            loaded = await load_tenant(runtime, slug)
            language = output.locale.tag if output.locale.tag in loaded.tenant.languages else None
            async with runtime.context(loaded, language=language) as ctx:
                return await task(ctx)

    return run(running())
