"""Switches a tenant's plugins on and off, and purges them. Each act is in the trail."""

import datetime as dt
from pathlib import Path

from msgspec import Struct

from spheres_core.audit import operations as audit
from spheres_core.foundation.lifecycle import activation, plugin_purge
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.partners.operations import entry_state


class Proof(Struct, frozen=True):
    """The record of an erasure: of which tenant and plugin, when, and each table with its rows before and after."""

    tenant: str
    plugin: str
    at: dt.datetime
    tables: tuple[plugin_purge.ErasedTable, ...]


async def switch_on(ctx: Context, plugin_id: str, *, runtime: Runtime) -> bool:
    """Switches a plugin on and adopts its content; False when it was on already.

    Raises `activation.PluginUnknown`, and `activation.CannotSwitch` with everything that stands against it.
    """
    sides = await activation.switch(ctx, plugin_id, on=True, runtime=runtime)
    if sides is None:
        return False
    version = sides.manifest.version if sides.manifest else ""
    await audit.record(ctx, "plugin.switched_on", details={"plugin": plugin_id, "version": version})
    return True


async def switch_off(ctx: Context, plugin_id: str, *, runtime: Runtime, remove_entries: bool = False) -> bool:
    """Switches a plugin off; False when it was off already. Everything that it keeps stays where it is.

    `remove_entries`: what it brought into the directory is shown no more, and can be put back.

    Raises `activation.PluginUnknown`, and `activation.CannotSwitch` when another plugin cannot be without it.
    """
    sides = await activation.switch(ctx, plugin_id, on=False, runtime=runtime)
    if sides is None:
        return False
    await audit.record(ctx, "plugin.switched_off", details={"plugin": plugin_id})
    if remove_entries:
        await entry_state.remove_entries_of(ctx, plugin_id)
    return True


async def purge(ctx: Context, plugin_id: str, *, machine: Machine, folder: Path) -> Proof:
    """Writes out and erases what a plugin that is off keeps of this tenant.

    `ctx.db` is the owner's, see `plugin_export.begin`.
    Raises `plugin_export.PluginNeverAdded`, `plugin_purge.PluginStillOn`, `plugin_purge.FolderTaken`.
    """
    erased = await plugin_purge.purge(ctx.db, plugin_id, machine=machine, folder=folder)
    counts = {each.table: each.before for each in erased}
    await audit.record(ctx, "plugin.purged", details={"plugin": plugin_id, "rows": counts})
    return Proof(ctx.tenant.slug, plugin_id, ctx.now, tuple(erased))
