"""Finds who must not meet whom: for a reader who may know of both, and for a booking, which says nothing of it."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from sqlalchemy import and_, any_, bindparam, exists, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from spheres_core.activities.queries.outings import CLASS, holds_seat, invitations, kept_apart, outings, participants
from spheres_core.activities.schemas.invitations import KeptApart, KeptApartList
from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.schemas import TEAM, Act
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import ParticipantUnknown, require_class
from spheres_core.participants.schemas.files import ParticipantAccess

TAKES_PART: Final = "participation"
hers, theirs = kept_apart.alias("hers"), kept_apart.alias("theirs")
seats, other_seats = invitations.alias("seats"), invitations.alias("other_seats")
_pair = and_(
    theirs.c.tenant_id == hers.c.tenant_id,
    theirs.c.pair == hers.c.pair,
    theirs.c.participant_id != hers.c.participant_id,
)
_live = hers.c.ends > bindparam("now")
CANNOT_JOIN = prepare(
    select(
        exists().where(
            scoped(hers), scoped(theirs), scoped(invitations), _pair, _live,
            hers.c.participant_id == bindparam("her", type_=Uuid()),
            invitations.c.participant_id == theirs.c.participant_id,
            invitations.c.outing_id == bindparam("outing", type_=Uuid()), holds_seat(invitations),
        )
    )
)  # fmt: skip
"""For the system: whether somebody whom she must not meet holds a seat on an outing."""
PAIRS = prepare(
    select(hers.c.id, hers.c.pair, theirs.c.participant_id, participants.c.code, hers.c.starts)
    .join_from(hers, theirs, _pair)
    .join(
        participants,
        and_(participants.c.tenant_id == theirs.c.tenant_id, participants.c.id == theirs.c.participant_id),
    )
    .where(scoped(hers), scoped(theirs), _live, hers.c.participant_id == bindparam("her", type_=Uuid()))
    .where(permitted(hers.c.participant_id, TAKES_PART, hers.c.dated_on))
    .where(permitted(theirs.c.participant_id, TAKES_PART, theirs.c.dated_on))
    .order_by(hers.c.id)
)
SHARED = prepare(
    select(other_seats.c.participant_id, outings.c.id)
    .join_from(
        seats, other_seats,
        and_(other_seats.c.tenant_id == seats.c.tenant_id, other_seats.c.outing_id == seats.c.outing_id),
    )
    .join(outings, and_(outings.c.tenant_id == seats.c.tenant_id, outings.c.id == seats.c.outing_id))
    .where(scoped(seats), scoped(other_seats), holds_seat(seats), holds_seat(other_seats))
    .where(seats.c.participant_id == bindparam("her", type_=Uuid()))
    .where(other_seats.c.participant_id == any_(bindparam("others", type_=ARRAY(Uuid()))))
    .where(permitted(seats.c.participant_id, CLASS, seats.c.dated_on))
    .where(permitted(other_seats.c.participant_id, CLASS, other_seats.c.dated_on))
    .where(outings.c.at > bindparam("now"), outings.c.state == bindparam("state"))
    .order_by(outings.c.at)
)  # fmt: skip


class PairUnknown(NotFound):
    """There is no such pair, or the caller may not know of both."""


def require_team(ctx: Context, file: ParticipantAccess, *, act: Act = "read") -> None:
    """Lets the program's own team go on, and nobody of a partner. Raises `ParticipantUnknown`."""
    require_class(ctx, file, TAKES_PART, act=act)
    if file.decided.recipient != TEAM:
        raise ParticipantUnknown


async def cannot_join(ctx: Context, participant: UUID, outing: UUID) -> bool:
    """Returns whether somebody whom she must not meet holds a seat on an outing. Never told to anybody."""
    async with as_system(ctx):
        return bool(await ctx.db.scalar(CANNOT_JOIN, her=participant, outing=outing, now=ctx.now))


async def list_kept_apart(ctx: Context, file: ParticipantAccess) -> KeptApartList:
    """Returns whom she must not meet, of those of whom the reader may know, and writes to the trail who was shown."""
    require_team(ctx, file)
    rows = await ctx.db.all(PAIRS, her=file.id, now=ctx.now, **file.reader)
    others = [other for _, _, other, _, _ in rows]
    shared = await ctx.db.all(
        SHARED, her=file.id, others=others, now=ctx.now, state="planned", **file.reader
    ) if rows else []  # fmt: skip
    await audit.record(ctx, "kept_apart.read", subject=("participant", file.id), shown=others)
    return KeptApartList(
        [
            KeptApart(
                id, ctx.keys.open("participants", other, "code", code).decode(), _day(ctx, starts),
                [outing for hers_too, outing in shared if hers_too == other],
            )
            for id, _, other, code, starts in rows
        ]
    )  # fmt: skip


async def find_pair(ctx: Context, file: ParticipantAccess, id: UUID) -> UUID:
    """Returns what the two sides of a pair share. Raises `PairUnknown`."""
    for found, pair, *_ in await ctx.db.all(PAIRS, her=file.id, now=ctx.now, **file.reader):
        if found == id:
            return UUID(str(pair))
    raise PairUnknown


def _day(ctx: Context, moment: dt.datetime) -> dt.date:
    return moment.astimezone(ctx.zone).date()
