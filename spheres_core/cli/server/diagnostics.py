"""Runs the checks of `spheres doctor`. Reads only; each is ok, a warning or an error, with what to do."""

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
from spheres_core.cli import environment, processes
from spheres_core.facts import Message, msg
from spheres_core.foundation import deployment
from spheres_core.foundation.database import component_record, migrations
from spheres_core.foundation.database.tenant_tables import EXEMPT_TABLES
from spheres_core.foundation.database.transactions import Database, Db
from spheres_core.foundation.encryption import Keyring, KeyTrouble
from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.lifecycle import plugin_export
from spheres_core.foundation.lifecycle.activation import quoted
from spheres_core.foundation.plugins import deprecations
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import Cluster, connection_urls
from spheres_core.foundation.postgres.errors import PostgresUnavailable
from spheres_core.foundation.postgres.roles import APP, BACKUP, OWNER
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy import tenants
from spheres_core.notifications.mail_settings import ChannelMisconfigured, read_mail_settings

LEAST_FREE = 1_000_000_000
"""Bytes on the disk of the data below which it is time to act."""
OLDEST_POSTGRES = 150_000
MANY_TENANTS = 3
"""Tenants; a plugin that rests for more of them is the operator's business."""

_TENANT_TABLES = """
SELECT c.relname,
       c.relrowsecurity AND c.relforcerowsecurity
       AND EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname AND $2 = ANY (p.roles)
                   AND p.qual LIKE '%app.tenant%') AS protected
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


class Check(Struct, frozen=True):
    """One line of the answer. `state`: ok, warn, error."""

    state: str
    code: str
    message: Message
    advice: Message | None = None


def run_checks() -> list[Check]:
    """Checks everything that can be reached from here."""
    machine = app.machine()
    home = deployment.home()
    checks = [Check("ok", "version", msg("SPHÈRES {version}, Python {python}.", version=__version__, python=_python()))]
    checks += _disk(home)
    checks += _running(home)
    checks += _outdated(home, machine)
    checks += _mail()
    checks += _plugins(machine)
    try:
        urls = connection_urls()
    except PostgresUnavailable as error:
        sentence = msg("The database cannot be used. {reason}", reason=str(error))
        return [
            *checks,
            Check("error", "server", sentence, msg("See the log named above, and whether the disk is full.")),
        ]
    return [*checks, *asyncio.run(_check_database(urls, machine)), *_migrations(urls, machine)]


def _python() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def _disk(home: Path) -> Iterator[Check]:
    there = next(each for each in (home.absolute(), *home.absolute().parents) if each.exists())
    free = shutil.disk_usage(there).free
    shown = f"{free / 1e9:.1f}"
    message = msg("{gigabytes} GB are free where the data lies ({folder}).", gigabytes=shown, folder=str(home))
    if free < LEAST_FREE:
        yield Check("error", "disk", message, msg("Make room: without space nothing more can be received."))
    else:
        yield Check("ok", "disk", message)


def _running(home: Path) -> Iterator[Check]:
    found = processes.running_processes(home)
    if found:
        names = ", ".join(f"{kind} ({number})" for kind, number in found)
        yield Check("ok", "running", msg("Running: {names}.", names=names))
    else:
        yield Check("ok", "running", msg("Neither demo, serve nor worker runs over this SPHERES_HOME."))


def _outdated(home: Path, machine: Machine) -> Iterator[Check]:
    """Yields a warning for each process that does not have the plugins' files as they are now."""
    for each in processes.outdated_processes(home, machine):
        yield Check("warn", "outdated", each.message, each.advice)


def _mail() -> Iterator[Check]:
    try:
        found = read_mail_settings()
    except ChannelMisconfigured as error:
        yield Check("error", "mail", msg("The settings for mail cannot be used: {reason}.", reason=str(error)))
        return
    if found.server is None:
        advice = msg("Set SPHERES_SMTP_URL when messages shall leave this machine.")
        yield Check("ok", "mail", msg("Messages become files in {folder}.", folder=str(found.outgoing)), advice)
    else:
        yield Check("ok", "mail", msg("Messages leave through {host}.", host=found.server.host))


