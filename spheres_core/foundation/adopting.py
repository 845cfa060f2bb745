"""A plugin's content taken into the tenant's own tables: when the tenant gets the plugin, and when the content changes.

What was taken in is the tenant's from then on. Each row keeps the plugin it came from; switching the plugin off takes
nothing out again, because a directory must not lose whom to call between two clicks.
"""

from collections.abc import Sequence

from spheres_core.foundation import tenants
from spheres_core.foundation.context import Context
from spheres_core.foundation.packs import PackReader
from spheres_core.foundation.plugins import PluginSet


def readers_of(made: PluginSet) -> Sequence[PackReader]:
    """How the rooms of this set read content files."""
    return [reader for _, given in made.registered["register_pack_readers"] for reader in given]


def is_due(made: PluginSet, plugin_id: str, adopted: str | None) -> bool:
    """Has this plugin of the set content that the tenant has not taken in yet? `adopted` is what it took in last."""
    return plugin_id in made.plugins and made.digests[plugin_id] != adopted


async def adopt(ctx: Context, plugin_id: str) -> None:
    """Take in what a plugin of `ctx.plugins` brings, in the caller's transaction. Doing it twice changes nothing."""
    for reader in readers_of(ctx.plugins):
        for id_, value in ctx.plugins.gather(reader.topic):
            if id_ == plugin_id and reader.adopt is not None:
                await reader.adopt(ctx, value, id_)
    await ctx.db.run(tenants.ADOPTED, which=plugin_id, digest=ctx.plugins.digests[plugin_id])
