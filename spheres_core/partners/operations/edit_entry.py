"""Edits entries of the directory that a plugin or a file brought, and resolves their conflicts.

Each change keeps its reason, because the next version of its source must not undo it, and whoever looks at it in a year
must know why this region differs. Staff change; administrators decide what both sides changed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from spheres_core.audit import operations as audit
from spheres_core.facts import Message, Problem, msg
from spheres_core.foundation.content.value_kinds import kind_message
from spheres_core.foundation.errors import Conflict, Invalid, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import hours
from spheres_core.partners.contact_values import contact_problem
from spheres_core.partners.operations import entry_merge
from spheres_core.partners.operations.entry_merge import EntryTable, StoredEntry
from spheres_core.partners.operations.written_fields import unread_hours_problem, with_hours_read
from spheres_core.partners.permissions import EDIT
from spheres_core.partners.schemas.directory import Area, Contact, EmergencyContact, Organization, Role, Service
from spheres_core.partners.three_way_merge import Choice, MergeState, edit_field, resolve_conflict

MOST_REASON: Final = 2_000
"""Characters that a reason may have."""

EDITABLE: Final[dict[str, tuple[EntryTable, type[Any]]]] = {
    "organizations": (entry_merge.ORGANIZATIONS, Organization),
    "services": (entry_merge.SERVICES, Service),
    "partnerships": (entry_merge.ROLES, Role),
    "contact_points": (entry_merge.CONTACTS, Contact),
    "emergency_contacts": (entry_merge.EMERGENCIES, EmergencyContact),
    "service_areas": (entry_merge.AREAS, Area),
}
"""Entries that staff may change, by table. Who coordinates is a mandate, handed over and never edited."""

HAND_MADE: Final = "hand-made"
"""The origin of entries that people of the region wrote; no plugin can have that id. They differ from no source, so
that changing them asks for no reason."""

OWN_KINDS: Final = frozenset({"organizations", "services", "contact_points"})
"""Entries that a partner's liaison keeps up to date, of her own organization."""

_FIXED: Final = frozenset({"key", "organization", "roles", "services", "contacts", "role", "from"})
"""Fields that identify an entry, or that stand in a table of their own."""
_NAMED: Final = ("name", "label", "about", "duty", "purpose")


class NoSuchEntry(NotFound):
    """The directory has no such entry."""

    code = "entry_unknown"
    message = msg("There is no such entry in the directory.")


class ReasonNeeded(Invalid):
    """A change without a reason would be undone by whoever wonders about it later."""

    code = "reason_needed"
    message = msg("Say in a few words why.")


class EntryInvalid(Invalid):
    """The entry would not be one any more; `errors` name the fields."""

    code = "entry_invalid"


class NothingToDecide(Conflict):
    """There is no conflict, or somebody ended it in between."""

    code = "nothing_to_decide"
    message = msg("There is nothing to decide here any more.")


class EntryRemoved(Conflict):
    """A removed entry is put back before anything else is done with it."""

    code = "entry_removed"
    message = msg("It was removed from the directory. Put it back first.")


def may_change(ctx: Context, kind: str, row: StoredEntry) -> bool:
    """Returns whether the actor may know and change this entry: staff each one, a liaison those of her organization."""
    if ctx.actor.kind == "system" or ctx.may(EDIT):
        return True
    owner = row.key if kind == "organizations" else row.content.get("organization")
    return kind in OWN_KINDS and row.removed_on is None and bool(owner) and owner == ctx.actor.organization


async def find_entry(ctx: Context, kind: str, id: UUID) -> StoredEntry:
    """Returns one entry of the directory. Raises `NoSuchEntry`, for one that the actor may not know of too."""
    rows = await ctx.db.all(EDITABLE[kind][0].all) if kind in EDITABLE else []
    found = next((row for row in rows if row.id == id), None)
    if found is None or not may_change(ctx, kind, found):
        raise NoSuchEntry
    return found


async def change_entry(ctx: Context, kind: str, id: UUID, changes: Mapping[str, Any], *, why: str) -> tuple[str, ...]:
    """Writes fields of an entry here, with the reason; returns the names of those that really changed.

    Writing what the source says gives a field back to it. What was written by hand needs no reason.
    Raises `NoSuchEntry`, `EntryRemoved`, `ReasonNeeded`, `EntryInvalid`.
    """
    await entry_merge.lock(ctx)
    row = await find_entry(ctx, kind, id)
    if row.removed_on is not None:
        raise EntryRemoved
    wanted = {name: value for name, value in with_hours_read(changes).items() if value != row.content.get(name)}
    if not wanted:
        return ()
    if row.origin != HAND_MADE:
        _check_reason(why)
    await store_changes(ctx, kind, row, wanted, why=why.strip())
    names = sorted(wanted)
    await audit.record(ctx, "directory.changed", subject=(kind, id), details={"key": row.key, "fields": names})
    return tuple(names)


