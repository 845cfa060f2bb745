"""Verifies, ends, removes and puts back entries of the directory.

What ends has a last day and stays in the past. What is removed is shown nowhere from today on, and can be put back.
Nothing is ever deleted.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from spheres_core.audit import operations as audit
from spheres_core.facts import Message, Problem, Words, msg
from spheres_core.foundation.errors import Conflict, Invalid, NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.areas import with_outer_areas
from spheres_core.partners.operations import entry_merge
from spheres_core.partners.operations.edit_entry import (
    EDITABLE,
    HAND_MADE,
    EntryInvalid,
    EntryRemoved,
    NoSuchEntry,
    ReasonNeeded,
    find_entry,
    store_changes,
)
from spheres_core.partners.operations.entry_merge import StoredEntry, title_of
from spheres_core.partners.permissions import EDIT

VERIFIABLE: Final = ("organizations", "services", "contact_points", "emergency_contacts")
ENDING: Final = ("organizations", "services", "partnerships")
REMOVABLE: Final = ("organizations", "services", "partnerships", "contact_points", "emergency_contacts")
_OF_AN_ORGANIZATION: Final = ("partnerships", "services", "contact_points")


class Coordinates(Conflict):
    """Exactly one organization coordinates on any date: a coordinator neither ends nor is removed."""

    code = "coordinates"
    message = msg("This organization coordinates the program here. Another one takes over first.")


class LastToCall(Conflict):
    """Somebody must be there to call in every area."""

    code = "last_to_call"
    message = msg("Nobody to call would be left in an area. Add somebody else first.")


class OwnerRemoved(Conflict):
    """An entry is not put back without its organization."""

    code = "owner_removed"
    message = msg("Its organization was removed. Put that back first.")


class DayInvalid(Invalid):
    """An end is a day."""

    code = "day_invalid"
    message = msg("This is not a day such as 2026-11-21.")


async def verify_entry(ctx: Context, kind: str, id: UUID) -> int:
    """Notes that the actor checked an entry today, an organization with its services and contacts; returns how many.

    Raises `NoSuchEntry`, `EntryRemoved`, `EntryInvalid`.
    """
    row = await _find(ctx, kind, id, VERIFIABLE)
    checked = [(kind, row)]
    if kind == "organizations":
        checked += [each for each in await _parts_of(ctx, row.key) if each[0] in VERIFIABLE]
    for its_kind, each in checked:
        if its_kind == "emergency_contacts" and not each.content.get("phone") and not each.content.get("website"):
            missing = msg("How to reach them is needed here (phone or website).")
            raise EntryInvalid(errors=[Problem(missing, path="phone", code="required")])
        wanted = {"verified_on": ctx.today.isoformat(), "status": "verified"}
        changes = {name: value for name, value in wanted.items()
                   if name in each.content and each.content[name] != value}  # fmt: skip
        if changes:
            await store_changes(ctx, its_kind, each, changes, why=str(ctx.locale.say("Verified here")))
    details = {"key": row.key, "entries": len(checked)}
    await audit.record(ctx, "directory.verified", subject=(kind, id), details=details)
    return len(checked)


async def end_entry(ctx: Context, kind: str, id: UUID, *, on: str, why: str) -> None:
    """Gives an entry the first day on which it no longer holds; an organization's roles and services with it.

    `on`: `YYYY-MM-DD`. Raises `NoSuchEntry`, `EntryRemoved`, `DayInvalid`, `ReasonNeeded`, `Coordinates`,
    `EntryInvalid`.
    """
    row = await _find(ctx, kind, id, ENDING)
    day = _day(on)
    ending = [(kind, row)] if kind != "organizations" else [
        each for each in await _parts_of(ctx, row.key) if each[0] in ENDING and _goes_on(each[1], day)
    ]  # fmt: skip
    if kind == "organizations":
        await _refuse_coordinator(ctx, row)
    if not why.strip() and any(each.origin != HAND_MADE for _, each in ending):
        raise ReasonNeeded(errors=[Problem(ReasonNeeded.message, path="why", code="required")])
    for its_kind, each in ending:
        await store_changes(ctx, its_kind, each, {"until": day.isoformat()}, why=why.strip())
    details = {"key": row.key, "on": day.isoformat(), "entries": len(ending)}
    await audit.record(ctx, "directory.ended", subject=(kind, id), details=details)


async def remove_entry(ctx: Context, kind: str, id: UUID) -> None:
    """Removes an entry from the directory as of today, an organization with all that belongs to it.

    Raises `NoSuchEntry`, `EntryRemoved`, `Coordinates`, `LastToCall`.
    """
    row = await _find(ctx, kind, id, REMOVABLE)
    if kind == "organizations":
        await _refuse_coordinator(ctx, row)
    if kind == "emergency_contacts" and not await _is_spared(ctx, [row.id]):
        raise LastToCall
    gone = [(kind, row)]
    if kind == "organizations":
        gone += [each for each in await _parts_of(ctx, row.key) if each[1].removed_on is None]
    for its_kind, each in gone:
        await _mark(ctx, its_kind, each, ctx.today)
    details = {"key": row.key, "entries": len(gone)}
    await audit.record(ctx, "directory.removed", subject=(kind, id), details=details)


async def put_back_entry(ctx: Context, kind: str, id: UUID) -> None:
    """Shows again what was removed, an organization with what was removed on the same day.

    Raises `NoSuchEntry`, `OwnerRemoved`.
    """
    await entry_merge.lock(ctx)
    row = await find_entry(ctx, kind, id)
    if kind not in REMOVABLE or row.removed_on is None:
        raise NoSuchEntry
    owner = row.content.get("organization")
    if owner and any(each.key == owner and each.removed_on for each in await ctx.db.all(entry_merge.ORGANIZATIONS.all)):
        raise OwnerRemoved
    back = [(kind, row)]
    if kind == "organizations":
        back += [each for each in await _parts_of(ctx, row.key) if each[1].removed_on == row.removed_on]
    for its_kind, each in back:
        await _mark(ctx, its_kind, each, None)
    details = {"key": row.key, "entries": len(back)}
    await audit.record(ctx, "directory.put_back", subject=(kind, id), details=details)


# ---- what a plugin brought -----------------------------------------------------------------------------------------


class StayingEntry(Struct, frozen=True):
    """An entry that stays although its plugin goes, and why."""

    title: Words
    why: Message


class Removal(Struct, frozen=True):
    """The entries of a plugin that a removal takes out of the directory, and those that stay."""

    removed: tuple[Words, ...]
    stays: tuple[StayingEntry, ...]


async def plan_removal(ctx: Context, origin: str) -> Removal:
    """Returns what `remove_entries_of` would do. Changes nothing."""
    gone, stays = await _removal(ctx, origin)
    return Removal(tuple(title_of(row.content) or {"": row.key} for _, row in gone), tuple(stays))


async def remove_entries_of(ctx: Context, origin: str) -> int:
    """Removes what a plugin brought, and returns how many entries. A coordinator, whom hand-made entries belong to, and
    the last one to call in an area stay."""
    if ctx.actor.kind != "system" and not ctx.may(EDIT):
        raise NotAllowed
    await entry_merge.lock(ctx)
    gone, _ = await _removal(ctx, origin)
    for kind, row in gone:
        await _mark(ctx, kind, row, ctx.today)
    if gone:
        await audit.record(ctx, "directory.removed", details={"plugin": origin, "entries": len(gone)})
    return len(gone)


async def _removal(ctx: Context, origin: str) -> tuple[list[tuple[str, StoredEntry]], list[StayingEntry]]:
    rows = [
        (kind, row) for kind in REMOVABLE for row in await ctx.db.all(EDITABLE[kind][0].all) if row.removed_on is None
    ]
    coordinating = await _coordinators(ctx)
    others = {row.content.get("organization") for _, row in rows if row.origin != origin}
    gone: list[tuple[str, StoredEntry]] = []
    stays: list[StayingEntry] = []
    kept: set[str] = set()
    calls: list[UUID] = []
    for kind, row in rows:
        if row.origin != origin:
            continue
        why: Message | None = None
        owner = row.content.get("organization")
        if kind == "organizations" and row.key in coordinating:
            why = Coordinates.message
        elif kind == "organizations" and row.key in others:
            why = msg("Entries that were written here belong to it.")
        elif kind == "partnerships" and owner in kept:
            why = msg("Its organization stays.")
        elif kind == "emergency_contacts":
            if await _is_spared(ctx, [*calls, row.id]):
                calls.append(row.id)
            else:
                why = LastToCall.message
        if why is None:
            gone.append((kind, row))
            continue
        if kind == "organizations":
            kept.add(row.key)
        stays.append(StayingEntry(title_of(row.content) or {"": row.key}, why))
    return gone, stays


# ---- private -------------------------------------------------------------------------------------------------------


async def _find(ctx: Context, kind: str, id: UUID, kinds: Sequence[str]) -> StoredEntry:
    await entry_merge.lock(ctx)
    row = await find_entry(ctx, kind, id)
    if kind not in kinds:
        raise NoSuchEntry
    if row.removed_on is not None:
        raise EntryRemoved
    if kind == "organizations" and kinds is not VERIFIABLE and ctx.actor.kind != "system" and not ctx.may(EDIT):
        raise NotAllowed
    return row


async def _parts_of(ctx: Context, organization: str) -> list[tuple[str, StoredEntry]]:
    return [
        (kind, row)
        for kind in _OF_AN_ORGANIZATION
        for row in await ctx.db.all(EDITABLE[kind][0].all)
        if row.content.get("organization") == organization
    ]


async def _coordinators(ctx: Context) -> set[str]:
    """Returns who coordinates today or from a later day on."""
    rows = await ctx.db.all(entry_merge.MANDATES.all)
    return {row.content["organization"] for row in rows if _goes_on(row, ctx.today)}


async def _refuse_coordinator(ctx: Context, row: StoredEntry) -> None:
    if row.key in await _coordinators(ctx):
        raise Coordinates


def _goes_on(row: StoredEntry, day: dt.date) -> bool:
    until = row.content.get("until")
    return row.removed_on is None and (until is None or dt.date.fromisoformat(until) > day)


def _day(written: str) -> dt.date:
    try:
        return dt.date.fromisoformat(written.strip())
    except ValueError:
        raise DayInvalid(errors=[Problem(DayInvalid.message, path="on", code="date")]) from None


async def _is_spared(ctx: Context, gone: Iterable[UUID]) -> bool:
    """Returns whether each area that has somebody to call keeps somebody without these emergency contacts."""
    leaving = set(gone)
    rows = [row for row in await ctx.db.all(entry_merge.EMERGENCIES.all) if row.removed_on is None]
    parents: dict[str, Any] = {
        row.key: row.content.get("within", "") for row in await ctx.db.all(entry_merge.AREAS.all)
    }
    before = {area for row in rows for area in row.content["areas"]}
    after = {area for row in rows if row.id not in leaving for area in row.content["areas"]}
    around = {area: with_outer_areas(area, parents) for area in parents}
    return not any(before & set(outer) and not after & set(outer) for outer in around.values())


async def _mark(ctx: Context, kind: str, row: StoredEntry, day: dt.date | None) -> None:
    await ctx.db.run(EDITABLE[kind][0].remove, row_id=row.id, new_removed_on=day, new_changed_at=ctx.now)
