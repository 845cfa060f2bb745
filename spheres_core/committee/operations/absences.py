"""Notes who does not come to a meeting, and takes it back. Its items close and open at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.committee.operations.item_access import close_to, open_to
from spheres_core.committee.operations.seats import SeatInvalid
from spheres_core.committee.permissions import PREPARE
from spheres_core.committee.queries import meetings, seats
from spheres_core.committee.queries.seats import absences
from spheres_core.committee.schemas.meetings import AbsencePosted, AbsenceTakenBack, Meeting, MeetingFound, SeatFound
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, NotAllowed
from spheres_core.foundation.tenancy.context import Context

ADD = prepare(insert(absences).on_conflict_do_nothing())
TAKE_BACK = prepare(
    absences.delete()
    .where(scoped(absences), absences.c.meeting_id == bindparam("of_meeting"), absences.c.seat_id == bindparam("seat"))
    .returning(absences.c.id)
)


class MeetingBegun(Conflict):
    """Who comes to a meeting is settled once it begins."""

    code = "meeting_begun"
    message = msg("This meeting has begun: whoever comes in this place stays.")


async def note_absence(ctx: Context, meeting: UUID, posted: AbsencePosted) -> Meeting:
    """Notes that whoever has a seat does not come to a meeting: its items close to her and open to the substitute, as
    far as that one's organization may discuss them.

    She says so herself, or whoever prepares meetings does.
    Raises `MeetingUnknown`, `MeetingOver`, `SeatUnknown`, `SeatInvalid`, `NotAllowed`.
    """
    found, seat = await _seat_in(ctx, meeting, posted.seat)
    if posted.substitute is not None:
        named = [each.id for each in await seats.substitutes_of(ctx, found, seat.id)]
        if posted.substitute not in named:
            raise SeatInvalid(errors=[Problem(SeatInvalid.message, path="substitute")])
    before = {each.staff_id for each in await seats.members_of(ctx, found)}
    added = ADD.of(
        id=uuid7(), meeting_id=meeting, seat_id=seat.id, substitute_seat=posted.substitute, author=ctx.actor.id,
        written_at=ctx.now,
    )  # fmt: skip
    details = {"seat": str(seat.id)}
    await audit.record(ctx, "meeting.absence_noted", subject=("meeting", meeting), details=details, doing=[added])
    now_there = await seats.members_of(ctx, found)
    await close_to(ctx, found, seat.staff_id)
    await open_to(ctx, found, [each for each in now_there if each.staff_id not in before])
    return meetings.shown(ctx, found)


async def take_back(ctx: Context, meeting: UUID, posted: AbsenceTakenBack) -> Meeting:
    """Lets whoever announced an absence take it back until the meeting begins: its items close to the substitute, who
    is told without words, and open to whoever has the seat. Does nothing where there is no absence any more.

    Raises `MeetingUnknown`, `MeetingOver`, `MeetingBegun`, `SeatUnknown`, `NotAllowed`.
    """
    found, seat = await _seat_in(ctx, meeting, posted.seat)
    if ctx.now >= found.at:
        raise MeetingBegun
    await ctx.db.lock("meeting", meeting)
    announced_by = await seats.announced_by(ctx, meeting)
    if seat.id not in announced_by:
        return meetings.shown(ctx, found)
    if announced_by[seat.id] != ctx.actor.id:
        raise NotAllowed
    before = await seats.members_of(ctx, found)
    await ctx.db.run(TAKE_BACK, of_meeting=meeting, seat=seat.id)
    now_there = await seats.members_of(ctx, found)
    gone, back = _not_in(before, now_there), _not_in(now_there, before)
    details = {"seat": str(seat.id), "closed_to": [str(each.staff_id) for each in gone]}
    await audit.record(ctx, "meeting.absence_taken_back", subject=("meeting", meeting), details=details)
    for each in gone:
        await close_to(ctx, found, each.staff_id)
    await open_to(ctx, found, back)
    return meetings.shown(ctx, found)


async def _seat_in(ctx: Context, meeting: UUID, seat: UUID) -> tuple[MeetingFound, SeatFound]:
    """Returns a planned meeting and a seat in it: the actor's own, or any for whoever prepares meetings."""
    found, held = await meetings.planned(ctx, meeting), await seats.find_seat(ctx, seat)
    if held.staff_id != ctx.actor.id and not ctx.may(PREPARE):
        raise NotAllowed
    if held.body != found.body:
        raise seats.SeatUnknown
    return found, held


def _not_in(seats: list[SeatFound], others: list[SeatFound]) -> list[SeatFound]:
    there = {each.staff_id for each in others}
    return [each for each in seats if each.staff_id not in there]
