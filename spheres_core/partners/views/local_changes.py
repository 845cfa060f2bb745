"""Where this region's directory differs from what its plugins and files brought, why, and what waits for a decision."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import Words
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.operations.edit_entry import EDITABLE, HAND_MADE, may_change
from spheres_core.partners.operations.entry_merge import StoredEntry, title_of
from spheres_core.partners.three_way_merge import ChangeReason, FieldConflict


class LocalField(Struct, frozen=True):
    """A field that is the region's own: what its source says, what holds here, and why (None when nobody said)."""

    field: str
    theirs: Any
    ours: Any
    reason: ChangeReason | None


class OpenConflict(Struct, frozen=True):
    """A field that both changed: before, what its source says now, what holds here and why."""

    field: str
    before: Any
    theirs: Any
    ours: Any
    version: str
    since: dt.date
    reason: ChangeReason | None


class EditableEntry(Struct, frozen=True):
    """One entry of the directory with what is said about it here."""

    kind: str
    id: UUID
    key: str
    title: Words
    organization: str
    """The key of the organization that it belongs to; empty for what belongs to none."""
    origin: str
    content: Mapping[str, Any]
    local: tuple[LocalField, ...]
    conflicts: tuple[OpenConflict, ...]
    withdrawn_on: dt.date | None
    removed_on: dt.date | None

    @property
    def hand_made(self) -> bool:
        """Returns whether it was written here and no source brings it."""
        return self.origin == HAND_MADE

    def reason(self, field: str) -> ChangeReason | None:
        """Returns why this field is as it is here."""
        return next((each.reason for each in self.local if each.field == field), None)


async def entries(ctx: Context) -> list[EditableEntry]:
    """Returns what the actor may change of the directory, kind by kind."""
    found = []
    for kind, (table, _) in EDITABLE.items():
        found += [as_entry(kind, row) for row in await ctx.db.all(table.all) if may_change(ctx, kind, row)]
    return found


def as_entry(kind: str, row: StoredEntry) -> EditableEntry:
    """Returns a row with its local fields and its conflicts."""
    here = row.state()

    def local() -> Iterator[LocalField]:
        for name in here.local():
            yield LocalField(name, here.brought.get(name), here.content[name], here.reasons.get(name))

    def conflict(name: str, each: FieldConflict) -> OpenConflict:
        reason = here.reasons.get(name)
        return OpenConflict(name, each.before, each.theirs, here.content.get(name), each.version, each.since, reason)

    return EditableEntry(
        kind=kind,
        id=row.id,
        key=row.key,
        title=title_of(row.content),
        organization=row.content.get("organization", ""),
        origin=row.origin,
        content=row.content,
        local=tuple(local()),
        conflicts=tuple(conflict(name, each) for name, each in sorted(here.conflicts.items())),
        withdrawn_on=row.withdrawn_on,
        removed_on=row.removed_on,
    )
