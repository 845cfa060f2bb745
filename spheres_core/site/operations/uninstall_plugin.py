"""Taking a plugin off this installation: nobody has it on, what it kept is in an archive, and its tables are gone.

All tenants' rows are written and erased in one transaction of the owner; only when the archive lies whole on the disk
is anything erased. Then the plugin's own migrations take its tables back to nothing, and a note of it stays where
versions are kept. A plugin whose code is gone has nobody to take its tables back: it is refused, with what to do.
"""

import hashlib
import io
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.database import component_record, migrations
from spheres_core.foundation.database.components import Component
from spheres_core.foundation.database.transactions import Database, Db
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.lifecycle import plugin_export
from spheres_core.foundation.lifecycle.activation import LOCK, PluginUnknown, quoted
from spheres_core.foundation.lifecycle.plugin_purge import new_file
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.runtime import Runtime

WHAT: Final = "archive.json"
HAVING = (
    "SELECT t.slug, p.active FROM tenant_plugins p JOIN tenants t ON t.id = p.tenant_id"
    " WHERE p.plugin_id = $1 ORDER BY 1"
)


class StillActive(Conflict):
    """Tenants have it on."""

    code = "still_active"
    message = msg("This plugin is on for some region. Switch it off there first.")


class RowsLeft(Conflict):
    """It kept something that no archive was asked for."""

    code = "rows_left"
    message = msg("This plugin keeps rows of some region. Name an archive to write them to, or purge it there.")


class CodeGone(Conflict):
    """Nobody knows how to take its tables back."""

    code = "code_gone"
    message = msg("The tables of this plugin are here, its code is not. Install it again, then uninstall it.")


class ArchiveTaken(Conflict):
    """An archive is never written over something."""

    code = "archive_taken"
    message = msg("This file is there already.")


class Uninstalled(Struct, frozen=True):
    """The result: rows by tenant and table that went into the archive, and the revisions taken back."""

    plugin: str
    version: str
    rows: Mapping[str, Mapping[str, int]]
    archive: str | None
    sha256: str | None
    steps: tuple[str, ...]


async def uninstall(
    runtime: Runtime,
    owner: Database,
    plugin_id: str,
    *,
    archive: Path | None,
    components: Sequence[Component],
    url: str,
) -> Uninstalled:
    """Removes a plugin. `owner` and `url` are the owner's; `components` are all that have tables here.

    Raises `PluginUnknown`, `CodeGone`, `StillActive`, `RowsLeft`, `ArchiveTaken`, and `MigrationRefused` while another
    plugin needs its tables.
    """
    component = next((each for each in components if each.name == plugin_id), None)
    if component is not None:
        migrations.downgrade(url, components, plugin_id, "base", only_ask=True)
    rows, sha256 = await _take_rows(runtime, owner, plugin_id, archive, component)
    manifest = runtime.machine.plugins[plugin_id].manifest if plugin_id in runtime.machine.plugins else None
    version = manifest.version if manifest else ""
    steps: tuple[str, ...] = ()
    if component is not None:
        applied = migrations.downgrade(url, components, plugin_id, "base")
        steps = tuple(step for each in applied for step in each.steps)
        component_record.record_uninstalled(url, plugin_id, version=version, archive=sha256)
    return Uninstalled(plugin_id, version, rows, str(archive) if sha256 else None, sha256, steps)


async def _take_rows(
    runtime: Runtime, owner: Database, plugin_id: str, archive: Path | None, component: Component | None
) -> tuple[dict[str, dict[str, int]], str | None]:
    async with owner.transaction(None) as db:
        await db.unchecked_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        having = [(row[0], row[1]) for row in await db.sql(HAVING, plugin_id)]
        names = await plugin_export.tables_of(db, runtime.machine, plugin_id)
        if not having and not names and plugin_id not in runtime.machine.plugins:
            raise PluginUnknown
        if names and component is None:
            raise CodeGone
        if active := [slug for slug, on in having if on]:
            told = msg("This plugin is on for {regions}. Switch it off there first.", regions=", ".join(active))
            raise StillActive(told)
        stored = await db.all(tenants.ALL)
        rows = {each.slug: await count_rows(db, names, each) for each in stored}
        rows = {slug: counts for slug, counts in rows.items() if any(counts.values())}
        if rows and archive is None:
            regions = "; ".join(f"{slug} ({sum(counts.values())})" for slug, counts in rows.items())
            raise RowsLeft(msg("This plugin keeps rows of {regions}. Name an archive for them, or purge it there.",
                               regions=regions))  # fmt: skip
        sha256 = await write_archive(db, plugin_id, names, [t for t in stored if t.slug in rows], archive, rows)
        for tenant in stored:
            if tenant.slug in rows or tenant.slug in dict(having):
                await _forget(runtime, db, plugin_id, names, tenant, rows.get(tenant.slug, {}))
    return rows, sha256


async def count_rows(db: Db, names: Sequence[str], tenant: tenants.Stored) -> dict[str, int]:
    """Returns how many rows a tenant has in each table."""
    asked = {name: f"SELECT count(*) FROM {quoted(name)} WHERE tenant_id = $1" for name in names}  # noqa: S608
    return {name: (await db.sql(text, tenant.id))[0][0] for name, text in asked.items()}


async def write_archive(
    db: Db,
    plugin_id: str,
    names: Sequence[str],
    stored: Sequence[tenants.Stored],
    archive: Path | None,
    rows: Mapping[str, Mapping[str, int]],
) -> str | None:
    """Writes every row to the archive, as it is stored; returns its SHA-256. What is sealed stays sealed."""
    if archive is None or not rows:
        return None
    try:
        file = new_file(archive)
    except FileExistsError:
        raise ArchiveTaken from None
    with file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            for tenant in stored:
                await enter_tenant(db, tenant)
                for name in names:
                    text = io.BytesIO()
                    await plugin_export.write_rows(db, plugin_export.PluginTable(name), plugin_id, text)
                    made.writestr(f"{tenant.slug}/{name}.jsonl", text.getvalue())
            made.writestr(WHAT, msgspec.json.encode({"plugin": plugin_id, "rows": rows}))
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(archive.read_bytes()).hexdigest()


async def _forget(
    runtime: Runtime,
    db: Db,
    plugin_id: str,
    names: Sequence[str],
    tenant: tenants.Stored,
    counts: Mapping[str, int],
) -> None:
    await enter_tenant(db, tenant)
    await db.lock(LOCK, tenant.id)
    for name in names:
        await db.sql(f"DELETE FROM {quoted(name)} WHERE tenant_id = $1", tenant.id)  # noqa: S608
    await db.run(tenants.DROP_SETTINGS, which=plugin_id)
    await db.run(tenants.DROP_PLUGIN, which=plugin_id)
    await db.run(incidents.DROP, which=plugin_id)
    await tenants.touch(db)
    loaded = await runtime.load(tenant.slug)
    if loaded is not None:
        ctx = runtime.make_context(loaded, db)
        await audit.record(ctx, "plugin.purged", details={"plugin": plugin_id, "rows": dict(counts)})


async def enter_tenant(db: Db, tenant: tenants.Stored) -> None:
    """Makes the rest of the transaction this tenant's."""
    db.tenant_id = tenant.id
    await db.unchecked_sql("SELECT set_config('app.tenant', $1, true)", str(tenant.id))
