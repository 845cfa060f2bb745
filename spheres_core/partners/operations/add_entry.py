"""Adds entries to the directory by hand: a partner with its role, services and contacts, or one of these to a partner.

They belong to the region alone: no plugin brings them, so no upgrade and no switch of a plugin changes them.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.errors import NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.entry_keys import free_key, key_from
from spheres_core.partners.operations import entry_merge
from spheres_core.partners.operations.edit_entry import (
    EDITABLE,
    HAND_MADE,
    EntryInvalid,
    EntryRemoved,
    NoSuchEntry,
    entry_problems,
    find_entry,
)
from spheres_core.partners.operations.entry_merge import IncomingEntry, entry_content
from spheres_core.partners.operations.written_fields import with_hours_read
from spheres_core.partners.permissions import EDIT
from spheres_core.partners.queries.pack_content import role_names

Given = Mapping[str, Any]
ADDED_TO_A_PARTNER: Final = ("services", "contact_points")
_NOT_GIVEN: Final = frozenset({"key", "roles", "services", "contacts"})


class NewPartner(Struct, frozen=True):
    """A partner as a person writes it, each part in the shapes of `partners.toml` without its key."""

    organization: dict[str, Any]
    role: dict[str, Any]
    services: tuple[dict[str, Any], ...] = ()
    contacts: tuple[dict[str, Any], ...] = ()


async def add_partner(ctx: Context, new: NewPartner) -> UUID:
    """Writes an organization with its role, services and contacts, and returns its id.

    Raises `EntryInvalid`; each problem's path begins with the part: `organization.name`, `services.0.hours`.
    """
    if ctx.actor.kind != "system" and not ctx.may(EDIT):
        raise NotAllowed
    await entry_merge.lock(ctx)
    writer = await _writer(ctx)
    organization = writer.prepared("organizations", new.organization, "organization")
    owner = organization.key
    role = writer.prepared("partnerships", new.role, "role", owner=owner)
    rest = [
        (kind, writer.prepared(kind, each, f"{part}.{i}", owner=owner))
        for kind, part, given in (("services", "services", new.services), ("contact_points", "contacts", new.contacts))
        for i, each in enumerate(given)
    ]
    writer.finish()
    id = await writer.write("organizations", organization)
    for kind, entry in (("partnerships", role), *rest):
        await writer.write(kind, entry)
    return id


async def add_to_partner(ctx: Context, organization: UUID, kind: str, given: Given) -> UUID:
    """Writes one more service or contact of an organization, and returns its id.

    Raises `NoSuchEntry`, `EntryRemoved`, `EntryInvalid`.
    """
    if kind not in ADDED_TO_A_PARTNER:
        raise NoSuchEntry
    await entry_merge.lock(ctx)
    owner = await find_entry(ctx, "organizations", organization)
    if owner.removed_on is not None:
        raise EntryRemoved
    writer = await _writer(ctx)
    entry = writer.prepared(kind, given, "", owner=owner.key)
    writer.finish()
    return await writer.write(kind, entry)


class _Writer:
    """Checks every part first and writes when all are right."""

    def __init__(self, ctx: Context, taken: dict[str, set[str]], organizations: dict[str, UUID]) -> None:
        self.ctx = ctx
        self.taken = taken
        self.organizations = organizations
        self.problems: list[Problem] = []

    def prepared(self, kind: str, given: Given, part: str, *, owner: str | None = None) -> IncomingEntry:
        """Returns an entry with a key of its own; notes what is wrong with it."""
        struct = EDITABLE[kind][1]
        given = with_hours_read(given)
        key = self._key(kind, given, owner)
        fields = [name for name in given if name != "key"]
        found = entry_problems(self.ctx, struct, key, given, fields, self.taken["service_areas"], fixed=_NOT_GIVEN)
        found += self._own_rules(kind, given)
        self.problems += [structs.replace(each, path=f"{part}.{each.path}" if part else each.path) for each in found]
        content = {}
        if not found:
            entry = msgspec.convert({"key": key.rpartition(".")[2] or key, **given}, struct)
            without = ("roles", "services", "contacts") if kind == "organizations" else ()
            content = entry_content(entry, *without, organization=owner)
        self.taken[kind].add(key)
        return IncomingEntry(key, content, uuid7())

    def finish(self) -> None:
        """Raises `EntryInvalid` when anything is wrong."""
        if self.problems:
            raise EntryInvalid(errors=self.problems)

    async def write(self, kind: str, entry: IncomingEntry) -> UUID:
        """Writes an entry and tells the trail."""
        assert entry.id is not None
        await entry_merge.add_entry(self.ctx, EDITABLE[kind][0], entry, HAND_MADE, self.organizations)
        if kind == "organizations":
            self.organizations[entry.key] = entry.id
        await audit.record(self.ctx, "directory.added", subject=(kind, entry.id), details={"key": entry.key})
        return entry.id

    def _key(self, kind: str, given: Given, owner: str | None) -> str:
        if kind == "partnerships":
            return f"{owner}.{given.get('role', '')}"
        names = given.get("name") or given.get("label") or {}
        first = next((str(each) for each in names.values() if str(each).strip()), "") if names else ""
        made = key_from(first) if kind == "organizations" else key_from(owner or "", first)
        return free_key(made or key_from(owner or "", kind) or kind, self.taken[kind])

    def _own_rules(self, kind: str, given: Given) -> list[Problem]:
        if kind == "services" and not given.get("areas") and not given.get("province_wide"):
            return [Problem(msg("Where the service is offered is needed here."), path="areas", code="required")]
        if kind == "partnerships" and given.get("role") not in role_names(self.ctx):
            return [Problem(msg("Choose one of the roles."), path="role", code="unknown")]
        return []


async def _writer(ctx: Context) -> _Writer:
    rows = {kind: await ctx.db.all(table.all) for kind, (table, _) in EDITABLE.items()}
    taken = {kind: {row.key for row in found} for kind, found in rows.items()}
    return _Writer(ctx, taken, {row.key: row.id for row in rows["organizations"]})
