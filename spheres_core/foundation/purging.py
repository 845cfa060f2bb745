"""What a plugin's own tables hold of one tenant: written out as JSON lines, erased, and proved gone by counts.

It runs as the owner of the tables, so that tables which the application may only add to are erased as well, and inside
one snapshot, so that what is erased is exactly what was written out. Each statement names the tenant, because the wall
does not stand for the owner. What is sealed stays sealed in the files: it can be read with the tenant's key only.
"""

import hashlib
import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import msgspec
from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation import tenants
from spheres_core.foundation.activation import LOCK, own_tables, quoted
from spheres_core.foundation.db import Base, Db
from spheres_core.foundation.errors import Conflict, NotFound
from spheres_core.foundation.plugins import Machine
from spheres_core.foundation.tables import EXEMPT_TABLES

PROOF = "proof.json"
_AT_ONCE = 500
"""Rows that are read at once."""
_TENANT_TABLES = (
    "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
    " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND starts_with(c.relname, $1) ORDER BY 1"
)
_COMPONENTS = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE '%\\_alembic\\_version'"
)


class NeverHad(NotFound):
    """The tenant has no such plugin, on or off."""

    code = "plugin_unknown"
    message = msg("This tenant has no plugin with this name.")


class StillOn(Conflict):
    """Only what is switched off can be purged."""

    code = "still_on"
    message = msg("This plugin is still on. Switch it off first; its data stay until you purge them.")


class FolderTaken(Conflict):
    """The export is never written over something."""

    code = "folder_taken"
    message = msg("This folder is there already and is not empty.")


class Erased(Struct, frozen=True):
    """One table: rows of the tenant before and after, and the file that holds them with its SHA-256."""

    table: str
    before: int
    after: int
    file: str
    sha256: str


async def begin(db: Db, tenant_id: UUID) -> None:
    """Make a fresh transaction of the owner one snapshot of this tenant; its first statement."""
    await db.sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    db.tenant_id = tenant_id
    await db.sql("SELECT set_config('app.tenant', $1, true)", str(tenant_id))


async def tables_of(db: Db, machine: Machine, plugin_id: str) -> tuple[str, ...]:
    """The tables of a plugin that are in the database: what its manifest declares, by their names when it is gone."""
    there = {row[0] for row in await db.sql(_TENANT_TABLES, f"{plugin_id}_")}
    if plugin_id in machine.plugins:
        return tuple(name for name in own_tables(machine.plugins[plugin_id].manifest) if name in there)
    known = {row[0].removesuffix("_alembic_version") for row in await db.sql(_COMPONENTS)} | set(machine.plugins)
    longer = tuple(f"{id_}_" for id_ in known if id_.startswith(f"{plugin_id}_"))
    core = {*Base.metadata.tables, *EXEMPT_TABLES}
    return tuple(sorted(name for name in there if name not in core and not name.startswith(longer or ("\0",))))


async def purge(db: Db, plugin_id: str, *, machine: Machine, folder: Path) -> list[Erased]:
    """Write out and erase what a plugin keeps for the tenant, its settings and its row of the list of plugins too.

    `db` was begun with `begin`. Raises `NeverHad`, `StillOn`, `FolderTaken`.
    """
    tenant_id = db.tenant_id
    assert tenant_id is not None
    await db.sql("SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))", LOCK, str(tenant_id))
    rows = await db.sql(
        "SELECT active FROM tenant_plugins WHERE tenant_id = $1 AND plugin_id = $2 FOR UPDATE", tenant_id, plugin_id
    )
    if not rows:
        raise NeverHad
    if rows[0][0]:
        raise StillOn
    names = await tables_of(db, machine, plugin_id)
    written = await export(db, names, folder)
    for name in names:
        await db.sql(f"DELETE FROM {quoted(name)} WHERE tenant_id = $1", tenant_id)  # noqa: S608
    await db.run(tenants.DROP_SETTINGS, which=plugin_id)
    await db.run(tenants.DROP_PLUGIN, which=plugin_id)
    await tenants.touch(db)
    return [msgspec.structs.replace(each, after=await _count(db, each.table)) for each in written]


async def export(db: Db, names: Sequence[str], folder: Path) -> list[Erased]:
    """Write the tenant's rows of these tables, one JSON object a line, into a new folder that only its owner reads."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = []
    for name in names:
        digest, number = hashlib.sha256(), 0
        with _new_file(folder / f"{name}.jsonl") as file:
            async for line in _lines(db, name):
                file.write(line)
                digest.update(line)
                number += 1
            file.flush()
            os.fsync(file.fileno())
        written.append(Erased(name, number, number, f"{name}.jsonl", digest.hexdigest()))
    return written


def write_proof(folder: Path, proof: Struct) -> Path:
    """Write down what was erased, after it was."""
    path = folder / PROOF
    with _new_file(path) as file:
        file.write(msgspec.json.format(msgspec.json.encode(proof), indent=2) + b"\n")
    return path


def _new_file(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


async def _lines(db: Db, name: str) -> AsyncIterator[bytes]:
    await db.sql(
        f"DECLARE leaving NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text FROM {quoted(name)} t"  # noqa: S608
        f" WHERE tenant_id = '{db.tenant_id}'"
    )
    while rows := await db.sql(f"FETCH {_AT_ONCE} FROM leaving"):
        for row in rows:
            yield row[0].encode() + b"\n"
    await db.sql("CLOSE leaving")


async def _count(db: Db, name: str) -> int:
    counted = await db.sql(f"SELECT count(*) FROM {quoted(name)} WHERE tenant_id = $1", db.tenant_id)  # noqa: S608
    return int(counted[0][0])
