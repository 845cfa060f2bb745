"""What `spheres doctor` looks at. Reads only; each thing is ok, a warning or an error, with what to do."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
from msgspec import Struct

from spheres_core import __version__, app
from spheres_core.cli import environment
from spheres_core.cli.server import web_server
from spheres_core.facts import Message, msg
from spheres_core.foundation import deployment
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.tenant_tables import EXEMPT_TABLES
from spheres_core.foundation.database.transactions import Database, Db
from spheres_core.foundation.encryption import Keyring, KeyTrouble
from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.lifecycle import plugin_export
from spheres_core.foundation.lifecycle.activation import quoted
from spheres_core.foundation.plugins import deprecations
from spheres_core.foundation.plugins.plugin_set import Machine
from spheres_core.foundation.postgres.cluster import Cluster, connection_urls
from spheres_core.foundation.postgres.errors import PostgresUnavailable
from spheres_core.foundation.postgres.roles import APP, BACKUP, OWNER
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy import tenants
from spheres_core.notifications.mail_settings import ChannelMisconfigured, read_mail_settings

LEAST_FREE = 1_000_000_000
"""Bytes on the disk of the data below which it is time to act."""
OLDEST_POSTGRES = 150_000
WIDE = 3
"""Tenants; a plugin that rests for more of them is the operator's business."""

_WALLS = """
SELECT c.relname,
       c.relrowsecurity AND c.relforcerowsecurity
       AND EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname AND $2 = ANY (p.roles)
                   AND p.qual LIKE '%app.tenant%') AS walled
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
  AND NOT c.relname = ANY ($1)
ORDER BY 1
"""
_ROLES = "SELECT rolname, rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = ANY ($1)"
_PARKED = """
SELECT t.slug, count(*) FROM deliveries d JOIN tenants t ON t.id = d.tenant_id
WHERE d.parked_at IS NOT NULL AND d.done_at IS NULL GROUP BY 1 ORDER BY 1
"""
_WAITING = """
SELECT count(*), extract(epoch FROM now() - min(scheduled)) FROM (
  SELECT coalesce(j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)) AS scheduled
  FROM procrastinate_jobs j WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at < now())) waiting
"""


class Seen(Struct, frozen=True):
    """One line. `state`: ok, warn, error."""

    state: str
    code: str
    message: Message
    advice: Message | None = None


def examine() -> list[Seen]:
    """Look at everything that can be looked at from here."""
    machine = app.machine()
    home = deployment.home()
    seen = [Seen("ok", "version", msg("SPHÈRES {version}, Python {python}.", version=__version__, python=_python()))]
    seen += _disk(home)
    seen += _running(home)
    seen += _mail()
    seen += _plugins(machine)
    try:
        urls = connection_urls()
    except PostgresUnavailable as error:
        told = msg("The database cannot be used. {reason}", reason=str(error))
        return [*seen, Seen("error", "server", told, msg("See the log named above, and whether the disk is full."))]
    return [*seen, *asyncio.run(_of_database(urls, machine)), *_migrations(urls, machine)]


def _python() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def _disk(home: Path) -> Iterator[Seen]:
    there = next(each for each in (home.absolute(), *home.absolute().parents) if each.exists())
    free = shutil.disk_usage(there).free
    shown = f"{free / 1e9:.1f}"
    message = msg("{gigabytes} GB are free where the data lies ({folder}).", gigabytes=shown, folder=str(home))
    if free < LEAST_FREE:
        yield Seen("error", "disk", message, msg("Make room: without space nothing more can be received."))
    else:
        yield Seen("ok", "disk", message)


def _running(home: Path) -> Iterator[Seen]:
    found = web_server.running(home)
    if found:
        names = ", ".join(f"{kind} ({number})" for kind, number in found)
        yield Seen("ok", "running", msg("Running: {names}.", names=names))
    else:
        yield Seen("ok", "running", msg("Neither demo, serve nor worker runs over this SPHERES_HOME."))


def _mail() -> Iterator[Seen]:
    try:
        found = read_mail_settings()
    except ChannelMisconfigured as error:
        yield Seen("error", "mail", msg("The settings for mail cannot be used: {reason}.", reason=str(error)))
        return
    if found.server is None:
        advice = msg("Set SPHERES_SMTP_URL when messages shall leave this machine.")
        yield Seen("ok", "mail", msg("Messages become files in {folder}.", folder=str(found.outgoing)), advice)
    else:
        yield Seen("ok", "mail", msg("Messages leave through {host}.", host=found.server.host))


