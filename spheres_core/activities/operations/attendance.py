"""Notes who came to an outing, all at once, without a reason for whoever did not."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Text, bindparam

from spheres_core.activities.queries import outings as queries
from spheres_core.activities.queries.outings import SEATS_OF, SeatFound, invitations, outings
from spheres_core.activities.schemas.invitations import AttendancePosted
from spheres_core.activities.schemas.outings import Attendance, Outing
from spheres_core.audit import operations as audit
from spheres_core.consents.queries.reader import read_for
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import purposes_for

NOTE = prepare(
    invitations.update()
    .where(scoped(invitations), invitations.c.id == bindparam("which"))
    .values(
        attendance=bindparam("came", type_=Text()), version=invitations.c.version + 1, author=bindparam("who"),
        written_at=bindparam("now"),
    )
    .returning(invitations.c.id)
)  # fmt: skip
HELD = prepare(
    outings.update()
    .where(scoped(outings), outings.c.id == bindparam("which"), outings.c.state == bindparam("planned", type_=Text()))
    .values(
        state=bindparam("held", type_=Text()), version=outings.c.version + 1, author=bindparam("who"),
        written_at=bindparam("now"),
    )
    .returning(outings.c.id)
)  # fmt: skip
STATES: Final[tuple[Attendance, ...]] = ("came", "not_this_time")


class NotAmongThem(Invalid):
    """Somebody of whom the caller cannot note whether she came."""

    code = "not_among_them"
    message = msg("Somebody is named who was not asked to this outing, or whom you may not know of.")


class NotBegunYet(Conflict):
    """Who came is noted when it has begun."""

    code = "outing_not_begun"
    message = msg("Who came is noted when the outing has begun.")


async def note_attendance(ctx: Context, id: UUID, posted: AttendancePosted) -> Outing:
    """Notes who came and who did not this time; an outing that was planned is held from then on.

    Raises `OutingUnknown`, `NotBegunYet`, `NotAmongThem`.
    """
    outing = await queries.find_outing(ctx, id)
    if outing.at > ctx.now or outing.state == "called_off":
        raise NotBegunYet
    wanted = _wanted(posted)
    noted: set[str] = set()
    for purpose in await purposes_for(ctx, None):
        reader = await read_for(ctx, purpose)
        for each in await ctx.db.all(SEATS_OF, outing=id, **reader):
            code = ctx.keys.open("participants", each.participant_id, "code", each.code).decode()
            if code in wanted and code not in noted:
                noted.add(code)
                await _note(ctx, each, wanted[code])
    if noted != set(wanted):
        raise NotAmongThem
    if outing.state == "planned":
        await ctx.db.run(HELD, which=id, planned="planned", held="held", who=ctx.actor.id, now=ctx.now)
        details = {"outing": str(id), "state": "held", "version": outing.version + 1}
        await audit.record(ctx, "outing.changed", subject=("outing", id), details=details)
    return await queries.read_outing(ctx, id)


def _wanted(posted: AttendancePosted) -> dict[str, Attendance]:
    wanted: dict[str, Attendance] = {}
    for state in STATES:
        for code in getattr(posted, state):
            if code in wanted:
                raise NotAmongThem(errors=[Problem(msg("Each stands here once."), path=state)])
            wanted[code] = state
    return wanted


async def _note(ctx: Context, seat: SeatFound, came: Attendance) -> None:
    """Notes of one whether she came; as it was, nothing is written. Raises `NotAmongThem` where it may not be."""
    if seat.attendance == came:
        return
    if not await ctx.db.run(NOTE, which=seat.id, came=came, who=ctx.actor.id, now=ctx.now):
        raise NotAmongThem
    details = {"invitation": str(seat.id), "attendance": came}
    await audit.record(ctx, "attendance.noted", subject=("participant", seat.participant_id), details=details)
