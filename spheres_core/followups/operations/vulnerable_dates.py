"""Writes dates that make need rise: rent day, leaving a placement, court, an anniversary."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Date, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.followups.queries import vulnerable_dates as queries
from spheres_core.followups.queries.vulnerable_dates import dates
from spheres_core.followups.schemas.vulnerable_dates import VulnerableDate, VulnerableDateFound, VulnerableDatePosted
from spheres_core.followups.vulnerable_dates import next_day
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import BoundStatement, prepare, scoped
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess

ADD = prepare(insert(dates))
_one = dates.update().where(scoped(dates), dates.c.id == bindparam("which"), dates.c.ended_at.is_(None))
END = prepare(_one.values(ended_at=bindparam("now")))
OFFERED = prepare(_one.values(help_offered_for=bindparam("day", type_=Date())))


class DatePassed(Invalid):
    """The only day has passed already, so that no help can be offered before it."""

    code = "date_passed"
    message = msg("This day has passed. Please choose a day to come.")


async def note_date(ctx: Context, file: ParticipantAccess, posted: VulnerableDatePosted) -> VulnerableDate:
    """Notes a date. Raises `ParticipantUnknown`, `DatePassed`."""
    require_class(ctx, file, "needs_and_plan", act="write")
    if next_day(posted.on, posted.repeats, ctx.today) is None:
        raise DatePassed(errors=[Problem(DatePassed.message, path="on")])
    id = uuid7()
    note = posted.note.strip()
    found = VulnerableDateFound(
        id, file.id, posted.kind, posted.on, posted.repeats,
        ctx.keys.seal("vulnerable_dates", id, "note", note) if note else None, None, ctx.actor.id, ctx.now,
    )  # fmt: skip
    added = ADD.of(
        id=id, participant_id=file.id, kind=found.kind, first_on=found.first_on, repeats=found.repeats,
        note=found.note, help_offered_for=None, ended_at=None, author=found.author, written_at=ctx.now,
        dated_on=ctx.today,
    )  # fmt: skip
    details = {"date": str(id), "kind": posted.kind}
    await audit.record(ctx, "date.noted", subject=("participant", file.id), details=details, doing=[added])
    return queries.shown(ctx, found)


async def end_date(ctx: Context, file: ParticipantAccess, id: UUID) -> None:
    """Notes that a date holds no more. Raises `DateUnknown`."""
    await _change(ctx, file, id, "date.ended", END.of(which=id, now=ctx.now))


async def note_help_offered(ctx: Context, file: ParticipantAccess, id: UUID) -> None:
    """Notes that help was offered for the next of these days: it leaves the day of whoever follows her.

    Raises `DateUnknown`, `DatePassed`.
    """
    found = await queries.find_date(ctx, file, id)
    day = next_day(found.first_on, found.repeats, ctx.today)
    if day is None:
        raise DatePassed
    await _change(ctx, file, id, "date.help_offered", OFFERED.of(which=id, day=day))


async def _change(ctx: Context, file: ParticipantAccess, id: UUID, verb: str, change: BoundStatement[object]) -> None:
    require_class(ctx, file, "needs_and_plan", act="write")
    await queries.find_date(ctx, file, id)
    await audit.record(ctx, verb, subject=("participant", file.id), details={"date": str(id)}, doing=[change])
