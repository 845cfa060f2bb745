"""Switching a plugin on or off for one tenant, and what stands against it.

A switch is one row, one epoch and one notification, in one transaction with what the plugin's content adds to the
tenant's tables; every process then takes the other set at its next request, and requests under way keep theirs.
"""

import msgspec
import structlog
from msgspec import Struct

from spheres_core.facts import Message, Problem, msg
from spheres_core.foundation.database.schema import Base
from spheres_core.foundation.database.tenant_tables import EXEMPT_TABLES
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.errors import Conflict, NotFound
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.plugins.manifest import Manifest
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.setting_defaults import with_defaults
from spheres_core.foundation.tenancy import content_adoption, tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.own_packs import OwnPacks
from spheres_core.foundation.tenancy.runtime import Runtime

LOCK = "spheres.activation"
"""With the tenant's id, the advisory lock under which a tenant's plugins are switched."""

log = structlog.get_logger("spheres.activation")


class PluginUnknown(NotFound):
    """No plugin of this machine, nor one that the tenant ever had."""

    code = "plugin_unknown"
    message = msg("There is no plugin with this name.")


class CannotSwitch(Conflict):
    """Something stands against it; `errors` say what, each with the plugin that it is about."""

    code = "cannot_switch"
    message = msg("This plugin cannot be switched now.")


class Obstacle(Struct, frozen=True):
    """A reason against a switch, and the plugin that it is about."""

    plugin: str
    message: Message


class StoredTable(Struct, frozen=True):
    """One of the plugin's tables, and how many rows of this tenant it holds (None while there is no such table)."""

    table: str
    rows: int | None


class SwitchPlan(Struct, frozen=True):
    """The tenant's set with the plugin and without it, and which of them it has today."""

    plugin: str
    on: bool
    having: PluginSet
    lacking: PluginSet
    active: frozenset[str]
    manifest: Manifest | None
    had: bool
    adopted: str | None
    adopted_version: str
    unmigrated: Message | None
    """Why it cannot run yet: its tables are not those of its code. The set that has it shows it all the same."""
    own: OwnPacks
    """The tenant's own packs, with the one that the switch is about."""
    machine: Machine
    """All that the tenant has to choose from, with them."""

    @property
    def now(self) -> PluginSet:
        return self.having if self.on else self.lacking

    @property
    def then(self) -> PluginSet:
        return self.lacking if self.on else self.having

    @property
    def then_active(self) -> frozenset[str]:
        return self.active ^ {self.plugin}


async def plan_switch(ctx: Context, plugin_id: str, *, runtime: Runtime, own: OwnPacks | None = None) -> SwitchPlan:
    """Builds both sides of a switch. Raises `PluginUnknown`. `own`: other packs of the tenant's own than it has."""
    if own is None:
        own = await runtime.read_own_packs(ctx.db)
    machine = runtime.machine_of(own)
    states = {state.plugin_id: state for state in await ctx.db.all(tenants.PLUGINS)}
    installed = machine.plugins.get(plugin_id)
    if installed is None and plugin_id not in states:
        raise PluginUnknown
    active = frozenset(id_ for id_, state in states.items() if state.active)
    return SwitchPlan(
        plugin=plugin_id,
        on=plugin_id in active,
        having=await runtime.candidate_set(active | {plugin_id}, own, migrated=plugin_id),
        lacking=await runtime.candidate_set(active - {plugin_id}, own),
        active=active,
        manifest=installed.manifest if installed else None,
        had=plugin_id in states,
        adopted=states[plugin_id].adopted if plugin_id in states else None,
        adopted_version=(states[plugin_id].adopted_version or "") if plugin_id in states else "",
        unmigrated=machine.unmigrated.get(plugin_id),
        own=own,
        machine=machine,
    )


async def misfit(ctx: Context, sides: SwitchPlan) -> Message | None:
    """Returns the reason why the tenant's settings for the plugin do not fit, or None."""
    try:
        kind = sides.having.settings[sides.plugin]
        owned = {row[0]: row[1] for row in await ctx.db.all(tenants.SETTINGS)}
        tenants.convert(with_defaults(owned, sides.having.setting_defaults), sides.plugin, kind)
    except msgspec.ValidationError as error:
        return msg("Its settings do not fit: {reason}", reason=str(error))
    return None


