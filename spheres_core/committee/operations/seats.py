"""Gives seats in bodies and ends them. Open meetings follow at once."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.committee.operations.item_access import close_to, open_to
from spheres_core.committee.operations.meetings import require_body
from spheres_core.committee.permissions import MEET
from spheres_core.committee.queries import meetings
from spheres_core.committee.queries import seats as queries
from spheres_core.committee.queries.seats import seats
from spheres_core.committee.schemas.meetings import Seat, SeatEnded, SeatFound, SeatPosted
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.queries.members import hold_active

ADD = prepare(insert(seats))
END = prepare(
    seats.update()
    .where(scoped(seats), seats.c.id == bindparam("which"))
    .values(ends=bindparam("last"))
    .returning(seats.c.id)
)


class SeatInvalid(Invalid):
    """Somebody without an open account or the permission, an end before the beginning, or a seat of another body."""

    code = "seat_invalid"
    message = msg("Choose somebody who works here and takes part in committees, and days in their order.")


class AlreadySeated(Conflict):
    """She has a seat in this body on one of these days."""

    code = "already_seated"
    message = msg("This person already sits in this committee.")


async def give_seat(ctx: Context, posted: SeatPosted) -> Seat:
    """Lets somebody sit in a body, for the organization that she works for. Raises `BodyUnknown`, `SeatInvalid`,
    `AlreadySeated`."""
    require_body(ctx, posted.body)
    await ctx.db.lock("committee", posted.body)
    member = await hold_active(ctx, posted.staff)
    fits = member is not None and ctx.plugins.permits(frozenset(member.roles), MEET)
    others = await ctx.db.all(queries.OF_BODY, of_body=posted.body)
    stands_in = next((each for each in others if each.id == posted.substitute_for), None)
    wrong = (posted.substitute_for is not None and stands_in is None) or (posted.ends or posted.starts) < posted.starts
    if member is None or not fits or wrong:
        raise SeatInvalid(errors=[Problem(SeatInvalid.message, path="staff")])
    if any(each.staff_id == posted.staff and _overlap(each, posted) for each in others):
        raise AlreadySeated
    found = SeatFound(
        uuid7(), posted.body, posted.staff, member.organization or "", posted.substitute_for, posted.starts, posted.ends
    )
    added = ADD.of(author=ctx.actor.id, written_at=ctx.now, **msgspec.structs.asdict(found))
    details = {"seat": str(found.id), "body": posted.body}
    await audit.record(ctx, "committee.seat_given", subject=("staff", posted.staff), details=details, doing=[added])
    await _match(ctx, found)
    return (await queries.with_names(ctx, [found]))[0]


async def end_seat(ctx: Context, id: UUID, posted: SeatEnded) -> Seat:
    """Ends a seat after a day, and closes later meetings to who had it. Raises `SeatUnknown`, `SeatInvalid`."""
    found = await queries.find_seat(ctx, id)
    if posted.on < found.starts:
        raise SeatInvalid(errors=[Problem(SeatInvalid.message, path="on")])
    await ctx.db.run(END, which=id, last=posted.on)
    details = {"seat": str(id), "body": found.body}
    await audit.record(ctx, "committee.seat_ended", subject=("staff", found.staff_id), details=details)
    ended = await queries.find_seat(ctx, id)
    await _match(ctx, ended)
    return (await queries.with_names(ctx, [ended]))[0]


async def _match(ctx: Context, seat: SeatFound) -> None:
    """Opens or closes meetings to come to whoever has a seat, as the seat says now."""
    for meeting in await meetings.to_come(ctx, body=seat.body):
        members = [each for each in await queries.members_of(ctx, meeting) if each.staff_id == seat.staff_id]
        await close_to(ctx, meeting, seat.staff_id)
        await open_to(ctx, meeting, members)


def _overlap(seat: SeatFound, posted: SeatPosted) -> bool:
    begins_before = seat.starts <= posted.ends if posted.ends else True
    return begins_before and (seat.ends is None or posted.starts <= seat.ends)
