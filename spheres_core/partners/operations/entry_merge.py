"""Merging entries that come from elsewhere into the tenant's tables, field by field: what the source said before, what
it says now, what holds here (`three_way_merge` decides). Nothing is ever deleted, and nothing that was changed here is
overwritten.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct
from sqlalchemy import Table, bindparam, insert, select, update

from spheres_core.foundation.content.packs import ContentChange
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import models
from spheres_core.partners.three_way_merge import MergeState, merge, merge_state

NAMESPACE = UUID("5b1f5c0e-7f0b-5d0e-9a64-0a2f3f5f9d52")
"""Of the ids of entries that have none elsewhere."""
LOCK = "spheres.partners.adopt"


class IncomingEntry(Struct, frozen=True):
    """One entry on its way into a table. `id`: the one it already has elsewhere, when it has one."""

    key: str
    content: dict[str, Any]
    id: UUID | None = None


class StoredEntry(Struct, frozen=True):
    """An entry as the table has it."""

    id: UUID
    origin: str
    key: str
    content: dict[str, Any]
    brought: dict[str, Any]
    reasons: dict[str, Any]
    conflicts: dict[str, Any]
    withdrawn_on: dt.date | None
    removed_on: dt.date | None

    def state(self) -> MergeState:
        """Returns the entry as a merge takes it."""
        return merge_state(self.content, self.brought, self.reasons, self.conflicts)


class EntryTable:
    """A table of the directory: the clear columns that follow from an entry's content, and its statements."""

    def __init__(
        self,
        model: type[Any],
        columns: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
        *,
        of_organization: bool = False,
    ) -> None:
        own: Table = table(model)
        self.name = str(own.name)
        self.columns = columns or (lambda _: {})
        self.of_organization = of_organization
        self.all: Statement[StoredEntry] = prepare(
            select(*(own.c[name] for name in StoredEntry.__struct_fields__)).where(scoped(own)).order_by(own.c.key),
            into=StoredEntry,
        )
        self.add: Statement[Any] = prepare(insert(own))
        fixed = {"tenant_id", "id", "origin", "key", "removed_on"}
        self.change: Statement[Any] = prepare(
            update(own)
            .where(scoped(own), own.c.id == bindparam("row_id"))
            .values({c.key: bindparam(f"new_{c.key}") for c in own.c if c.key not in fixed})
        )
        self.remove: Statement[Any] = prepare(
            update(own)
            .where(scoped(own), own.c.id == bindparam("row_id"))
            .values(removed_on=bindparam("new_removed_on"), changed_at=bindparam("new_changed_at"))
        )

    def column_values(self, content: dict[str, Any], organizations: Mapping[str, UUID]) -> dict[str, Any]:
        """Returns the clear columns of an entry."""
        if not self.of_organization:
            return self.columns(content)
        return {**self.columns(content), "organization_id": organizations.get(content["organization"])}


def _date(content: dict[str, Any], name: str) -> Any:
    return msgspec.convert(content.get(name), type=dt.date | None)


def _span(content: dict[str, Any]) -> dict[str, Any]:
    return {"starts_on": _date(content, "from"), "ends_on": _date(content, "until")}


def _verified(content: dict[str, Any]) -> dict[str, Any]:
    return {"verified_on": _date(content, "verified_on")}


AREAS = EntryTable(models.ServiceArea)
ORGANIZATIONS = EntryTable(models.OrganizationRow)
ROLES = EntryTable(
    models.PartnershipRow, lambda content: {"role": content["role"], **_span(content)}, of_organization=True
)
SERVICES = EntryTable(models.ServiceRow, lambda content: {**_span(content), **_verified(content)}, of_organization=True)
CONTACTS = EntryTable(
    models.ContactPointRow,
    lambda content: {"kind": content["kind"], **_verified(content)},
    of_organization=True,
)
EMERGENCIES = EntryTable(models.EmergencyContactRow, lambda content: {"areas": content["areas"], **_verified(content)})
MANDATES = EntryTable(models.CoordinationMandateRow, _span, of_organization=True)


def entry_content(entry: Struct, *without: str, organization: str | None = None) -> dict[str, Any]:
    """Returns an entry as the table keeps it: plain values, without its key."""
    content: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(entry))
    kept = {name: value for name, value in content.items() if name not in ("key", *without)}
    return kept if organization is None else {**kept, "organization": organization}


def id_of(slug: str, kind: str, key: str) -> UUID:
    """Returns the id of a new entry: the same in every home of a region, so that links and exports stay true."""
    return uuid5(NAMESPACE, f"{slug}/{kind}/{key}")


