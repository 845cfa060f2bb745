"""Finds outings. Who comes along is shown to each reader only as far as she may know of it; nobody is told a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, DateTime, Integer, Uuid, and_, any_, bindparam, exists, func, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.activities.models import ClosedOutingRow, KeptApartRow, OutingInvitationRow, OutingRow
from spheres_core.activities.permissions import BUDGET
from spheres_core.activities.queries.catalogue import activities
from spheres_core.activities.schemas.outings import (
    Answer,
    Attendance,
    Outing,
    OutingFound,
    OutingListed,
    OutingPlace,
    OutingSeat,
)
from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import as_system, read_for
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import constant, prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import EARLIEST, LATEST, Page, page_of
from spheres_core.participants.models import ParticipantRow
from spheres_core.participants.queries.access import purposes_for

CLASS: Final = "activities"
outings, invitations = table(OutingRow), table(OutingInvitationRow)
kept_apart, closed = table(KeptApartRow), table(ClosedOutingRow)
participants = table(ParticipantRow)
When = Literal["coming", "past"]
STILL_TODAY: Final = dt.timedelta(hours=12)
"""How long an outing stays among those to come after it began."""


class OutingUnknown(NotFound):
    """There is no such outing."""


class SeatFound(Struct, frozen=True):
    """Somebody who was asked to an outing, as far as the reader may know of her."""

    id: UUID
    participant_id: UUID
    code: bytes
    answer: Answer
    attendance: Attendance | None
    dated_on: dt.date


_columns = [outings.c[name] for name in OutingFound.__struct_fields__]
_all = select(*_columns).where(scoped(outings))
ONE = prepare(_all.where(outings.c.id == bindparam("id", type_=Uuid())), into=OutingFound)
_start = (
    select(outings.c.at).where(scoped(outings), outings.c.id == bindparam("before", type_=Uuid())).scalar_subquery()
)
_limit = bindparam("limit", type_=Integer())
_place = tuple_(outings.c.at, outings.c.id)
_FIRST, _LAST = (constant(each, DateTime(timezone=True)) for each in (
    dt.datetime(1, 1, 1, tzinfo=dt.UTC), dt.datetime(9999, 1, 1, tzinfo=dt.UTC)))  # fmt: skip
COMING = prepare(
    _all.where(outings.c.at > bindparam("now"))
    .where(_place > tuple_(func.coalesce(_start, _FIRST), bindparam("before", type_=Uuid())))
    .order_by(outings.c.at, outings.c.id)
    .limit(_limit),
    into=OutingFound,
)
PAST = prepare(
    _all.where(outings.c.at <= bindparam("now"))
    .where(_place < tuple_(func.coalesce(_start, _LAST), bindparam("before", type_=Uuid())))
    .order_by(outings.c.at.desc(), outings.c.id.desc())
    .limit(_limit),
    into=OutingFound,
)
TO_COME: Final = prepare(
    _all.where(outings.c.at > bindparam("now"), outings.c.state == bindparam("state"))
    .order_by(outings.c.at, outings.c.id)
    .limit(_limit),
    into=OutingFound,
)
SEATS_OF = prepare(
    select(
        invitations.c.id, invitations.c.participant_id, participants.c.code, invitations.c.answer,
        invitations.c.attendance, invitations.c.dated_on,
    )
    .join_from(
        invitations,
        participants,
        and_(
            participants.c.tenant_id == invitations.c.tenant_id, participants.c.id == invitations.c.participant_id
        ),
    )
    .where(scoped(invitations), invitations.c.outing_id == bindparam("outing"))
    .where(permitted(invitations.c.participant_id, CLASS, invitations.c.dated_on))
    .where(permitted(participants.c.id, "participation", participants.c.dated_on))
    .order_by(invitations.c.id),
    into=SeatFound,
)  # fmt: skip


def holds_seat(rows: Any) -> ColumnElement[bool]:
    """Returns whether an invitation holds a seat: until she says no."""
    said: ColumnElement[str] = rows.c.answer
    return said != constant("no", said.type)


TAKEN = prepare(
    select(func.count()).where(
        scoped(invitations), invitations.c.outing_id == bindparam("outing"), holds_seat(invitations)
    )
)
OTHERS = prepare(
    select(
        exists().where(
            scoped(invitations), invitations.c.outing_id == bindparam("outing"), holds_seat(invitations),
            ~(invitations.c.id == any_(bindparam("known", type_=ARRAY(Uuid())))),
        )
    )
)  # fmt: skip
IS_CLOSED = prepare(
    select(closed.c.id).where(
        scoped(closed), closed.c.outing_id == bindparam("outing"), closed.c.staff == bindparam("staff")
    )
)


def content_of(ctx: Context, found: Any, id: UUID) -> OutingPlace:
    """Returns an outing's words. `found`: a row with its `content`."""
    return msgspec.json.decode(ctx.keys.open("outings", id, "content", found.content), type=OutingPlace)


