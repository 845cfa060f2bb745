"""Finds files that are offered from one worker to another."""

from __future__ import annotations

from collections.abc import Set
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Uuid, and_, any_, bindparam, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.reach import purposes_held
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import as_system, read_for
from spheres_core.consents.schemas import Purpose
from spheres_core.followups.models import HandOverRow
from spheres_core.followups.queries import assignments
from spheres_core.followups.queries.carried import carried_with, still_shared
from spheres_core.followups.queries.participations import participations
from spheres_core.followups.schemas.assignments import Part
from spheres_core.followups.schemas.hand_overs import (
    Carried,
    FileToHandOver,
    HandOver,
    HandOverFound,
    HandOverPreview,
    HandOvers,
)
from spheres_core.followups.states import OPEN
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import ParticipantRow

PURPOSES: Final[tuple[Purpose, ...]] = ("follow_up", "coordination")
"""For one of these somebody has to do with a file that is handed over."""
hand_overs, participants = table(HandOverRow), table(ParticipantRow)
_ids = bindparam("participants", type_=ARRAY(Uuid()))
_columns = [hand_overs.c[name] for name in HandOverFound.__struct_fields__]
ONE = prepare(
    select(*_columns).where(scoped(hand_overs), hand_overs.c.id == bindparam("id")),
    into=HandOverFound,
)
"""For operations, which say for whom they read."""
OFFERED_OF = prepare(
    select(*_columns).where(
        scoped(hand_overs), hand_overs.c.participant_id == bindparam("participant"), hand_overs.c.state == "offered"
    ),
    into=HandOverFound,
)
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
STATES = prepare(
    select(participations.c.participant_id, participations.c.state)
    .where(scoped(participations), participations.c.participant_id == any_(_ids))
    .where(participations.c.state.in_([literal_column(f"'{state}'") for state in sorted(OPEN)]))
    .where(permitted(participations.c.participant_id, "participation", participations.c.dated_on))
)
OFFERED_TO = prepare(
    select(hand_overs.c.participant_id, hand_overs.c.to_staff)
    .where(scoped(hand_overs), hand_overs.c.participant_id == any_(_ids), hand_overs.c.state == "offered")
    .where(hand_overs.c.part == bindparam("part"))
    .where(permitted(hand_overs.c.participant_id, "participation", hand_overs.c.dated_on))
)


async def list_hand_overs(ctx: Context) -> HandOvers:
    """Returns the offers that wait and are the actor's to answer, or hers, newest first."""
    found: dict[UUID, tuple[HandOverFound, str]] = {}
    for purpose in await purposes_held(ctx, PURPOSES):
        reader = await read_for(ctx, purpose)
        for row in await ctx.db.all(OFFERED, staff=ctx.actor.id, **reader):
            each = HandOverFound(*row[:-1])
            code = ctx.keys.open("participants", each.participant_id, "code", row[-1]).decode()
            found[each.id] = (each, code)
    shared: dict[UUID, frozenset[str]] = {}
    if carrying := {each.participant_id for each, _ in found.values() if each.carried}:
        async with as_system(ctx):
            shared = await still_shared(ctx, sorted(carrying))
    await audit.record(ctx, "hand_overs.listed", shown=list(found))
    offers = [shown(ctx, each, code, shared.get(each.participant_id, frozenset())) for each, code in found.values()]
    return HandOvers(sorted(offers, key=lambda each: each.id, reverse=True))


async def preview(ctx: Context, part: Part) -> HandOverPreview:
    """Returns the actor's files in one part with what would go along, and writes to the trail whose were shown."""
    reader = await read_for(ctx, "follow_up")
    mine = await assignments.files_of(ctx, ctx.actor.id, part)
    ids = [id for id, _ in mine]
    states = dict(await ctx.db.all(STATES, participants=ids, **reader))
    carried = await carried_with(ctx, reader, ids)
    offered = dict(await ctx.db.all(OFFERED_TO, participants=ids, part=part, **reader))
    await audit.record(ctx, "hand_overs.previewed", shown=ids)
    files = [FileToHandOver(code, states[id], carried[id], offered.get(id)) for id, code in mine]
    return HandOverPreview(part, files)


async def offered_to(ctx: Context, id: UUID) -> HandOverFound | None:
    """Returns a hand-over, locked until the transaction ends, when the actor may know of her; None otherwise."""
    await ctx.db.lock("hand_over", id)
    for purpose in PURPOSES:
        await read_for(ctx, purpose)
        found = await ctx.db.one_or_none(ONE, id=id)
        if found is not None:
            return found
    return None


def shown(ctx: Context, found: HandOverFound, code: str, shared: Set[str]) -> HandOver:
    """Returns what is told of a hand-over. `shared`: classes of information that she lets the team read now."""
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
        carried=_carried(ctx, found, shared),
    )


def _carried(ctx: Context, found: HandOverFound, shared: Set[str]) -> Carried:
    if found.carried is None:
        return Carried()
    kept = msgspec.json.decode(ctx.keys.open("hand_overs", found.id, "carried", found.carried), type=Carried)
    return Carried(
        kept.promised if "encounters" in shared else [],
        kept.dates if "needs_and_plan" in shared else [],
        kept.drafts,
        [each for each in kept.accompaniments if each.information in shared],
    )
