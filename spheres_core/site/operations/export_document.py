"""Copies what a plugin holds of a tenant into one file for machines and people. Changes nothing.

A zip with each table as JSON lines, the same as sheets of a workbook, and `manifest.json` with the counts and a
checksum of every file. Words are opened with the tenant's keys; what does not open stays as it lies in the database and
is counted.
"""

import datetime as dt
import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final

import msgspec
from msgspec import Struct

from spheres_core.audit import operations as audit
from spheres_core.facts import Words
from spheres_core.foundation.content.workbooks import LargeWorkbook, open_workbook
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.lifecycle import plugin_export
from spheres_core.foundation.lifecycle.plugin_export import ExportedTable, PluginTable
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime

MANIFEST: Final = "manifest.json"
SHEETS: Final = "tables.xlsx"
ZIP: Final = "application/zip"
_SMALL: Final = 4 * 1024 * 1024
"""Bytes that are kept in memory; a longer export lies in a file without a name until it is sent."""
_CHUNK: Final = 64 * 1024


class Table(Struct, frozen=True):
    """One table of the export."""

    table: str
    rows: int
    file: str
    sha256: str
    opened: int
    """Sealed words that are readable in it."""
    sealed: int
    """Sealed words that could not be opened and stay as they are."""


class Export(Struct, frozen=True):
    """The description of an export: of which plugin and tenant, when, and each table."""

    format: int
    plugin: str
    version: str
    title: Words
    tenant: str
    at: dt.datetime
    tables: tuple[Table, ...]
    files: dict[str, str]
    """SHA-256 of every other file of the zip."""

    @property
    def name(self) -> str:
        """Returns the file's name."""
        return f"{self.tenant}-{self.plugin}-{self.at:%Y%m%dT%H%M%SZ}.zip"


async def export_plugin(ctx: Context, plugin_id: str, file: IO[bytes], *, runtime: Runtime) -> Export:
    """Writes a zip of all that the tenant has because of this plugin. Raises `plugin_export.PluginNeverAdded`."""
    tables: list[Table] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made, tempfile.TemporaryFile() as workbook:
        async with plugin_export.snapshot(runtime.database, ctx.tenant.id) as db:
            held = await plugin_export.tables_with_rows_of(db, runtime.machine, plugin_id)
            with open_workbook(workbook) as book:
                for each in held:
                    tables += await _write(ctx, db, each, plugin_id, made, book)
        workbook.seek(0)
        with made.open(SHEETS, "w", force_zip64=True) as out:
            digest = hashlib.sha256()
            for chunk in iter(lambda: workbook.read(_CHUNK), b""):
                out.write(chunk)
                digest.update(chunk)
        export = _describe(ctx, plugin_id, runtime, tables, {SHEETS: digest.hexdigest()})
        made.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(export), indent=2))
    counts = {each.table: each.rows for each in tables}
    await audit.record(ctx, "plugin.exported", details={"plugin": plugin_id, "rows": counts})
    return export


async def export_to_send(ctx: Context, plugin_id: str, *, runtime: Runtime) -> tuple[Export, Iterator[bytes]]:
    """Returns the export and its file in pieces; the file is gone after the last. Raises as `export_plugin` does."""
    file = tempfile.SpooledTemporaryFile(max_size=_SMALL)  # noqa: SIM115 (it is closed when it was sent)
    try:
        export = await export_plugin(ctx, plugin_id, file, runtime=runtime)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return export, _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield from iter(lambda: file.read(_CHUNK), b"")


async def _write(
    ctx: Context, db: Db, held: PluginTable, plugin_id: str, made: zipfile.ZipFile, book: LargeWorkbook
) -> list[Table]:
    """Writes one table; nothing when it is one of the core's and holds nothing of this plugin."""
    sheet = book.table(held.table)

    def add(row: dict[str, Any]) -> None:
        sheet.add({name: _cell(value) for name, value in row.items() if name != "tenant_id"})

    with tempfile.TemporaryFile() as lines:
        written = await plugin_export.write_rows(db, held, plugin_id, lines, keys=ctx.keys, each=add)
        if not written.rows and held.by:
            return []
        lines.seek(0)
        name = f"tables/{held.table}.jsonl"
        with made.open(name, "w", force_zip64=True) as out:
            for chunk in iter(lambda: lines.read(_CHUNK), b""):
                out.write(chunk)
    return [_table(written, name)]


def _table(written: ExportedTable, name: str) -> Table:
    return Table(written.table, written.rows, name, written.sha256, written.opened, written.sealed)


def _cell(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, dict | list) else value


def _describe(ctx: Context, plugin_id: str, runtime: Runtime, tables: list[Table], files: dict[str, str]) -> Export:
    installed = runtime.machine.plugins.get(plugin_id)
    return Export(
        format=1,
        plugin=plugin_id,
        version=installed.manifest.version if installed else "",
        title=installed.manifest.title if installed else {},
        tenant=ctx.tenant.slug,
        at=ctx.now,
        tables=tuple(tables),
        files=files | {each.file: each.sha256 for each in tables},
    )