async def lock(ctx: Context) -> None:
    """Lets one merge at a time work in a tenant, until the transaction ends."""
    await ctx.db.lock(LOCK, ctx.tenant.id)


async def merge_entries(
    ctx: Context,
    kind: EntryTable,
    entries: Sequence[IncomingEntry],
    origin: str,
    organizations: Mapping[str, UUID],
    *,
    version: str = "",
    complete: bool = False,
) -> list[ContentChange]:
    """Adds what is new, changes what the same origin brought before, leaves what another brought; returns each.

    `complete`: these are all the entries of this origin, so that those which are missing are marked as withdrawn.
    """
    stored = await ctx.db.all(kind.all)
    known = {row.key: row for row in stored}
    taken = {row.id: row.key for row in stored}
    differences: list[ContentChange] = []
    for entry in entries:
        row = known.get(entry.key)
        owned = not kind.of_organization or not (name := entry.content["organization"]) or name in organizations
        if (row and row.origin != origin) or taken.get(entry.id or uuid7(), entry.key) != entry.key or not owned:
            differences.append(ContentChange("clash", kind.name, entry.key, title=title_of(entry.content)))
        elif row is None:
            await add_entry(ctx, kind, entry, origin, organizations)
            differences.append(ContentChange("add", kind.name, entry.key, title=title_of(entry.content)))
        else:
            differences += await _update(ctx, kind, entry, row, organizations, version)
    given = {entry.key for entry in entries}
    gone = [row for key, row in sorted(known.items()) if row.origin == origin and key not in given]
    return differences + await _mark_withdrawn(ctx, kind, gone, organizations, mark=complete)


def title_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Returns what an entry is called, in the languages that it has."""
    found: dict[str, str] = content.get("name") or content.get("label") or content.get("duty") or {}
    return found


async def add_entry(
    ctx: Context, kind: EntryTable, entry: IncomingEntry, origin: str, organizations: Mapping[str, UUID]
) -> None:
    """Writes an entry that the tenant does not have yet."""
    values = kind.column_values(entry.content, organizations)
    await ctx.db.run(
        kind.add,
        id=entry.id or id_of(ctx.tenant.slug, kind.name, entry.key),
        origin=origin,
        key=entry.key,
        content=entry.content,
        brought=entry.content,
        reasons={},
        conflicts={},
        withdrawn_on=None,
        removed_on=None,
        changed_at=ctx.now,
        **values,
    )


async def _update(
    ctx: Context,
    kind: EntryTable,
    entry: IncomingEntry,
    row: StoredEntry,
    organizations: Mapping[str, UUID],
    version: str,
) -> list[ContentChange]:
    before = row.state()
    after = merge(before, entry.content, version=version, on=ctx.today)
    changed = tuple(sorted(n for n in after.content if after.content[n] != before.content.get(n)))
    conflicting = tuple(sorted(n for n, each in after.conflicts.items() if before.conflicts.get(n) != each))
    if after != before or row.withdrawn_on is not None:
        await write_entry(ctx, kind, row, after, organizations)
    found = [ContentChange("change", kind.name, entry.key, changed, title_of(after.content))] if changed else []
    return found + (
        [ContentChange("conflict", kind.name, entry.key, conflicting, title_of(after.content))] if conflicting else []
    )


async def _mark_withdrawn(
    ctx: Context, kind: EntryTable, gone: Sequence[StoredEntry], organizations: Mapping[str, UUID], *, mark: bool
) -> list[ContentChange]:
    """Marks what the source brings no more. It stays as it is: a region may depend on it.
    Returned when newly marked."""
    newly = [row for row in gone if not mark or row.withdrawn_on is None]
    for row in newly if mark else ():
        await write_entry(ctx, kind, row, row.state(), organizations, withdrawn_on=ctx.today)
    return [ContentChange("absent", kind.name, row.key, title=title_of(row.content)) for row in newly]


async def write_entry(
    ctx: Context,
    kind: EntryTable,
    row: StoredEntry,
    after: MergeState,
    organizations: Mapping[str, UUID],
    *,
    withdrawn_on: dt.date | None = None,
) -> None:
    """Keeps an entry as a merge or a person left it."""
    values = {
        **kind.column_values(after.content, organizations),
        "content": after.content,
        "brought": after.brought,
        "reasons": msgspec.to_builtins(after.reasons),
        "conflicts": msgspec.to_builtins(after.conflicts),
        "withdrawn_on": withdrawn_on,
        "changed_at": ctx.now,
    }
    await ctx.db.run(kind.change, row_id=row.id, **{f"new_{name}": value for name, value in values.items()})