def _plugins(machine: Machine) -> Iterator[Seen]:
    for id_ in sorted(machine.broken):
        advice = msg("`spheres plugin show {plugin}` says where.", plugin=id_)
        yield Seen("error", "plugin", msg("The plugin.toml of {plugin} cannot be read.", plugin=id_), advice)
    for each in machine.plugins.values():
        for notice in deprecations.declared(each.manifest):
            advice = msg("Ask whoever keeps the plugin for a version that does without.")
            yield Seen("warn", "deprecated", notice.message, advice)
    names = ", ".join(sorted(machine.plugins)) or "—"
    yield Seen("ok", "plugins", msg("Plugins on this machine: {names}.", names=names))


def _migrations(urls: Urls, machine: Machine) -> Iterator[Seen]:
    if urls.owner is None:
        return
    for name, note in sorted(migrations.buried(urls.owner).items()):
        day = note["at"][:10]
        told = msg("{plugin} {version} was uninstalled on {day}.", plugin=name, version=note["version"], day=day)
        yield Seen("ok", "uninstalled", told)
    for each in migrations.status(urls.owner, app.components(machine)):
        if each.state == "current":
            message = msg(
                "The tables of {part} are up to date ({revision}).", part=each.component, revision=each.current
            )
            yield Seen("ok", "migrations", message)
        elif each.state == "vanished":
            message = msg("The tables of {part} are there, but its code is not.", part=each.component)
            advice = msg("Install the plugin again, or export and erase what it kept.")
            yield Seen("warn", "migrations", message, advice)
        elif each.state == "ahead":
            message = msg("The tables of {part} are newer than the code.", part=each.component)
            yield Seen("error", "migrations", message, msg("Install the version that made them."))
        else:
            message = msg("The tables of {part} are older than the code.", part=each.component)
            yield Seen("error", "migrations", message, msg("Run `spheres migrate`."))


async def _of_database(urls: Urls, machine: Machine) -> list[Seen]:
    seen: list[Seen] = []
    async with environment.opened(urls.owner or urls.app) as database:
        async with database.transaction(None) as db:
            seen += [each async for each in _server(urls, db)]
            seen += [each async for each in _roles(db)]
        if urls.owner is None:
            told = msg("Without SPHERES_OWNER_DATABASE_URL tables and what is waiting cannot be looked at.")
            return [*seen, Seen("warn", "owner", told)]
        try:
            seen += [each async for each in _walls(database)]
            seen += [each async for each in _keys(database)]
            seen += [each async for each in _waiting(database)]
            seen += [each async for each in _failing(database)]
            seen += [each async for each in _lost_plugins(database, machine)]
        except asyncpg.UndefinedTableError:
            told = msg("The database has no tables yet. Run `spheres migrate` first.")
            seen.append(Seen("error", "tables", told))
    return seen


async def _server(urls: Urls, db: Db) -> AsyncIterator[Seen]:
    number = int((await db.sql("SHOW server_version_num"))[0][0])
    name = f"{number // 10000}.{number % 10000}"
    if urls.embedded:
        message = msg("The embedded PostgreSQL {version} answers.", version=name)
        account = Cluster(deployment.home()).status().account
        if account:
            message = msg("The embedded PostgreSQL {version} answers, as {account}.", version=name, account=account)
    else:
        message = msg("Your PostgreSQL {version} answers.", version=name)
    if number < OLDEST_POSTGRES:
        yield Seen("error", "server", message, msg("PostgreSQL 15 or newer is needed."))
    else:
        yield Seen("ok", "server", message)


async def _roles(db: Db) -> AsyncIterator[Seen]:
    found = {row[0]: row for row in await db.sql(_ROLES, [OWNER, APP, BACKUP])}
    for name in (OWNER, APP, BACKUP):
        role = found.get(name)
        advice = msg("Run the statements of docs/ for your own server once more.")
        if role is None:
            yield Seen("error", "roles", msg("The role {role} is missing.", role=name), advice)
        elif role[1] or (role[2] and name != BACKUP):
            yield Seen(
                "error", "roles", msg("The role {role} may see past the wall between tenants.", role=name), advice
            )
        else:
            yield Seen("ok", "roles", msg("The role {role} may do what it needs and no more.", role=name))