async def switch(ctx: Context, plugin_id: str, *, on: bool, runtime: Runtime) -> SwitchPlan | None:
    """Switches it, in the caller's transaction; None when it was so already. What the plugin's tables hold stays.

    Raises `PluginUnknown`, and `CannotSwitch` with everything that stands against it.
    """
    await ctx.db.lock(LOCK, ctx.tenant.id)
    sides = await plan_switch(ctx, plugin_id, runtime=runtime)
    if sides.on == on:
        return None
    if problems := await obstacles_to(ctx, sides):
        raise CannotSwitch(errors=[Problem(each.message, path=each.plugin) for each in problems])
    async with ctx.db.savepoint():
        await ctx.db.run(tenants.PUT_PLUGIN, plugin_id=plugin_id, active=on, since=ctx.now)
        if on and content_adoption.is_adoption_due(sides.then, plugin_id, sides.adopted):
            await adopt_content(ctx, sides.then, sides.plugin)
    await tenants.touch(ctx.db)
    runtime.cache_set(sides.then_active, sides.then, own=sides.own)
    return sides


async def adopt_content(ctx: Context, made: PluginSet, plugin_id: str) -> None:
    """Adopts what a plugin of this set brings into the tenant's tables. Raises `CannotSwitch` when it does not fit."""
    try:
        await content_adoption.adopt(msgspec.structs.replace(ctx, plugins=made), plugin_id)
    except Exception as error:
        log.warning("activation.cannot_adopt", plugin=plugin_id, error=type(error).__name__)
        reason = msg("What it brings does not fit what is here already ({kind}).", kind=type(error).__name__)
        raise CannotSwitch(errors=[Problem(reason, path=plugin_id)]) from error


async def obstacles_to(ctx: Context, sides: SwitchPlan) -> tuple[Obstacle, ...]:
    """Returns everything that stands against the switch, of this plugin and of those that would go with it."""
    found = [Obstacle(id_, why) for id_, why in sides.then.left_out.items() if id_ not in sides.now.left_out]
    if sides.on or sides.manifest is None:
        return tuple(found)
    if sides.unmigrated is not None:
        found.append(Obstacle(sides.plugin, sides.unmigrated))
    own = set(own_tables(sides.manifest))
    for name in sides.manifest.provides.tables:
        if name not in own:
            found.append(Obstacle(sides.plugin, msg("The table {table} belongs to the core.", table=name)))
        elif sides.unmigrated is None and (await stored_table(ctx.db, name)).rows is None:
            reason = msg("Its table {table} is not in the database. Whoever runs this installation makes it with"
                         " `spheres migrate`.", table=name)  # fmt: skip
            found.append(Obstacle(sides.plugin, reason))
    if sides.plugin in sides.then.settings and (unfit := await misfit(ctx, sides)):
        found.append(Obstacle(sides.plugin, unfit))
    return tuple(found)


def own_tables(manifest: Manifest | None) -> tuple[str, ...]:
    """Returns the tables that a plugin declares, without any that is the core's whatever the manifest says."""
    core = {*Base.metadata.tables, *EXEMPT_TABLES}
    return tuple(name for name in (manifest.provides.tables if manifest else ()) if name not in core)


def quoted(table: str) -> str:
    """Returns a table's name as SQL takes it, whatever a manifest calls it."""
    return '"' + table.replace('"', '""') + '"'


async def stored_table(db: Db, table: str) -> StoredTable:
    """Counts the rows that the tenant of this transaction has in a table."""
    name = quoted(table)
    if (await db.sql("SELECT to_regclass($1) IS NOT NULL", name))[0][0]:
        return StoredTable(table, (await db.sql(f"SELECT count(*) FROM {name}"))[0][0])  # noqa: S608
    return StoredTable(table, None)
