"""Merges an entry whose source says something new: a merge of three sides, field by field.

The sides are what the source said before, what it says now, and what holds here. A field that nobody touched here
follows its source. One that was changed here stays, with its reason. When both changed it, neither is chosen: ours goes
on holding and a *conflict* waits until an administrator decides. Pure, so that any sequence can be tried.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct, field

from spheres_core.partners.schemas.local_entries import Way

_CHECKED = "verified_on"
"""The day of the last check: the later of two holds, whoever checked."""

Choice = Literal["new", "ours", "own"]


class ChangeReason(Struct, frozen=True):
    """Why a field is as it is here: in whose words, since when, and what stood there before."""

    why: str
    way: Way
    at: dt.datetime
    by: UUID | None = None
    """The member of staff; the trail says the same."""
    was: Any = None


class FieldConflict(Struct, frozen=True):
    """A field that was changed here and, differently, by its source."""

    before: Any
    """The source's value when the conflict began."""
    theirs: Any
    """The source's value now."""
    version: str
    """Of the source, where it has versions."""
    since: dt.date


class MergeState(Struct, frozen=True):
    """One entry between its source and this tenant."""

    content: dict[str, Any]
    """The values that hold here."""
    brought: dict[str, Any]
    """The values that its source gave last."""
    reasons: dict[str, ChangeReason] = field(default_factory=dict)
    conflicts: dict[str, FieldConflict] = field(default_factory=dict)

    def is_local(self, name: str) -> bool:
        """Returns whether this field is the region's own, also when the source came to say the same later."""
        if self.content.get(name) != self.brought.get(name):
            return True
        reason = self.reasons.get(name)
        return reason is not None and reason.way not in ("given_back", "took_new")

    def local(self) -> list[str]:
        """Returns the fields that are the region's own."""
        return sorted(name for name in self.content if self.is_local(name))


def merge_state(content: Any, brought: Any, reasons: Mapping[str, Any], conflicts: Mapping[str, Any]) -> MergeState:
    """Makes the state of a merge from the columns of a row."""
    return MergeState(
        content,
        brought,
        {name: msgspec.convert(each, ChangeReason) for name, each in reasons.items()},
        {name: msgspec.convert(each, FieldConflict) for name, each in conflicts.items()},
    )


def merge(here: MergeState, now: Mapping[str, Any], *, version: str, on: dt.date) -> MergeState:
    """Returns what holds after the source says `now`. Twice changes nothing; what was written here is never lost."""
    own = {
        name: value
        for name, value in here.content.items()
        if here.is_local(name) and not (name == _CHECKED and str(now.get(name) or "") >= str(value))
    }
    conflicts: dict[str, FieldConflict] = {}
    for name, ours in own.items():
        if name not in now or now[name] == ours:
            continue
        theirs, before, open_ = now[name], here.brought.get(name), here.conflicts.get(name)
        if open_ is None and theirs != before:
            conflicts[name] = FieldConflict(before, theirs, version, on)
        elif open_ is not None and theirs == open_.theirs:
            conflicts[name] = open_
        elif open_ is not None and theirs != open_.before:
            conflicts[name] = msgspec.structs.replace(open_, theirs=theirs, version=version)
    reasons = {name: each for name, each in here.reasons.items() if name in own or name in now}
    return MergeState({**now, **own}, dict(now), reasons, conflicts)


def edit_field(here: MergeState, name: str, value: Any, *, why: str, at: dt.datetime, by: UUID | None) -> MergeState:
    """Returns the state after somebody here writes a field. Writing what the source says gives the field back to it."""
    conflicts = dict(here.conflicts)
    theirs = here.brought.get(name)
    if value == theirs:
        conflicts.pop(name, None)
    reason = ChangeReason(why, "given_back" if value == theirs else "changed", at, by, here.content.get(name))
    return MergeState({**here.content, name: value}, here.brought, {**here.reasons, name: reason}, conflicts)


def resolve_conflict(
    here: MergeState, name: str, choice: Choice, *, value: Any = None, why: str, at: dt.datetime, by: UUID | None
) -> MergeState:
    """Returns the state after an administrator ends a conflict: with what the source says, with ours, or with words of
    her own (`value`)."""
    chosen: dict[Choice, tuple[Way, Any]] = {
        "new": ("took_new", here.conflicts[name].theirs),
        "ours": ("kept_ours", here.content.get(name)),
        "own": ("wrote_own", value),
    }
    way, then = chosen[choice]
    reason = ChangeReason(why, way, at, by, here.content.get(name))
    conflicts = {other: each for other, each in here.conflicts.items() if other != name}
    return MergeState({**here.content, name: then}, here.brought, {**here.reasons, name: reason}, conflicts)
