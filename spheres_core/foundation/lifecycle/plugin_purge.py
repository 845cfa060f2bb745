"""Purges one tenant from a plugin's own tables: rows written out as JSON lines, erased, and proved gone by counts.

It runs as the owner of the tables, so that tables which the application may only add to are erased as well, and inside
one snapshot, so that what is erased is exactly what was written out. Each statement names the tenant, because
row-level security does not hold for the owner. What is sealed stays sealed in the files: it can be
read with the tenant's key only.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.lifecycle import plugin_export
from spheres_core.foundation.lifecycle.activation import LOCK, quoted
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.tenancy import tenants

PROOF = "proof.json"


class PluginStillOn(Conflict):
    """Only what is switched off can be purged."""

    code = "still_on"
    message = msg("This plugin is still on. Switch it off first; its data stay until you purge them.")


class FolderTaken(Conflict):
    """The export is never written over something."""

    code = "folder_taken"
    message = msg("This folder is there already and is not empty.")


class ErasedTable(Struct, frozen=True):
    """One table: rows of the tenant before and after, and the file that holds them with its SHA-256."""

    table: str
    before: int
    after: int
    file: str
    sha256: str


async def purge(db: Db, plugin_id: str, *, machine: Machine, folder: Path) -> list[ErasedTable]:
    """Writes out and erases what a plugin keeps for the tenant, its settings and its row of the list of plugins too.

    `db` was begun with `plugin_export.begin`. Raises `plugin_export.PluginNeverAdded`, `PluginStillOn`, `FolderTaken`.
    """
    tenant_id = db.tenant_id
    assert tenant_id is not None
    await db.lock(LOCK, tenant_id)
    rows = await db.sql(
        "SELECT active FROM tenant_plugins WHERE tenant_id = $1 AND plugin_id = $2 FOR UPDATE", tenant_id, plugin_id
    )
    if not rows:
        raise plugin_export.PluginNeverAdded
    if rows[0][0]:
        raise PluginStillOn
    names = await plugin_export.tables_of(db, machine, plugin_id)
    written = await export(db, names, plugin_id, folder)
    for name in names:
        await db.sql(f"DELETE FROM {quoted(name)} WHERE tenant_id = $1", tenant_id)  # noqa: S608
    await db.run(tenants.DROP_SETTINGS, which=plugin_id)
    await db.run(tenants.DROP_PLUGIN, which=plugin_id)
    await db.run(incidents.DROP, which=plugin_id)
    await tenants.touch(db)
    return [msgspec.structs.replace(each, after=await _count(db, each.table)) for each in written]


async def export(db: Db, names: Sequence[str], plugin_id: str, folder: Path) -> list[ErasedTable]:
    """Writes the tenant's rows of these tables, one JSON object a line, into a new folder that only its owner reads."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = []
    for name in names:
        with new_file(folder / f"{name}.jsonl") as file:
            rows = await plugin_export.write_rows(db, plugin_export.PluginTable(name), plugin_id, file)
            file.flush()
            os.fsync(file.fileno())
        written.append(ErasedTable(name, rows.rows, rows.rows, f"{name}.jsonl", rows.sha256))
    return written


def write_proof(folder: Path, proof: Struct) -> Path:
    """Writes down what was erased, after it was."""
    path = folder / PROOF
    with new_file(path) as file:
        file.write(msgspec.json.format(msgspec.json.encode(proof), indent=2) + b"\n")
    return path


def new_file(path: Path) -> BinaryIO:
    """Opens a file that was not there before and that only its owner reads. Raises `FileExistsError`."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


async def _count(db: Db, name: str) -> int:
    counted = await db.sql(f"SELECT count(*) FROM {quoted(name)} WHERE tenant_id = $1", db.tenant_id)  # noqa: S608
    return int(counted[0][0])
