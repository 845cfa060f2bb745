"""Plans outings and groups, says how they are now, and what they cost. None of it names a young person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import DateTime, Integer, LargeBinary, SmallInteger, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY, insert

from spheres_core.activities.outing_states import NEXT
from spheres_core.activities.permissions import BUDGET
from spheres_core.activities.queries import outings as queries
from spheres_core.activities.queries.catalogue import activities
from spheres_core.activities.queries.outings import closed, invitations, outings
from spheres_core.activities.schemas.outings import (
    Outing,
    OutingBudget,
    OutingChanged,
    OutingFound,
    OutingListed,
    OutingPlace,
    OutingPosted,
    OutingsPlanned,
)
from spheres_core.audit import operations as audit
from spheres_core.consents.queries.reader import as_system
from spheres_core.facts import Problem, msg
from spheres_core.followups.operations.encounters import moment_of
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.operations.catalogue import require_codes
from spheres_core.partners.queries.catalogue import listed
from spheres_core.partners.queries.partners import organization_names

ADD = prepare(insert(outings))
_seen = (scoped(outings), outings.c.id == bindparam("which"), outings.c.version == bindparam("seen"))
_written = {"version": outings.c.version + 1, "author": bindparam("who"), "written_at": bindparam("now")}
CHANGE = prepare(
    outings.update()
    .where(*_seen)
    .values(
        state=bindparam("to", type_=Text()), at=bindparam("when", type_=DateTime(timezone=True)),
        seats=bindparam("how_many", type_=SmallInteger()), purposes=bindparam("what_for", type_=ARRAY(Text())),
        cost_cents=bindparam("cents", type_=Integer()), content=bindparam("sealed", type_=LargeBinary()), **_written,
    )
    .returning(outings.c.id)
)  # fmt: skip
SET_BUDGET = prepare(
    outings.update()
    .where(*_seen)
    .values(
        planned_cents=bindparam("planned", type_=Integer()), spent_cents=bindparam("spent", type_=Integer()), **_written
    )
    .returning(outings.c.id)
)
MOVE_DAY = prepare(
    invitations.update()
    .where(scoped(invitations), invitations.c.outing_id == bindparam("outing"))
    .values(dated_on=bindparam("day"))
)
PERMISSION_OF_SEATS: Final = BUDGET
"""Whoever could make seats could find out who is refused one although there are some (invariant 23)."""
OPEN_AGAIN = prepare(closed.delete().where(scoped(closed), closed.c.outing_id == bindparam("outing")))


class OutingInvalid(Invalid):
    """An outing that cannot be as it was sent."""

    code = "outing_invalid"
    message = msg("Some answers need another look.")


class OutingStays(Conflict):
    """It was held or called off: that stays."""

    code = "outing_stays"
    message = msg("It was held or called off already.")


async def plan_outing(ctx: Context, posted: OutingPosted) -> OutingsPlanned:
    """Plans an outing, or a group that meets each week at the same hour of this region.

    Raises `CodeUnknown`, `OutingInvalid`, `EncounterInvalid` for a moment without its offset.
    """
    at, _ = moment_of(ctx, posted.at)
    if at <= ctx.now:
        raise OutingInvalid(errors=[Problem(msg("An outing is planned for a time to come."), path="at")])
    require_codes([posted.activity], activities(ctx), path="activity")
    require_codes(posted.purposes, listed(ctx, "activity_purposes"), path="purposes")
    if posted.organization and posted.organization not in await organization_names(ctx):
        raise OutingInvalid(errors=[Problem(msg("Choose one of the directory."), path="organization")])
    group = uuid7() if posted.weeks > 1 else None
    return OutingsPlanned([await _plan(ctx, posted, each, group) for each in _weekly(ctx, at, posted.weeks)])


async def change_outing(ctx: Context, id: UUID, sent: OutingChanged) -> Outing:
    """Says how an outing is now. Raises `OutingUnknown`, `ChangedMeanwhile`, `OutingStays`, `OutingInvalid`."""
    found = await queries.find_outing(ctx, id)
    at, day = moment_of(ctx, sent.at)
    if found.version == sent.version and sent.state != found.state and sent.state not in NEXT[found.state]:
        raise OutingStays
    if sent.state == "held" and at > ctx.now:
        raise OutingInvalid(errors=[Problem(msg("What took place took place today or before."), path="at")])
    require_codes(sent.purposes, listed(ctx, "activity_purposes"), path="purposes", kept=found.purposes)
    if sent.seats != found.seats and not ctx.may(PERMISSION_OF_SEATS):
        raise OutingInvalid(errors=[Problem(msg("A coordinator changes the number of seats."), path="seats")])
    await ctx.db.lock("outing", id)
    sealed = _sealed(ctx, id, OutingPlace(sent.place, sent.transport, sent.accessibility))
    changed = await ctx.db.run(
        CHANGE, which=id, seen=sent.version, to=sent.state, when=at, how_many=sent.seats, what_for=sent.purposes,
        cents=sent.cost_cents, sealed=sealed, who=ctx.actor.id, now=ctx.now,
    )  # fmt: skip
    if not changed:
        raise ChangedMeanwhile(extra=await _both(ctx, id, sent))
    async with as_system(ctx):
        await ctx.db.run(MOVE_DAY, outing=id, day=day)
    if sent.seats > found.seats:
        await ctx.db.run(OPEN_AGAIN, outing=id)
    details = {"outing": str(id), "state": sent.state, "version": sent.version + 1}
    await audit.record(ctx, "outing.changed", subject=("outing", id), details=details)
    return await queries.read_outing(ctx, id)


async def set_budget(ctx: Context, id: UUID, sent: OutingBudget) -> Outing:
    """Says what an outing may cost, and what it cost. Raises `OutingUnknown`, `ChangedMeanwhile`."""
    await queries.find_outing(ctx, id)
    changed = await ctx.db.run(
        SET_BUDGET, which=id, seen=sent.version, planned=sent.planned_cents, spent=sent.spent_cents, who=ctx.actor.id,
        now=ctx.now,
    )  # fmt: skip
    if not changed:
        raise ChangedMeanwhile(extra=await _both(ctx, id, sent))
    details = {"outing": str(id), "planned_cents": sent.planned_cents, "spent_cents": sent.spent_cents}
    await audit.record(ctx, "outing.budgeted", subject=("outing", id), details=details)
    return await queries.read_outing(ctx, id)


async def _plan(ctx: Context, posted: OutingPosted, at: dt.datetime, group: UUID | None) -> OutingListed:
    id = uuid7()
    sealed = _sealed(ctx, id, OutingPlace(posted.place, posted.transport, posted.accessibility))
    found = OutingFound(
        id=id, activity=posted.activity, purposes=posted.purposes, organization=posted.organization, group_id=group,
        at=at, seats=posted.seats, state="planned", cost_cents=posted.cost_cents, planned_cents=None, spent_cents=None,
        content=sealed, version=1, author=ctx.actor.id, written_at=ctx.now,
    )  # fmt: skip
    details = {"outing": str(id), "activity": posted.activity, "state": "planned"}
    added = ADD.of(**msgspec.structs.asdict(found))
    await audit.record(ctx, "outing.planned", subject=("outing", id), details=details, doing=[added])
    return queries.listed(ctx, found)


def _weekly(ctx: Context, at: dt.datetime, weeks: int) -> list[dt.datetime]:
    """Returns the meetings of a group: the same hour of the region's clock, also when that clock is set."""
    here = at.astimezone(ctx.zone).replace(tzinfo=None)
    return [(here + dt.timedelta(weeks=week)).replace(tzinfo=ctx.zone).astimezone(dt.UTC) for week in range(weeks)]


def _sealed(ctx: Context, id: UUID, place: OutingPlace) -> bytes:
    return ctx.keys.seal("outings", id, "content", msgspec.json.encode(place))


async def _both(ctx: Context, id: UUID, sent: Any) -> Mapping[str, Any]:
    theirs = await queries.read_outing(ctx, id)
    return {"yours": msgspec.to_builtins(sent), "theirs": msgspec.to_builtins(theirs)}
