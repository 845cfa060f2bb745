"""Finds files that are offered from one worker to another."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import read_for
from spheres_core.consents.schemas import Purpose
from spheres_core.followups.models import HandOverRow
from spheres_core.followups.schemas import HandOver, HandOverFound, HandOvers
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import ParticipantRow

PURPOSES: Final[tuple[Purpose, ...]] = ("follow_up", "coordination")
"""For one of these somebody has to do with a file that is handed over."""
hand_overs, participants = table(HandOverRow), table(ParticipantRow)
_columns = [hand_overs.c[name] for name in HandOverFound.__struct_fields__]
ONE = prepare(
    select(*_columns).where(scoped(hand_overs), hand_overs.c.id == bindparam("id")),
    into=HandOverFound,
)
"""For operations, which say for whom they read."""
_mine = or_(hand_overs.c.to_staff == bindparam("staff"), hand_overs.c.from_staff == bindparam("staff"),
            hand_overs.c.offered_by == bindparam("staff"))  # fmt: skip
OFFERED = prepare(
    select(*_columns, participants.c.code)
    .join_from(
        hand_overs,
        participants,
        and_(participants.c.tenant_id == hand_overs.c.tenant_id, participants.c.id == hand_overs.c.participant_id),
    )
    .where(scoped(hand_overs), hand_overs.c.state == "offered", _mine)
    .where(permitted(hand_overs.c.participant_id, "participation", hand_overs.c.dated_on))
    .order_by(hand_overs.c.id.desc())
)


async def list_hand_overs(ctx: Context) -> HandOvers:
    """Returns the offers that wait and are the actor's to answer, or hers, newest first."""
    found: dict[UUID, HandOver] = {}
    for purpose in PURPOSES:
        reader = await read_for(ctx, purpose)
        for row in await ctx.db.all(OFFERED, staff=ctx.actor.id, **reader):
            each = HandOverFound(*row[:-1])
            code = ctx.keys.open("participants", each.participant_id, "code", row[-1]).decode()
            found[each.id] = shown(ctx, each, code)
    await audit.record(ctx, "hand_overs.listed", shown=list(found))
    return HandOvers(sorted(found.values(), key=lambda each: each.id, reverse=True))


async def offered_to(ctx: Context, id: UUID) -> HandOverFound | None:
    """Returns a hand-over, locked until the transaction ends, when the actor may know of her; None otherwise."""
    await ctx.db.lock("hand_over", id)
    for purpose in PURPOSES:
        await read_for(ctx, purpose)
        found = await ctx.db.one_or_none(ONE, id=id)
        if found is not None:
            return found
    return None


def shown(ctx: Context, found: HandOverFound, code: str) -> HandOver:
    """Returns what is told of a hand-over."""
    return HandOver(
        id=found.id,
        participant=code,
        part=found.part,
        from_staff=found.from_staff,
        to_staff=found.to_staff,
        state=found.state,
        word=ctx.keys.open("hand_overs", found.id, "word", found.word).decode() if found.word else "",
        her_answer=found.her_answer,
        offered_at=found.offered_at,
    )
