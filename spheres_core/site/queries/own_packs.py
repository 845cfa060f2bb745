"""Questions about the packs that a region has uploaded: which there are, which is in force, how two differ."""

import asyncio
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.lifecycle.activation import SwitchPlan
from spheres_core.foundation.tenancy import own_packs
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.own_packs import OwnPacks, StoredPack
from spheres_core.partners.code_lists import CATALOGUE, CATALOGUE_FILE, Catalogue, removed_codes
from spheres_core.site.plugin_diff import Change, changes


class PackUnknown(NotFound):
    """The region has no such version of a pack."""

    code = "pack_unknown"
    message = msg("There is no such pack.")


class PackListed(Struct, frozen=True):
    """A version of a pack, and whether it is in force."""

    pack: StoredPack
    in_force: bool
    on: bool
    """The pack is switched on; off, its version waits."""


async def one_pack(ctx: Context, id: UUID) -> StoredPack:
    """Returns a version. Raises `PackUnknown`."""
    found = await ctx.db.one_or_none(own_packs.ONE, which=id)
    if found is None:
        raise PackUnknown
    return found


async def listed(ctx: Context, own: OwnPacks) -> list[PackListed]:
    """Returns every version, newest first within its pack."""
    keys = {(each.plugin_id, each.digest) for each in own}
    return [
        PackListed(each, (each.plugin_id, each.digest) in keys, each.plugin_id in ctx.plugins.plugins)
        for each in await ctx.db.all(own_packs.ALL)
    ]


def version_before(found: list[PackListed], plugin_id: str) -> StoredPack | None:
    """Returns the version that was in force before the one that is; None when that is what the machine has."""
    mine = [each for each in found if each.pack.plugin_id == plugin_id and each.pack.published_at is not None]
    now = next((each.pack for each in mine if each.in_force), None)
    if now is None or now.published_at is None:
        return None
    earlier = [each.pack for each in mine if not each.in_force and _is_before(each.pack, now)]
    return max(earlier, key=lambda pack: str(pack.published_at), default=None)


def _is_before(one: StoredPack, other: StoredPack) -> bool:
    return one.published_at is not None and other.published_at is not None and one.published_at < other.published_at


def removed_entries(ctx: Context, plan: SwitchPlan) -> list[Finding]:
    """Returns the codes of lists in force that the version lacks: records name them, so they are retired instead."""
    before: Catalogue | None = dict(ctx.plugins.gather(CATALOGUE)).get(plan.plugin)
    if before is None:
        return []
    return [
        Finding(CATALOGUE_FILE, msg("{code} was taken away: say retired = true instead.", code=code), key=name)
        for name, code in removed_codes(before, dict(plan.having.gather(CATALOGUE)).get(plan.plugin))
    ]


async def differences(ctx: Context, plan: SwitchPlan) -> list[Change]:
    """Returns how the version differs from what is in force under its id; all of it is new when nothing is."""
    now = ctx.plugins.plugins.get(plan.plugin)
    if now is None:
        return []
    return await asyncio.to_thread(changes, now.root, plan.machine.plugins[plan.plugin].root)