def listed(ctx: Context, found: OutingFound) -> OutingListed:
    """Returns an outing as it stands in a list."""
    place = content_of(ctx, found, found.id).place
    return OutingListed(found.id, found.activity, found.at, place, found.seats, found.state, found.group_id)


async def list_outings(ctx: Context, *, when: When = "coming", cursor: str = "") -> Page[OutingListed]:
    """Returns a page of outings: those to come, the next first, or those that were, the last first."""
    statement, first = (COMING, EARLIEST) if when == "coming" else (PAST, LATEST)

    async def ask(before: UUID, limit: int) -> Sequence[OutingListed]:
        rows = await ctx.db.all(statement, before=before, limit=limit, now=ctx.now - STILL_TODAY)
        return [listed(ctx, each) for each in rows]

    page = await page_of(ctx, f"outings {when}", cursor, ask, first=first)
    await audit.record(ctx, "outings.listed", shown=[each.id for each in page.items])
    return page


async def outings_to_come(ctx: Context, *, most: int) -> list[OutingListed]:
    """Returns outings to which somebody can be asked, the next first."""
    found = await ctx.db.all(TO_COME, now=ctx.now, state="planned", limit=most)
    return [listed(ctx, each) for each in found]


async def find_outing(ctx: Context, id: UUID) -> OutingFound:
    """Returns an outing's row. Raises `OutingUnknown`."""
    found = await ctx.db.one_or_none(ONE, id=id)
    if found is None:
        raise OutingUnknown
    return found


async def read_outing(ctx: Context, id: UUID) -> Outing:
    """Returns an outing with those of whom the caller may know, and writes to the trail who was shown.

    Raises `OutingUnknown`.
    """
    found = await find_outing(ctx, id)
    known = await seats_known(ctx, id)
    await audit.record(ctx, "outing.read", subject=("outing", id), shown=sorted({e.participant_id for e in known}))
    return await outing_shown(ctx, found, known)


async def outing_shown(ctx: Context, found: OutingFound, known: Sequence[SeatFound]) -> Outing:
    """Returns what is told of an outing to the caller, who may know of these."""
    content, listed_activity = content_of(ctx, found, found.id), activities(ctx).get(found.activity)
    holding = [each for each in known if each.answer != "no"]
    sees_money = ctx.may(BUDGET)
    return Outing(
        id=found.id, version=found.version, activity=found.activity,
        category=listed_activity.category if listed_activity else "", purposes=found.purposes,
        organization=found.organization, group=found.group_id, at=found.at, place=content.place,
        transport=content.transport, accessibility=content.accessibility, seats=found.seats, state=found.state,
        cost_cents=found.cost_cents, open=await is_open(ctx, found),
        people=[
            OutingSeat(
                ctx.keys.open("participants", each.participant_id, "code", each.code).decode(), each.id, each.answer,
                each.attendance,
            )
            for each in known
        ],
        others=await _others(ctx, found.id, [each.id for each in holding]),
        planned_cents=found.planned_cents if sees_money else None,
        spent_cents=found.spent_cents if sees_money else None,
    )  # fmt: skip


async def seats_known(ctx: Context, outing: UUID) -> list[SeatFound]:
    """Returns who was asked to an outing, of those of whom the caller may know for any of her purposes."""
    found: dict[UUID, SeatFound] = {}
    for purpose in await purposes_for(ctx, None):
        reader = await read_for(ctx, purpose)
        found |= {each.id: each for each in await ctx.db.all(SEATS_OF, outing=outing, **reader)}
    return [found[id] for id in sorted(found)]


async def is_open(ctx: Context, found: OutingFound) -> bool:
    """Returns whether the caller can still offer a seat. Who was told that none is left is told the same again."""
    if found.state != "planned" or found.at <= ctx.now:
        return False
    return not await is_closed_to_caller(ctx, found.id) and await taken(ctx, found.id) < found.seats


async def is_closed_to_caller(ctx: Context, outing: UUID) -> bool:
    """Returns whether the caller was told that no seat is left, and none became free since."""
    return await ctx.db.scalar(IS_CLOSED, outing=outing, staff=ctx.actor.id) is not None


async def taken(ctx: Context, outing: UUID) -> int:
    """Returns how many seats are taken, by whomever: a number that is told to nobody."""
    async with as_system(ctx):
        return int(await ctx.db.scalar(TAKEN, outing=outing))


async def _others(ctx: Context, outing: UUID, known: Collection[UUID]) -> bool:
    async with as_system(ctx):
        return bool(await ctx.db.scalar(OTHERS, outing=outing, known=list(known)))