async def store_changes(ctx: Context, kind: str, row: StoredEntry, changes: Mapping[str, Any], *, why: str) -> None:
    """Writes fields of an entry that the caller has looked up under the lock. Raises `EntryInvalid`."""
    after = row.state()
    if row.origin == HAND_MADE:
        content = {**row.content, **changes}
        after = MergeState(content, content)
    else:
        for name, value in changes.items():
            after = edit_field(after, name, value, why=why, at=ctx.now, by=ctx.actor.id)
    await _store(ctx, kind, row, after, tuple(changes))


async def resolve(
    ctx: Context, kind: str, id: UUID, field: str, *, choice: Choice, value: Any = None, why: str
) -> None:
    """Ends a conflict: take the `new`, keep `ours`, or write `own` words (`value`), with the reason.

    Raises `NoSuchEntry`, `NothingToDecide`, `ReasonNeeded`, `EntryInvalid`.
    """
    await entry_merge.lock(ctx)
    row = await find_entry(ctx, kind, id)
    before = row.state()
    if field not in before.conflicts:
        raise NothingToDecide
    _check_reason(why)
    after = resolve_conflict(before, field, choice, value=value, why=why.strip(), at=ctx.now, by=ctx.actor.id)
    await _store(ctx, kind, row, after, (field,))
    details = {"key": row.key, "field": field, "choice": choice}
    await audit.record(ctx, "directory.decided", subject=(kind, id), details=details)


def fields_of(struct: type[Any]) -> frozenset[str]:
    """Returns what the fields of an entry are called in its content."""
    return frozenset(struct.__struct_encode_fields__)


def _check_reason(why: str) -> None:
    if not why.strip() or len(why) > MOST_REASON:
        raise ReasonNeeded(errors=[Problem(ReasonNeeded.message, path="why", code="required")])


async def _store(ctx: Context, kind: str, row: StoredEntry, after: MergeState, fields: Sequence[str]) -> None:
    table, struct = EDITABLE[kind]
    areas = {each.key for each in await ctx.db.all(entry_merge.AREAS.all)}
    if problems := entry_problems(ctx, struct, row.key, after.content, fields, areas):
        raise EntryInvalid(errors=problems)
    organizations = {each.key: each.id for each in await ctx.db.all(entry_merge.ORGANIZATIONS.all)}
    await entry_merge.write_entry(ctx, table, row, after, organizations, withdrawn_on=row.withdrawn_on)


def entry_problems(
    ctx: Context,
    struct: type[Any],
    key: str,
    content: Mapping[str, Any],
    fields: Sequence[str],
    areas: set[str],
    *,
    fixed: frozenset[str] = _FIXED,
) -> list[Problem]:
    """Returns what is wrong with these fields of an entry. `fixed`: those that cannot be written."""
    known = fields_of(struct) - fixed
    if unknown := [name for name in fields if name not in known]:
        return [Problem(msg("This cannot be changed here."), path=name, code="unknown") for name in unknown]
    if "hours" in fields and (unread := unread_hours_problem(ctx, content["hours"])) is not None:
        return [Problem(unread, path="hours", code="hours")]
    try:
        made = msgspec.convert({"key": key} | {n: v for n, v in content.items() if n in fields_of(struct)}, struct)
    except msgspec.ValidationError as error:
        place = str(error).rpartition(" - at `$.")[2].rstrip("`").partition(".")[0].partition("[")[0]
        missing = str(error).rpartition("required field `")[2].rstrip("`") if "required field `" in str(error) else ""
        name = place if place in fields else missing or fields[0]
        return [Problem(kind_message(str(error)), path=name, code="type")]
    found = []
    for name in fields:
        if name in _NAMED and not any(str(text).strip() for text in content[name].values()):
            found.append(Problem(msg("A text is needed here, in one language at least."), path=name, code="required"))
        if name == "areas" and not set(content[name]) <= areas:
            found.append(Problem(msg("There is no such area here."), path=name, code="unknown"))
        if name == "hours" and not all(hours.can_read(each) for each in made.hours):
            found.append(Problem(msg("These hours cannot be read."), path=name, code="hours"))
        if (problem := _contact_problem(made, name)) is not None:
            found.append(Problem(problem, path=name, code="value"))
        if name == "ages" and content[name] and not 0 <= content[name][0] <= content[name][1]:
            found.append(Problem(msg("The first age is the lower one."), path=name, code="order"))
        if name == "verified_on" and made.verified_on and made.verified_on > ctx.today:
            found.append(Problem(msg("This day has not come yet."), path=name, code="order"))
        if name == "until" and (start := getattr(made, "starts", None)) and made.ends and made.ends <= start:
            found.append(Problem(msg("It ends before it begins."), path=name, code="order"))
    return found


def _contact_problem(entry: Any, field: str) -> Message | None:
    if isinstance(entry, Contact) and field in ("value", "kind"):
        return contact_problem(entry.kind, entry.value)
    if isinstance(entry, EmergencyContact) and field in ("phone", "website") and getattr(entry, field):
        return contact_problem(field, getattr(entry, field))
    return None
