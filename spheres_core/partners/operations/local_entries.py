"""Carries what a region wrote into its directory to another home: read in one, merged in the other.

Merging overwrites nothing that was written there later, and deletes nothing. Applied twice, it changes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from spheres_core.audit import operations as audit
from spheres_core.facts import Message, Problem, msg
from spheres_core.foundation.content.packs import ContentChange
from spheres_core.foundation.content.value_kinds import kind_message
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.operations import entry_merge
from spheres_core.partners.operations.edit_entry import EDITABLE, EntryInvalid, fields_of
from spheres_core.partners.operations.entry_merge import EntryTable, IncomingEntry, StoredEntry, title_of
from spheres_core.partners.schemas.directory import Mandate
from spheres_core.partners.schemas.local_entries import CarriedConflict, CarriedEntry, CarriedField
from spheres_core.partners.three_way_merge import ChangeReason, FieldConflict, MergeState

TABLES: Final[dict[str, tuple[EntryTable, type[Any]]]] = {
    **EDITABLE,
    entry_merge.MANDATES.name: (entry_merge.MANDATES, Mandate),
}
"""The tables of the directory, each after those that it refers to."""


async def local_entries(db: Db, plugins: Collection[str]) -> list[CarriedEntry]:
    """Returns what these plugins alone would not bring: local fields, open conflicts, entries of another source."""
    found = []
    for name, (table, _) in TABLES.items():
        for row in await db.all(table.all):
            here = row.state()
            fields = {each: _carried(here, each) for each in sorted({*here.local(), *here.conflicts})}
            if fields or row.withdrawn_on or row.origin not in plugins:
                brought = msgspec.json.encode(row.brought).decode()
                id_ = None if row.origin in plugins else row.id
                found.append(CarriedEntry(name, row.key, row.origin, brought, id_, row.withdrawn_on, fields))
    return found


def _carried(here: MergeState, name: str) -> CarriedField:
    reason, open_ = here.reasons.get(name), here.conflicts.get(name)
    conflict = CarriedConflict(open_.version, open_.since, open_.before, open_.theirs) if open_ else None
    if reason is None:
        raise ValueError(f"{name} was changed without a reason")
    return CarriedField(reason.why, reason.at, here.content.get(name), reason.was, reason.way, conflict)


def problem_with(carried: CarriedEntry) -> Message | None:
    """Returns why an entry of a file cannot be merged anywhere; None when it can."""
    if carried.table not in TABLES:
        return msg("The directory has no table {name}.", name=carried.table)
    try:
        brought = msgspec.json.decode(carried.brought, type=dict[str, Any])
        _merged(MergeState(brought, brought), carried, TABLES[carried.table][1])
    except msgspec.DecodeError as error:
        return msg("This is not valid JSON: {reason}", reason=str(error))
    except EntryInvalid as invalid:
        return msg("{key}: {reason}", key=str(invalid.errors[0].path), reason=invalid.errors[0].message)
    return None


async def missing_fields(db: Db, entries: Sequence[CarriedEntry]) -> list[tuple[str, Any, Any]]:
    """Returns what merging these entries would write: `table.key.field`, the value there now and the one to come."""
    found: list[tuple[str, Any, Any]] = []
    for name, (table, struct) in TABLES.items():
        wanted = [each for each in entries if each.table == name]
        rows = {row.key: row for row in await db.all(table.all)} if wanted else {}
        for each in wanted:
            row = rows.get(each.key)
            if row is None:
                found.append((f"{name}.{each.key}", None, title_of(msgspec.json.decode(each.brought))))
            before = row.state() if row else MergeState({}, {})
            after = _merged(before, each, struct) if row else before
            found += [
                (f"{name}.{each.key}.{field}", before.content.get(field), after.content[field])
                for field in each.fields
                if after.reasons.get(field) != before.reasons.get(field)
            ]
    return found


async def merge_local_entries(ctx: Context, entries: Sequence[CarriedEntry]) -> list[ContentChange]:
    """Merges the entries of another home into the directory; returns what that changed.

    Raises `EntryInvalid` for a value that its field cannot hold.
    """
    await entry_merge.lock(ctx)
    organizations = {row.key: row.id for row in await ctx.db.all(entry_merge.ORGANIZATIONS.all)}
    changes: list[ContentChange] = []
    for name, (table, struct) in TABLES.items():
        for each in (one for one in entries if one.table == name):
            row = await _row(ctx, table, each.key)
            if row is None:
                incoming = IncomingEntry(each.key, msgspec.json.decode(each.brought), each.id)
                changes += await entry_merge.merge_entries(ctx, table, [incoming], each.origin, organizations)
                row = await _row(ctx, table, each.key)
                if row is not None and each.withdrawn_on:
                    await entry_merge.write_entry(
                        ctx, table, row, row.state(), organizations, withdrawn_on=each.withdrawn_on
                    )
                    row = await _row(ctx, table, each.key)
            if row is None:
                continue
            if table is entry_merge.ORGANIZATIONS:
                organizations[row.key] = row.id
            changes += await _write_fields(ctx, table, struct, row, each, organizations)
    return changes


async def _row(ctx: Context, table: EntryTable, key: str) -> StoredEntry | None:
    return next((row for row in await ctx.db.all(table.all) if row.key == key), None)


async def _write_fields(
    ctx: Context,
    table: EntryTable,
    struct: type[Any],
    row: StoredEntry,
    carried: CarriedEntry,
    organizations: dict[str, UUID],
) -> list[ContentChange]:
    before = row.state()
    after = _merged(before, carried, struct)
    names = tuple(sorted(name for name in carried.fields if after.reasons.get(name) != before.reasons.get(name)))
    if not names:
        return []
    await entry_merge.write_entry(ctx, table, row, after, organizations, withdrawn_on=row.withdrawn_on)
    details = {"key": row.key, "fields": list(names)}
    await audit.record(ctx, "directory.changed", subject=(table.name, row.id), details=details)
    return [ContentChange("change", table.name, row.key, names, title_of(after.content))]


def _merged(here: MergeState, carried: CarriedEntry, struct: type[Any]) -> MergeState:
    """Returns the state with the carried fields; a field that was changed here later stays as it is."""
    content, reasons, conflicts = dict(here.content), dict(here.reasons), dict(here.conflicts)
    for name, each in carried.fields.items():
        if (own := here.reasons.get(name)) is not None and own.at >= each.at:
            continue
        content[name] = each.value
        reasons[name] = ChangeReason(each.why, each.way, each.at, None, each.was)
        if (open_ := each.conflict) is not None:
            conflicts[name] = FieldConflict(open_.before, open_.theirs, open_.version, open_.since)
    _check(struct, carried, content)
    return MergeState(content, here.brought, reasons, conflicts)


def _check(struct: type[Any], carried: CarriedEntry, content: Mapping[str, Any]) -> None:
    """Raises `EntryInvalid` when a carried value is not of its field's kind."""
    known = fields_of(struct)
    try:
        msgspec.convert({"key": carried.key, **{name: said for name, said in content.items() if name in known}}, struct)
    except msgspec.ValidationError as error:
        place = f"{carried.table}.{carried.key}{str(error).rpartition(' - at `$')[2].rstrip('`')}"
        raise EntryInvalid(errors=[Problem(kind_message(str(error)), path=place, code="type")]) from None
