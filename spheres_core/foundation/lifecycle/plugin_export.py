"""Exports all that one plugin holds of one tenant: its own tables, its rows in the core's, its settings.

There is one way out of the tables, whether a copy is asked for while everything stays, or before a purge erases it. The
rows are read in one snapshot, in the order of their keys, one JSON object a line, so that equal data make equal files.
"""

import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, BinaryIO
from uuid import UUID

import msgspec
from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.database.schema import Base
from spheres_core.foundation.database.tenant_tables import EXEMPT_TABLES
from spheres_core.foundation.database.transactions import Database, Db
from spheres_core.foundation.encryption import SealBroken, TenantKeys
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.lifecycle.activation import own_tables, quoted
from spheres_core.foundation.plugins.discovery import Machine

_AT_ONCE = 500
"""Rows that are read at once."""
_TENANT_TABLES = (
    "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
    " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND starts_with(c.relname, $1) ORDER BY 1"
)
_COMPONENTS = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE '%\\_alembic\\_version'"
_COLUMNS = (
    "SELECT a.attname, format_type(a.atttypid, NULL),"
    " EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY(i.indkey))"
    " FROM pg_attribute a WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
)
_KEPT_BY = ("origin", "owner", "plugin_id")
"""The columns by which the core's own tables say which plugin a row comes from."""


class PluginNeverAdded(NotFound):
    """The tenant has no such plugin, on or off."""

    code = "plugin_unknown"
    message = msg("This tenant has no plugin with this name.")


class PluginTable(Struct, frozen=True):
    """A table, and the column that says which of its rows are the plugin's; empty when all of them are."""

    table: str
    by: str = ""


class ExportedTable(Struct, frozen=True):
    """One table as it was written out. `opened` words were readable, `sealed` ones stay closed in the file."""

    table: str
    rows: int
    sha256: str
    opened: int = 0
    sealed: int = 0


@contextlib.asynccontextmanager
async def snapshot(database: Database, tenant_id: UUID) -> AsyncIterator[Db]:
    """Opens one unchanging view of a tenant's rows, through a connection of its own that can write nothing."""
    apart = await database.with_own_connection().open()
    try:
        async with apart.transaction(None) as db:
            await begin(db, tenant_id, read_only=True)
            yield db
    finally:
        await apart.close()


async def begin(db: Db, tenant_id: UUID, *, read_only: bool = False) -> None:
    """Makes a fresh transaction one snapshot of this tenant; its first statement."""
    mode = ", READ ONLY" if read_only else ""
    await db.unchecked_sql(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ{mode}")
    db.tenant_id = tenant_id
    await db.unchecked_sql("SELECT set_config('app.tenant', $1, true)", str(tenant_id))


async def tables_of(db: Db, machine: Machine, plugin_id: str) -> tuple[str, ...]:
    """Returns a plugin's tables that are in the database: as its manifest declares, by their names when it is gone."""
    there = {row[0] for row in await db.sql(_TENANT_TABLES, f"{plugin_id}_")}
    if plugin_id in machine.plugins:
        return tuple(name for name in own_tables(machine.plugins[plugin_id].manifest) if name in there)
    known = {row[0].removesuffix("_alembic_version") for row in await db.sql(_COMPONENTS)} | set(machine.plugins)
    longer = tuple(f"{id_}_" for id_ in known if id_.startswith(f"{plugin_id}_"))
    core = {*Base.metadata.tables, *EXEMPT_TABLES}
    return tuple(sorted(name for name in there if name not in core and not name.startswith(longer or ("\0",))))


async def tables_with_rows_of(db: Db, machine: Machine, plugin_id: str) -> tuple[PluginTable, ...]:
    """Returns everything of the tenant that is there because of this plugin. Raises `PluginNeverAdded`."""
    if not await db.sql("SELECT FROM tenant_plugins WHERE tenant_id = $1 AND plugin_id = $2", db.tenant_id, plugin_id):
        raise PluginNeverAdded
    own = [PluginTable(name) for name in await tables_of(db, machine, plugin_id)]
    cores = sorted(Base.metadata.tables.items())
    return (
        *own,
        *(PluginTable(name, by) for name, at in cores for by in _KEPT_BY if by in at.c and "tenant_id" in at.c),
    )


async def write_rows(
    db: Db,
    held: PluginTable,
    plugin_id: str,
    file: BinaryIO | Any,
    *,
    keys: TenantKeys | None = None,
    each: Callable[[dict[str, Any]], None] | None = None,
) -> ExportedTable:
    """Writes the rows, one JSON object a line. With `keys`, words are opened where they open; `each` sees every row."""
    digest, number = hashlib.sha256(), 0
    columns = [(name, kind, bool(key)) for name, kind, key in await db.sql(_COLUMNS, quoted(held.table))]
    opener = _Opener(held.table, columns, keys)
    async for line in _lines(db, held, plugin_id, [name for name, _, key in columns if key]):
        said = line if keys is None and each is None else opener.read(line, each)
        file.write(said + b"\n")
        digest.update(said + b"\n")
        number += 1
    return ExportedTable(held.table, number, digest.hexdigest(), opener.opened, opener.sealed)


class _Opener:
    """Reads rows of one table and opens what was sealed for them: for the row's own id, whichever column holds it."""

    def __init__(self, table: str, columns: Sequence[tuple[str, str, bool]], keys: TenantKeys | None) -> None:
        self._table, self._keys = table, keys
        self._bytes = [name for name, kind, _ in columns if kind == "bytea"]
        ids = sorted((not key, name) for name, kind, key in columns if kind == "uuid" and name != "tenant_id")
        self._ids = [name for _, name in ids]
        self.opened = self.sealed = 0

    def read(self, line: bytes, each: Callable[[dict[str, Any]], None] | None) -> bytes:
        row: dict[str, Any] = msgspec.json.decode(line)
        for name in self._bytes:
            if self._keys is not None and row[name] is not None:
                row[name] = self._open(row, name, bytes.fromhex(row[name].removeprefix("\\x")))
        if each is not None:
            each(row)
        return msgspec.json.encode(row)

    def _open(self, row: dict[str, Any], name: str, value: bytes) -> str:
        assert self._keys is not None
        for id_ in self._ids:
            if row[id_] is not None:
                with contextlib.suppress(SealBroken, UnicodeDecodeError):
                    clear = self._keys.open(self._table, UUID(row[id_]), name, value).decode()
                    self.opened += 1
                    return clear
        with contextlib.suppress(UnicodeDecodeError):
            if value[:1] != b"\x01":  # never was sealed: a form's own text
                return value.decode()
        self.sealed += 1
        return str(row[name])


async def _lines(db: Db, held: PluginTable, plugin_id: str, order: Sequence[str]) -> AsyncIterator[bytes]:
    mine = f" AND {quoted(held.by)} = {_literal(plugin_id)}" if held.by else ""
    sorting = f" ORDER BY {', '.join(map(quoted, order))}" if order else ""
    await db.sql(
        f"DECLARE leaving NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text FROM {quoted(held.table)} t"  # noqa: S608
        f" WHERE tenant_id = '{db.tenant_id}'{mine}{sorting}"
    )
    while rows := await db.sql(f"FETCH {_AT_ONCE} FROM leaving"):
        for row in rows:
            yield row[0].encode()
    await db.sql("CLOSE leaving")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
