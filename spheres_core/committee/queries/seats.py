"""Finds who sits in a body, who takes part in a meeting, and which organizations are of the police."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, or_, select

from spheres_core.audit import operations as audit
from spheres_core.committee.members import attending, holds
from spheres_core.committee.models import CommitteeAbsenceRow, CommitteePresenceRow, CommitteeSeatRow
from spheres_core.committee.schemas.meetings import MeetingFound, Seat, SeatFound
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.partners.queries.partners import organizations_of_kind
from spheres_core.staff.queries.members import names_of

seats, absences, presences = table(CommitteeSeatRow), table(CommitteeAbsenceRow), table(CommitteePresenceRow)


class SeatUnknown(NotFound):
    """There is no such seat."""


_columns = [seats.c[name] for name in SeatFound.__struct_fields__]
_body = bindparam("of_body", type_=Text())
LIST = prepare(
    select(*_columns)
    .where(scoped(seats), or_(_body == "", seats.c.body == _body))
    .where(seats.c.id < bindparam("before", type_=Uuid()))
    .order_by(seats.c.id.desc())
    .limit(bindparam("limit")),
    into=SeatFound,
)
OF_BODY = prepare(select(*_columns).where(scoped(seats), seats.c.body == _body).order_by(seats.c.id), into=SeatFound)
ONE = prepare(select(*_columns).where(scoped(seats), seats.c.id == bindparam("id")), into=SeatFound)
ABSENT = prepare(
    select(absences.c.seat_id, absences.c.substitute_seat).where(
        scoped(absences), absences.c.meeting_id == bindparam("of_meeting")
    )
)
ANNOUNCED = prepare(
    select(absences.c.seat_id, absences.c.author).where(
        scoped(absences), absences.c.meeting_id == bindparam("of_meeting")
    )
)
PRESENT = prepare(
    select(presences.c.staff_id).where(scoped(presences), presences.c.meeting_id == bindparam("of_meeting"))
)


async def list_seats(ctx: Context, *, body: str = "", cursor: str = "") -> Page[Seat]:
    """Returns a page of seats, the last given first, and writes to the trail which were shown."""

    async def ask(before: UUID, limit: int) -> Sequence[Seat]:
        return await with_names(ctx, await ctx.db.all(LIST, of_body=body, before=before, limit=limit))

    page = await page_of(ctx, f"committee seats {body}", cursor, ask)
    await audit.record(ctx, "committee.seats_listed", shown=[each.id for each in page.items])
    return page


async def find_seat(ctx: Context, id: UUID) -> SeatFound:
    """Returns one seat. Raises `SeatUnknown`."""
    found = await ctx.db.one_or_none(ONE, id=id)
    if found is None:
        raise SeatUnknown
    return found


async def with_names(ctx: Context, found: Sequence[SeatFound]) -> list[Seat]:
    """Returns seats with the names of who has them."""
    names = await names_of(ctx, [each.staff_id for each in found])
    return [
        Seat(
            each.id, each.body, each.staff_id, names.get(each.staff_id, ""), each.organization, each.starts, each.ends,
            each.substitute_for,
        )
        for each in found
    ]  # fmt: skip


async def members_of(ctx: Context, meeting: MeetingFound) -> list[SeatFound]:
    """Returns who takes part in a meeting: whoever has a seat on its day, or a substitute."""
    of_body, absent = await ctx.db.batch(OF_BODY.of(of_body=meeting.body), ABSENT.of(of_meeting=meeting.id))
    on = meeting.at.astimezone(ctx.zone).date()
    return attending(of_body, on, dict(absent))


async def own_seat(ctx: Context, meeting: MeetingFound) -> SeatFound | None:
    """Returns the seat that lets the actor take part in a meeting; None where none does."""
    return next((each for each in await members_of(ctx, meeting) if each.staff_id == ctx.actor.id), None)


async def announced_by(ctx: Context, meeting: UUID) -> dict[UUID, UUID | None]:
    """Returns who announced each absence from a meeting, by seat."""
    return dict(await ctx.db.all(ANNOUNCED, of_meeting=meeting))


async def own_announcements(ctx: Context, meeting: UUID) -> list[Seat]:
    """Returns the seats of whose absence from a meeting the actor said so."""
    by = await announced_by(ctx, meeting)
    return await with_names(ctx, [await find_seat(ctx, seat) for seat in by if by[seat] == ctx.actor.id])


async def substitutes_of(ctx: Context, meeting: MeetingFound, seat: UUID) -> list[Seat]:
    """Returns the substitutes of a seat whose own seats hold on the day of a meeting."""
    on = meeting.at.astimezone(ctx.zone).date()
    found = await ctx.db.all(OF_BODY, of_body=meeting.body)
    return await with_names(ctx, [each for each in found if each.substitute_for == seat and holds(each, on)])


async def present_in(ctx: Context, meeting: UUID) -> set[UUID]:
    """Returns who was noted as being there."""
    return {row[0] for row in await ctx.db.all(PRESENT, of_meeting=meeting)}


async def police_of(ctx: Context) -> set[str]:
    """Returns the keys of the directory's police services."""
    return await organizations_of_kind(ctx, "police")
