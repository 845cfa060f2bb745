"""Events after commit: an act about a participant as a plugin may know of it.

A plugin acts for the organization that the region names for it (`[settings.consents]`), or for nobody, and is then told
of no participant. What it is told is decided by the ledger when it is told, not when the act was done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, structs

from spheres_core.audit.events.acts import act_of
from spheres_core.audit.schemas import Entry
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.queries.told import classes_of_lines, code_and_day, day_and_organization, may_be_told
from spheres_core.consents.queries.why import rows_of
from spheres_core.consents.schemas import TEAM
from spheres_core.consents.settings import Settings
from spheres_core.facts import Act, ParticipantFacts
from spheres_core.foundation.database.statements import Statement
from spheres_core.foundation.tenancy.context import Context

OWN_LINES: Final = "*own_lines"
"""Stands for the classes of the lines of a consent that are for the organization that is told."""
_A_MOMENT: Final = dt.timedelta(microseconds=1)


class ActAbout(Struct, frozen=True):
    """The class of information that an act is about, and what is told of it."""

    information: str
    record: str = ""
    """The detail that holds the id of the record; empty: the act is about the day on which it was done."""
    rows: Statement[Any] | None = None
    details: tuple[str, ...] = ()
    """The details that whoever may read the class is told; all others are kept back."""
    team_only: bool = False
    """Organizations are not told, whatever they may read."""
    ends: bool = False
    """It may end what an organization may read: who could until then is told that, without details."""

    async def load(self, ctx: Context, plugin: str, entry: Entry) -> dict[str, Any] | None:
        """Returns the act as this plugin may know of it; None when it may not."""
        if plugin not in ctx.plugins.plugins:
            return {"act": act_of(entry)}  # a room of the core's own
        whom = ctx.settings("consents", Settings).plugin_organizations.get(plugin, "")
        if not whom or entry.subject_id is None or (self.team_only and whom != TEAM):
            return None
        async with as_system(ctx):
            told = await self._told(ctx, entry, entry.subject_id, whom)
        return None if told is None else {"act": told}

    async def _told(self, ctx: Context, entry: Entry, participant: UUID, whom: str) -> Act | None:
        her, ledger = await code_and_day(ctx, participant), await rows_of(ctx, participant)
        on = await self._day(ctx, entry, whom)
        if her is None or on is None:
            return None
        who, classes = (ctx.tenant.id, participant), await self._classes(ctx, entry, whom)

        def may_know(information: str, day: dt.date, now: dt.datetime) -> bool:
            return may_be_told(who, whom, information, day, ledger, now)

        until_then = entry.at - _A_MOMENT
        whole = any(may_know(each, on, ctx.now) for each in classes)
        if not whole and not (self.ends and any(may_know(each, on, until_then) for each in classes)):
            return None
        named = may_know("participation", her[1], ctx.now if whole else until_then)
        given = entry.details or {}
        details = {name: given[name] for name in self.details if name in given and (whole or name == self.record)}
        facts = ParticipantFacts(participant, her[0]) if named else None
        subject = participant if named else None
        return structs.replace(act_of(entry), subject_id=subject, participant=facts, details=details)

    async def _day(self, ctx: Context, entry: Entry, whom: str) -> dt.date | None:
        """Returns the day that the act is about; None when its record is gone, or went to another organization."""
        if self.rows is None:
            return entry.at.astimezone(ctx.zone).date()
        found = await ctx.db.one_or_none(self.rows, record=UUID((entry.details or {})[self.record]))
        if found is None or (found[1] is not None and whom not in (TEAM, found[1])):
            return None
        day: dt.date = found[0]
        return day

    async def _classes(self, ctx: Context, entry: Entry, whom: str) -> set[str]:
        if self.information != OWN_LINES:
            return {self.information}
        if whom == TEAM:
            return {"participation"}  # the team knows of every line
        given = {name: UUID(value) for name, value in (entry.details or {}).items() if name in ("consent", "entry")}
        return await classes_of_lines(ctx, whom, consent=given.get("consent"), line=given.get("entry"))


def about(
    information: str, record: str = "", model: Any = None, *details: str, team_only: bool = False, ends: bool = False
) -> Callable[..., Any]:
    """Returns what a `TrailVerb` needs as `load_for`. `model`: the table of the record, whose day counts."""
    rows = None if model is None else day_and_organization(model)
    told = (record, *details) if record else details
    return ActAbout(information, record, rows, told, team_only=team_only, ends=ends).load
