"""Puts a tenant's own pack in force, in place of another version or of what the machine has under that id."""

from spheres_core.facts import Problem
from spheres_core.foundation.lifecycle.activation import (
    LOCK,
    CannotSwitch,
    Obstacle,
    SwitchPlan,
    adopt_content,
    plan_switch,
)
from spheres_core.foundation.tenancy import content_adoption, own_packs, tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.own_packs import OwnPackKey, StoredPack
from spheres_core.foundation.tenancy.runtime import Runtime


async def plan_pack(ctx: Context, plugin_id: str, key: OwnPackKey | None, *, runtime: Runtime) -> SwitchPlan:
    """Builds the tenant's set with this version of a pack; None is what the machine has.

    Raises `PluginUnknown` when there is nothing under that id then.
    """
    own = own_packs.with_pack(await runtime.read_own_packs(ctx.db), plugin_id, key)
    return await plan_switch(ctx, plugin_id, runtime=runtime, own=own)


def obstacles_to_pack(ctx: Context, plan: SwitchPlan) -> list[Obstacle]:
    """Returns everything that the set with the pack would have to leave out, and that is there now."""
    return [
        Obstacle(id_, why)
        for id_, why in plan.having.left_out.items()
        if id_ == plan.plugin or id_ not in ctx.plugins.left_out
    ]


async def put_in_force(ctx: Context, plugin_id: str, pack: StoredPack | None, *, runtime: Runtime) -> SwitchPlan:
    """Puts a version in force and switches the pack on, in the caller's transaction; adopts what it brings.

    Raises `PluginUnknown`, and `CannotSwitch` with everything that stands against it.
    """
    await ctx.db.lock(LOCK, ctx.tenant.id)
    plan = await plan_pack(ctx, plugin_id, pack.key if pack else None, runtime=runtime)
    if problems := obstacles_to_pack(ctx, plan):
        raise CannotSwitch(errors=[Problem(each.message, path=each.plugin) for each in problems])
    async with ctx.db.savepoint():
        await ctx.db.run(tenants.PUT_PLUGIN, plugin_id=plugin_id, active=True, since=ctx.now)
        await ctx.db.run(own_packs.PUT_IN_FORCE, named=plugin_id, chosen=pack.id if pack else None)
        if content_adoption.is_adoption_due(plan.having, plugin_id, plan.adopted):
            await adopt_content(ctx, plan.having, plugin_id)
    await tenants.touch(ctx.db)
    runtime.cache_set(plan.active | {plugin_id}, plan.having, own=plan.own)
    return plan


async def take_out_of_force(ctx: Context, plugin_id: str, *, runtime: Runtime) -> None:
    """Switches a pack off that has no version left to go back to. What it brought into the tenant's tables stays.

    Raises `CannotSwitch` when another plugin cannot be without it.
    """
    await ctx.db.lock(LOCK, ctx.tenant.id)
    plan = await plan_switch(ctx, plugin_id, runtime=runtime)
    lost = {id_: why for id_, why in plan.lacking.left_out.items() if id_ not in plan.having.left_out}
    if lost:
        raise CannotSwitch(errors=[Problem(why, path=id_) for id_, why in lost.items()])
    await ctx.db.run(tenants.PUT_PLUGIN, plugin_id=plugin_id, active=False, since=ctx.now)
    await ctx.db.run(own_packs.PUT_IN_FORCE, named=plugin_id, chosen=None)
    await tenants.touch(ctx.db)