def _plugins(machine: Machine) -> Iterator[Check]:
    for id_ in sorted(machine.broken):
        advice = msg("`spheres plugin show {plugin}` says where.", plugin=id_)
        yield Check("error", "plugin", msg("The plugin.toml of {plugin} cannot be read.", plugin=id_), advice)
    for each in machine.plugins.values():
        for notice in deprecations.declared_deprecated_uses(each.manifest):
            advice = msg("Ask whoever keeps the plugin for a version that does without.")
            yield Check("warn", "deprecated", notice.message, advice)
    names = ", ".join(sorted(machine.plugins)) or "—"
    yield Check("ok", "plugins", msg("Plugins on this machine: {names}.", names=names))


def _migrations(urls: Urls, machine: Machine) -> Iterator[Check]:
    if urls.owner is None:
        return
    for name, note in sorted(component_record.uninstalled(urls.owner).items()):
        day = note["at"][:10]
        sentence = msg("{plugin} {version} was uninstalled on {day}.", plugin=name, version=note["version"], day=day)
        yield Check("ok", "uninstalled", sentence)
    for each in migrations.status(urls.owner, app.components(machine)):
        if each.state == "current":
            message = msg(
                "The tables of {part} are up to date ({revision}).", part=each.component, revision=each.current
            )
            yield Check("ok", "migrations", message)
        elif each.state == "vanished":
            message = msg("The tables of {part} are there, but its code is not.", part=each.component)
            advice = msg("Install the plugin again, or export and erase what it kept.")
            yield Check("warn", "migrations", message, advice)
        elif each.state == "damaged":
            message = msg("The migrations of {part} cannot be used: {reason}", part=each.component, reason=each.problem)
            yield Check(
                "error", "migrations", message, msg("Regions go on without it. Install a version that is whole.")
            )
        elif each.state == "ahead":
            message = msg("The tables of {part} are newer than the code.", part=each.component)
            yield Check("error", "migrations", message, msg("Install the version that made them."))
        else:
            message = msg("The tables of {part} are older than the code.", part=each.component)
            yield Check("error", "migrations", message, msg("Run `spheres migrate`."))


async def _check_database(urls: Urls, machine: Machine) -> list[Check]:
    checks: list[Check] = []
    async with environment.open_database(urls.owner or urls.app) as database:
        async with database.transaction(None) as db:
            checks += [each async for each in _server(urls, db)]
            checks += [each async for each in _roles(db)]
        if urls.owner is None:
            sentence = msg("Without SPHERES_OWNER_DATABASE_URL tables and what is waiting cannot be looked at.")
            return [*checks, Check("warn", "owner", sentence)]
        try:
            checks += [each async for each in _row_level_security(database)]
            checks += [each async for each in _keys(database)]
            checks += [each async for each in _waiting(database)]
            checks += [each async for each in _failing(database)]
            checks += [each async for each in _lost_plugins(database, machine)]
            checks += [each async for each in _vault_keys(database)]
        except asyncpg.UndefinedTableError:
            sentence = msg("The database has no tables yet. Run `spheres migrate` first.")
            checks.append(Check("error", "tables", sentence))
    return checks


async def _server(urls: Urls, db: Db) -> AsyncIterator[Check]:
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
        yield Check("error", "server", message, msg("PostgreSQL 15 or newer is needed."))
    else:
        yield Check("ok", "server", message)


async def _roles(db: Db) -> AsyncIterator[Check]:
    found = {row[0]: row for row in await db.sql(_ROLES, [OWNER, APP, BACKUP])}
    for name in (OWNER, APP, BACKUP):
        role = found.get(name)
        advice = msg("Run the statements of docs/ for your own server once more.")
        if role is None:
            yield Check("error", "roles", msg("The role {role} is missing.", role=name), advice)
        elif role[1] or (role[2] and name != BACKUP):
            yield Check("error", "roles", msg("The role {role} can read the rows of every tenant.", role=name), advice)
        else:
            yield Check("ok", "roles", msg("The role {role} may do what it needs and no more.", role=name))


