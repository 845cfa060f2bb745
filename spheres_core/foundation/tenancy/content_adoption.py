"""Adoption of a plugin's content into the tenant's own tables, when the tenant gets the plugin or the content changes.

Adopted content is the tenant's from then on. Each row keeps the plugin it came from; switching the plugin off takes
nothing out again, because a directory must not lose whom to call between two clicks. What an adoption would change can
be asked before, of the files as they lie on the machine now: a newer version is looked at before anything runs it.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from spheres_core.foundation.content.packs import ContentChange, PackReader, content_hash, read_content
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.plugins.discovery import Installed
from spheres_core.foundation.plugins.manifest import Manifest, read_manifest
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context


class PluginOnDisk(Struct, frozen=True):
    """A plugin as its files are now, whatever this process runs. None of its code was imported."""

    manifest: Manifest
    digest: str
    content: dict[str, Any]


def pack_readers_of(made: PluginSet) -> Sequence[PackReader]:
    """Returns the rooms' readers of content files in this set."""
    return [reader for _, given in made.registered["register_pack_readers"] for reader in given]


NOTHING_OWN: Final[Mapping[str, Any]] = {}
"""The content of a tenant that has none of its own; one mapping for all."""


async def load_own_content(db: Db, made: PluginSet) -> Mapping[str, Any]:
    """Returns what the tenant of the transaction says itself, beside its packs, by topic on which it says anything."""
    said = {reader.topic: await reader.load_own(db) for reader in pack_readers_of(made) if reader.load_own is not None}
    return {topic: content for topic, content in said.items() if content} or NOTHING_OWN


def is_adoption_due(made: PluginSet, plugin_id: str, adopted: str | None) -> bool:
    """Tells whether the tenant has not adopted this plugin's content yet. `adopted`: the digest it adopted last."""
    return plugin_id in made.plugins and made.digests[plugin_id] != adopted


async def adopt(ctx: Context, plugin_id: str) -> list[ContentChange]:
    """Adopts the content of a plugin of `ctx.plugins`, in the caller's transaction; returns what that changed.

    Doing it twice changes nothing.
    """
    version = ctx.plugins.plugins[plugin_id].manifest.version
    topics = [reader.topic for reader in pack_readers_of(ctx.plugins)]
    content = ((topic, dict(ctx.plugins.gather(topic)).get(plugin_id)) for topic in topics)
    changes = await _adopt_content(ctx, plugin_id, content, version)
    await ctx.db.run(tenants.ADOPTED, which=plugin_id, digest=ctx.plugins.digests[plugin_id], version=version)
    return changes


async def read_plugin_on_disk(installed: Installed, made: PluginSet) -> PluginOnDisk:
    """Returns the plugin's manifest and content as they lie there now, in a thread. Raises `ContentInvalid`."""

    def reading() -> PluginOnDisk:
        manifest = read_manifest(installed.root)
        readers = pack_readers_of(made)
        content = read_content(installed.root, manifest.id, readers)
        return PluginOnDisk(manifest, content_hash(installed.root, manifest.version, readers), content)

    return await asyncio.to_thread(reading)


async def preview_adoption(ctx: Context, there: PluginOnDisk) -> list[ContentChange]:
    """Returns what adopting it would change, tried out and undone again: nothing of the tenant is touched.

    Raises whatever adopting it would raise.
    """
    async with ctx.db.savepoint(undo=True):
        return await _adopt_content(ctx, there.manifest.id, there.content.items(), there.manifest.version)


async def _adopt_content(
    ctx: Context, plugin_id: str, content: Iterable[tuple[str, Any]], version: str
) -> list[ContentChange]:
    given = {topic: value for topic, value in content if value is not None}
    found: list[ContentChange] = []
    for reader in pack_readers_of(ctx.plugins):
        if reader.adopt is not None and reader.topic in given:
            found += await reader.adopt(ctx, given[reader.topic], plugin_id, version)
    return found
