"""Which entries of the directory extra questions are asked on, and who may know of each."""

from functools import partial
from typing import Final
from uuid import UUID

from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import FoundRecord, RecordKind
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.operations.edit_entry import find_entry
from spheres_core.partners.operations.entry_merge import StoredEntry
from spheres_core.partners.permissions import EDIT_OWN

ANSWERED: Final = "directory.extra_answered"
BY_ENTRY: Final = {"organizations": "organization", "services": "service"}
"""Kinds of records by the kind of entry."""


def record_of(kind: str, entry: StoredEntry) -> FoundRecord:
    """Returns an entry that the actor may know of as a record."""
    return FoundRecord(
        entry.id,
        entry.content["name"],
        page="directory_entry",
        place={"kind": kind, "id": entry.id},
        subject=kind,
        closed=entry.removed_on is not None,
    )


async def _find(ctx: Context, id: UUID, *, kind: str) -> FoundRecord:
    return record_of(kind, await find_entry(ctx, kind, id))


RECORD_KINDS: Final = (
    RecordKind(
        "organization", msg("an organization of the directory"), EDIT_OWN, EDIT_OWN, ANSWERED,
        find=partial(_find, kind="organizations"),
    ),
    RecordKind(
        "service", msg("a service of the directory"), EDIT_OWN, EDIT_OWN, ANSWERED,
        find=partial(_find, kind="services"),
    ),
)  # fmt: skip