async def _walls(database: Database) -> AsyncIterator[Seen]:
    async with database.transaction(None) as db:
        rows = await db.settle(_WALLS, list(EXEMPT_TABLES), APP)
    if not rows:
        raise asyncpg.UndefinedTableError
    for name in (row[0] for row in rows if not row[1]):
        message = msg("The table {table} has no wall between tenants.", table=name)
        yield Seen("error", "wall", message, msg("Stop serving, and find the migration that took it away."))
    walled = sum(1 for row in rows if row[1])
    yield Seen("ok", "wall", msg("{count} tables keep tenants apart by row-level security.", count=walled))


async def _keys(database: Database) -> AsyncIterator[Seen]:
    path = environment.key_path()
    async with database.transaction(None) as db:
        wrapped = await db.sql("SELECT t.slug, t.id, k.wrapped FROM tenant_keys k JOIN tenants t ON t.id = k.tenant_id")
    if not path.exists() and not wrapped:
        yield Seen("ok", "key", msg("No key file yet; the first `spheres migrate` or `spheres demo` makes it."))
        return
    try:
        keyring = Keyring.load(path)
        for slug, id_, sealed in wrapped:
            told = msg("The key of the tenant {tenant} does not open.", tenant=slug)
            keyring.unwrap(id_, sealed)
    except KeyTrouble as error:
        told = msg("The key file cannot be used: {reason}.", reason=str(error))
        yield Seen("error", "key", told, msg("Put back the copy of the key file that belongs to this database."))
        return
    advice = msg("Keep a copy of it away from the database: without it nothing sealed can be read.")
    message = msg("The key file {file} is its owner's only and opens every tenant.", file=str(path))
    yield Seen("ok", "key", message, advice)


async def _waiting(database: Database) -> AsyncIterator[Seen]:
    async with database.transaction(None) as db:
        parked = await db.sql(_PARKED)
        count, oldest = (await db.sql(_WAITING))[0]
    for slug, number in parked:
        message = msg("{tenant}: {count} deliveries were given up on.", tenant=slug, count=number)
        yield Seen("warn", "parked", message, msg("The tenant's administration shows why, and tries again."))
    if not parked:
        yield Seen("ok", "parked", msg("No delivery was given up on."))
    if count and oldest and oldest > 300:
        message = msg(
            "{count} jobs are waiting, the oldest for {minutes} minutes.", count=count, minutes=int(oldest // 60)
        )
        yield Seen("warn", "jobs", message, msg("Start `spheres worker`."))
    else:
        yield Seen("ok", "jobs", msg("{count} jobs are waiting.", count=count))


async def _failing(database: Database) -> AsyncIterator[Seen]:
    """Plugins that are out of the way of many tenants at once: the fault is then hardly any tenant's."""
    async with database.transaction(None) as db:
        wide = await db.sql(incidents.WIDE, dt.datetime.now(dt.UTC), WIDE)
    for plugin, number in wide:
        message = msg("{plugin} fails for {count} tenants at once; parts of it rest.", plugin=plugin, count=number)
        advice = msg("`spheres plugin incidents --tenant TENANT` shows the line. Install another version.")
        yield Seen("error", "failing", message, advice)
    if not wide:
        yield Seen("ok", "failing", msg("No plugin is out of the way of many tenants."))


async def _lost_plugins(database: Database, machine: Machine) -> AsyncIterator[Seen]:
    """Plugins that tenants have and this machine has not, with the rows they left."""
    async with database.transaction(None) as db:
        stored = await db.all(tenants.ALL)
    for tenant in stored:
        async with database.transaction(tenant.id) as db:
            states = await db.all(tenants.PLUGINS)
            for state in states:
                if state.plugin_id in machine.plugins:
                    continue
                left = {}
                for name in await plugin_export.tables_of(db, machine, state.plugin_id):
                    asked = f"SELECT count(*) FROM {quoted(name)} WHERE tenant_id = $1"  # noqa: S608
                    left[name] = (await db.sql(asked, tenant.id))[0][0]
                message = msg(
                    "{tenant} has the plugin {plugin}, which is not on this machine; it left {rows} rows ({tables}).",
                    tenant=tenant.slug,
                    plugin=state.plugin_id,
                    rows=sum(left.values()),
                    tables=", ".join(f"{name}: {number}" for name, number in left.items()) or "—",
                )
                advice = msg("Install it again, or export and erase what it kept.")
                yield Seen("warn" if not state.active else "error", "lost_plugin", message, advice)