async def _row_level_security(database: Database) -> AsyncIterator[Check]:
    async with database.transaction(None) as db:
        rows = await db.unchecked_sql(_TENANT_TABLES, list(EXEMPT_TABLES), APP)
    if not rows:
        raise asyncpg.UndefinedTableError
    for name in (row[0] for row in rows if not row[1]):
        message = msg("The table {table} does not keep tenants apart.", table=name)
        yield Check(
            "error", "row_level_security", message, msg("Stop serving, and find the migration that took it away.")
        )
    protected = sum(1 for row in rows if row[1])
    yield Check(
        "ok", "row_level_security", msg("{count} tables keep tenants apart by row-level security.", count=protected)
    )


async def _keys(database: Database) -> AsyncIterator[Check]:
    path = environment.key_path()
    async with database.transaction(None) as db:
        wrapped = await db.sql("SELECT t.slug, t.id, k.wrapped FROM tenant_keys k JOIN tenants t ON t.id = k.tenant_id")
    if not path.exists() and not wrapped:
        yield Check("ok", "key", msg("No key file yet; the first `spheres migrate` or `spheres demo` makes it."))
        return
    try:
        keyring = Keyring.load(path)
        for slug, id_, sealed in wrapped:
            sentence = msg("The key of the tenant {tenant} does not open.", tenant=slug)
            keyring.unwrap(id_, sealed)
    except KeyTrouble as error:
        sentence = msg("The key file cannot be used: {reason}.", reason=str(error))
        yield Check("error", "key", sentence, msg("Put back the copy of the key file that belongs to this database."))
        return
    advice = msg("Keep a copy of it away from the database: without it nothing sealed can be read.")
    message = msg("The key file {file} is its owner's only and opens every tenant.", file=str(path))
    yield Check("ok", "key", message, advice)


async def _vault_keys(database: Database) -> AsyncIterator[Check]:
    path = deployment.vault_key_file()
    async with database.transaction(None) as db:
        wrapped = await db.sql("SELECT tenant_id, wrapped FROM tenant_vault_keys")
    if not path.exists() and not wrapped:
        yield Check("ok", "vault_key", msg("No second key file yet; the next `spheres migrate` makes it."))
        return
    try:
        keyring = Keyring.load(path)
        for tenant, sealed in wrapped:
            keyring.unwrap(tenant, sealed)
    except KeyTrouble as error:
        sentence = msg("The second key file cannot be used: {reason}.", reason=str(error))
        advice = msg("Put back the copy of the second key file that belongs to this database.")
        yield Check("error", "vault_key", sentence, advice)
        return
    message = msg("The second key file {file} is its owner's only and opens every vault.", file=str(path))
    yield Check("ok", "vault_key", message, msg("Keep a copy of it away from the database and from the first one."))


async def _waiting(database: Database) -> AsyncIterator[Check]:
    async with database.transaction(None) as db:
        parked = await db.sql(_PARKED)
        count, oldest = (await db.sql(_WAITING))[0]
    for slug, number in parked:
        message = msg("{tenant}: {count} deliveries were given up on.", tenant=slug, count=number)
        yield Check("warn", "parked", message, msg("The tenant's administration shows why, and tries again."))
    if not parked:
        yield Check("ok", "parked", msg("No delivery was given up on."))
    if count and oldest and oldest > 300:
        message = msg(
            "{count} jobs are waiting, the oldest for {minutes} minutes.", count=count, minutes=int(oldest // 60)
        )
        yield Check("warn", "jobs", message, msg("Start `spheres worker`."))
    else:
        yield Check("ok", "jobs", msg("{count} jobs are waiting.", count=count))


async def _failing(database: Database) -> AsyncIterator[Check]:
    """Plugins that are out of the way of many tenants at once: the fault is then hardly any tenant's."""
    async with database.transaction(None) as db:
        failing = await db.sql(incidents.WIDE, dt.datetime.now(dt.UTC), MANY_TENANTS)
    for plugin, number in failing:
        message = msg("{plugin} fails for {count} tenants at once; parts of it rest.", plugin=plugin, count=number)
        advice = msg("`spheres plugin incidents --tenant TENANT` shows the line. Install another version.")
        yield Check("error", "failing", message, advice)
    if not failing:
        yield Check("ok", "failing", msg("No plugin is out of the way of many tenants."))


async def _lost_plugins(database: Database, machine: Machine) -> AsyncIterator[Check]:
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
                yield Check("warn" if not state.active else "error", "lost_plugin", message, advice)
