"""Takes a plugin's tables back to those of an earlier version, after every row was written to an archive.

A revision says since which version of the plugin it is there: `since = "0.2"`; one that says nothing belongs to the
first. Nobody may have the plugin on meanwhile; afterwards it is in no set until the earlier version is installed.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from packaging.version import InvalidVersion, Version

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.components import Component, directory_of
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.lifecycle import plugin_export
from spheres_core.foundation.lifecycle.activation import PluginUnknown
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.site.operations.uninstall_plugin import (
    HAVING,
    StillActive,
    count_rows,
    enter_tenant,
    write_archive,
)


class ArchiveNeeded(Conflict):
    """Later revisions lose what they hold when they are taken back."""

    code = "archive_needed"
    message = msg("What the plugin keeps may be lost on the way back. Name a new file for an archive first.")


class VersionUnknown(Invalid):
    """No revision belongs to such a version."""

    code = "version_unknown"
    message = msg("This is not a version to go back to.")


class Downgraded(Struct, frozen=True):
    """The result: the revisions taken back, and the rows by tenant and table that went into the archive."""

    plugin: str
    to: str
    steps: tuple[str, ...]
    rows: Mapping[str, Mapping[str, int]]
    archive: str | None
    dry_run: bool


async def downgrade(
    runtime: Runtime, owner: Database, plugin_id: str, *, to: str, archive: Path | None, dry_run: bool,
    components: Sequence[Component], url: str,
) -> Downgraded:  # fmt: skip
    """Takes a plugin back to version `to`. `owner` and `url` are the owner's. `dry_run`: only say what would be done.

    Raises `PluginUnknown`, `VersionUnknown`, `StillActive`, `ArchiveNeeded`, `uninstall_plugin.ArchiveTaken`, and
    `MigrationRefused` while another plugin needs a revision that would go.
    """
    component = next((each for each in components if each.name == plugin_id), None)
    if component is None:
        raise PluginUnknown
    current = next(each.current for each in migrations.status(url, components) if each.component == plugin_id)
    target, steps = _way_back(component, current, to)
    if not steps:
        return Downgraded(plugin_id, to, (), {}, None, dry_run)
    migrations.downgrade(url, components, plugin_id, target, only_ask=True)
    async with owner.transaction(None) as db:
        await db.unchecked_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        having = [(row[0], row[1]) for row in await db.sql(HAVING, plugin_id)]
        names = await plugin_export.tables_of(db, runtime.machine, plugin_id)
        stored = await db.all(tenants.ALL)
        rows = {each.slug: await count_rows(db, names, each) for each in stored}
        rows = {slug: counts for slug, counts in rows.items() if any(counts.values())}
        if dry_run:
            return Downgraded(plugin_id, to, steps, rows, None, True)
        if active := [slug for slug, on in having if on]:
            told = msg("This plugin is on for {regions}. Switch it off there first.", regions=", ".join(active))
            raise StillActive(told)
        if archive is None:
            raise ArchiveNeeded
        kept = [each for each in stored if each.slug in rows]
        sha256 = await write_archive(db, plugin_id, names, kept, archive, rows)
        for tenant in (each for each in stored if each.slug in dict(having)):
            await enter_tenant(db, tenant)
            loaded = await runtime.load(tenant.slug)
            if loaded is not None:
                details = {"plugin": plugin_id, "to": to, "rows": dict(rows.get(tenant.slug, {}))}
                await audit.record(runtime.make_context(loaded, db), "plugin.downgraded", details=details)
    done = migrations.downgrade(url, components, plugin_id, target)
    taken = tuple(step for each in done for step in each.steps)
    return Downgraded(plugin_id, to, taken, rows, str(archive) if sha256 else None, False)


def _way_back(component: Component, current: str | None, to: str) -> tuple[str, tuple[str, ...]]:
    """Returns the last revision that version `to` has, and those of the database after it, the latest first."""
    directory = directory_of(component)
    try:
        wanted = Version(to)
        revisions = [*directory.iterate_revisions(current, "base")] if current else []
        since = {each.revision: Version(getattr(each.module, "since", "0")) for each in revisions}
    except InvalidVersion:
        raise VersionUnknown from None
    if not revisions:
        return "base", ()
    steps: list[str] = []
    for each in revisions:
        if since[each.revision] <= wanted:
            return each.revision, tuple(steps)
        steps.append(each.revision)
    raise VersionUnknown
