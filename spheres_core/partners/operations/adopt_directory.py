"""Adopts a pack's directory into the tenant's.

Adopting is a three-way merge, field by field: what the pack said before, what it says now, what
holds here (`three_way_merge`). Nothing is ever deleted: an entry that the pack no longer brings stays and is
marked.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import msgspec
import structlog

from spheres_core.audit import operations as audit
from spheres_core.foundation.content.packs import ContentChange
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.directory_file import chain_problem
from spheres_core.partners.operations import entry_merge
from spheres_core.partners.operations.entry_merge import EntryTable, IncomingEntry, entry_content, merge_entries
from spheres_core.partners.schemas.directory import Directory, Mandate
from spheres_core.partners.three_way_merge import merge

log = structlog.get_logger("spheres.partners")


def _areas(directory: Directory) -> list[IncomingEntry]:
    return [IncomingEntry(each.key, entry_content(each)) for each in directory.areas]


def _organizations(directory: Directory) -> list[IncomingEntry]:
    return [
        IncomingEntry(each.key, entry_content(each, "roles", "services", "contacts"))
        for each in directory.organizations
    ]


def _roles(directory: Directory) -> list[IncomingEntry]:
    return [
        IncomingEntry(f"{each.key}.{role.own_key}", entry_content(role, organization=each.key))
        for each in directory.organizations
        for role in each.roles
    ]


def _services(directory: Directory) -> list[IncomingEntry]:
    return [
        IncomingEntry(service.key, entry_content(service, organization=each.key))
        for each in directory.organizations
        for service in each.services
    ]


def _contacts(directory: Directory) -> list[IncomingEntry]:
    of_programme = [
        IncomingEntry(contact.key, entry_content(contact, organization="")) for contact in directory.contacts
    ]
    return of_programme + [
        IncomingEntry(contact.key, entry_content(contact, organization=each.key))
        for each in directory.organizations
        for contact in each.contacts
    ]


def _emergencies(directory: Directory) -> list[IncomingEntry]:
    return [IncomingEntry(each.key, entry_content(each)) for each in directory.emergency_contacts]


def _mandates(directory: Directory) -> list[IncomingEntry]:
    closed_first = sorted(directory.coordination, key=lambda each: (each.ends is None, each.starts))
    return [IncomingEntry(each.key, entry_content(each)) for each in closed_first]


_REST: tuple[tuple[EntryTable, Callable[[Directory], Sequence[IncomingEntry]]], ...] = (
    (entry_merge.ROLES, _roles),
    (entry_merge.SERVICES, _services),
    (entry_merge.CONTACTS, _contacts),
    (entry_merge.EMERGENCIES, _emergencies),
)


async def adopt(ctx: Context, directory: Directory, plugin_id: str, version: str = "") -> list[ContentChange]:
    """Merges what a plugin brings into the tenant's directory and returns what that changed. Twice changes nothing."""
    await entry_merge.lock(ctx)
    merging_in = partial(merge_entries, version=version, complete=True)
    differences = await merging_in(ctx, entry_merge.AREAS, _areas(directory), plugin_id, {})
    differences += await merging_in(ctx, entry_merge.ORGANIZATIONS, _organizations(directory), plugin_id, {})
    organizations = {row.key: row.id for row in await ctx.db.all(entry_merge.ORGANIZATIONS.all)}
    for kind, entries in _REST:
        differences += await merging_in(ctx, kind, entries(directory), plugin_id, organizations)
    mandates = _mandates(directory)
    if await _keeps_one_coordinator(ctx, mandates):
        differences += await merging_in(ctx, entry_merge.MANDATES, mandates, plugin_id, organizations)
    else:
        differences += [ContentChange("clash", entry_merge.MANDATES.name, each.key) for each in mandates]
    if changed := [each for each in differences if each.kind != "clash"]:
        counts = Counter(each.kind for each in changed)
        await audit.record(
            ctx,
            "directory.adopted",
            details={"plugin": plugin_id, "entries": counts["add"] + counts["change"], "conflicts": counts["conflict"]},
        )
    clashes = [each.key for each in differences if each.kind == "clash"]
    if clashes:
        log.warning("partners.clash", tenant=ctx.tenant.slug, plugin=plugin_id, keys=clashes)
    return differences


async def _keeps_one_coordinator(ctx: Context, entries: Sequence[IncomingEntry]) -> bool:
    """Returns whether exactly one organization would coordinate on any date after this merge."""
    known = {row.key: row for row in await ctx.db.all(entry_merge.MANDATES.all)}
    after = {key: row.content for key, row in known.items()}
    for entry in entries:
        row = known.get(entry.key)
        now = entry.content
        after[entry.key] = merge(row.state(), now, version="", on=ctx.today).content if row else now
    mandates = [msgspec.convert({**content, "key": key}, Mandate) for key, content in after.items()]
    return chain_problem(mandates) is None
