"""Takes in packs that administrators upload, puts a version in force, takes it back. Data only: code is installed."""

import asyncio
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.lifecycle import own_packs as lifecycle
from spheres_core.foundation.lifecycle.activation import SwitchPlan
from spheres_core.foundation.tenancy import content_adoption, own_packs
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.own_packs import OwnPackKey, StoredPack, digest_of
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.site.queries.own_packs import PackUnknown, listed, one_pack, removed_entries, version_before
from spheres_core.site.uploaded_packs import ReadPack, Upload, read_upload

DEADLINE: Final = 25.0
"""Seconds in which an upload must be read."""
MOST_VERSIONS: Final = 60
"""Versions that a region keeps of all its packs; drafts can be discarded."""
_ONE_AT_A_TIME: Final = asyncio.Semaphore(1)
"""Reading sheets takes a core: uploads of all regions wait for each other."""


class CannotDiscard(Conflict):
    """Only a version that never was in force goes: the others are what one goes back to."""

    code = "cannot_discard"
    message = msg("This version was in force once and stays, to go back to.")


async def upload_pack(ctx: Context, upload: Upload, *, runtime: Runtime) -> tuple[StoredPack, Sequence[Finding]]:
    """Keeps an upload as a version that is not in force yet; returns it with what a person should look at.

    The same content twice is one version. Raises `ContentInvalid` with everything that stands against it.
    """
    read = await _read(ctx, upload)
    await _check(ctx, read, runtime)
    digest, plugin_id = digest_of(read.archive), read.manifest.id
    known = await ctx.db.all(own_packs.ALL)
    same = next((each for each in known if (each.plugin_id, each.digest) == (plugin_id, digest)), None)
    if same is not None:
        return same, read.warnings
    if len(known) >= MOST_VERSIONS:
        said = msg("There are {limit} versions already. Discard drafts that nobody needs.", limit=MOST_VERSIONS)
        raise ContentInvalid([Finding(upload.name, said)])
    made = StoredPack(
        uuid7(), plugin_id, read.manifest.version, read.title, digest, ctx.now,
        ctx.actor.id if ctx.actor.kind == "staff" else None, None,
    )  # fmt: skip
    await ctx.db.run(
        own_packs.ADD, id=made.id, plugin_id=plugin_id, version=made.version, title=dict(made.title), digest=digest,
        archive=read.archive, uploaded_at=made.uploaded_at, uploaded_by=made.uploaded_by, published_at=None,
    )  # fmt: skip
    await audit.record(ctx, "pack.uploaded", details={"plugin": plugin_id, "version": made.version, "digest": digest})
    return made, read.warnings


async def publish_pack(ctx: Context, id: UUID, *, runtime: Runtime) -> None:
    """Puts a version in force; every process follows within two seconds.

    Raises `PackUnknown`, `ContentInvalid` for a code of a list that is gone, and `CannotSwitch`.
    """
    pack = await one_pack(ctx, id)
    plan = await plan_draft(ctx, pack, runtime)
    if gone := removed_entries(ctx, plan):
        raise ContentInvalid(gone)
    await lifecycle.put_in_force(ctx, pack.plugin_id, pack, runtime=runtime)
    await ctx.db.run(own_packs.PUBLISHED, which=id, now=ctx.now)
    await audit.record(ctx, "pack.published", details=_told(pack))


async def take_back_pack(ctx: Context, plugin_id: str, *, runtime: Runtime) -> None:
    """Goes back to the version before: an earlier upload, else what the machine has, else the pack is switched off.

    Raises `PackUnknown` when no upload is in force, and `CannotSwitch`.
    """
    found = await listed(ctx, await runtime.read_own_packs(ctx.db))
    now = next((each.pack for each in found if each.in_force and each.pack.plugin_id == plugin_id), None)
    if now is None:
        raise PackUnknown
    before = version_before(found, plugin_id)
    if before is not None or plugin_id in runtime.machine.plugins:
        await lifecycle.put_in_force(ctx, plugin_id, before, runtime=runtime)
    else:
        await lifecycle.take_out_of_force(ctx, plugin_id, runtime=runtime)
    await audit.record(ctx, "pack.taken_back", details={**_told(now), "to": before.digest if before else ""})


async def discard_pack(ctx: Context, id: UUID) -> None:
    """Erases a version that never was in force. Raises `PackUnknown`, `CannotDiscard`."""
    pack = await one_pack(ctx, id)
    if not await ctx.db.run(own_packs.DROP, which=id):
        raise CannotDiscard
    await audit.record(ctx, "pack.discarded", details=_told(pack))


async def plan_draft(ctx: Context, pack: StoredPack, runtime: Runtime) -> SwitchPlan:
    """Builds the region's plugin set as it would be with a version."""
    await runtime.unpacked.unpack(ctx.db, [pack.key])
    return await lifecycle.plan_pack(ctx, pack.plugin_id, pack.key, runtime=runtime)


async def _read(ctx: Context, upload: Upload) -> ReadPack:
    readers = content_adoption.pack_readers_of(ctx.plugins)
    try:
        async with asyncio.timeout(DEADLINE), _ONE_AT_A_TIME:
            return await asyncio.to_thread(read_upload, upload, readers)
    except TimeoutError:
        raise ContentInvalid([Finding(upload.name, msg("Reading this file took too long."))]) from None


async def _check(ctx: Context, read: ReadPack, runtime: Runtime) -> None:
    """Raises `ContentInvalid` for a pack that the region's set could not take."""
    manifest = read.manifest
    if not own_packs.may_replace(runtime.machine, manifest.id):
        said = msg("A plugin with code has the id {id} here: choose another one.", id=manifest.id)
        raise ContentInvalid([Finding("plugin.toml", said, key="id")])
    key = OwnPackKey(manifest.id, digest_of(read.archive))
    await asyncio.to_thread(runtime.unpacked.add, key, read.archive)
    plan = await lifecycle.plan_pack(ctx, manifest.id, key, runtime=runtime)
    findings = list(plan.having.findings.get(manifest.id, ()))
    if not findings and (reason := plan.having.left_out.get(manifest.id)):
        findings.append(Finding("plugin.toml", reason))
    findings += removed_entries(ctx, plan)
    if findings:
        raise ContentInvalid(read.at_their_cells(findings))


def _told(pack: StoredPack) -> dict[str, str]:
    return {"plugin": pack.plugin_id, "version": pack.version, "digest": pack.digest}
