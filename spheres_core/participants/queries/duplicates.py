"""Finds who could be the same person. Compared is everybody; told is only of those whom the caller may both know of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import as_system, read_for
from spheres_core.consents.schemas import Purpose
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import ContactMarkRow, DuplicateDecisionRow
from spheres_core.participants.queries import identity, participants
from spheres_core.participants.queries.alike_marks import pairs_alike
from spheres_core.participants.schemas.duplicates import (
    Alike,
    AlikePair,
    DuplicateDecision,
    DuplicateList,
    DuplicateProposal,
    StoredDecision,
)
from spheres_core.participants.schemas.files import ParticipantAccess

MOST: Final = 500
"""Pairs that are compared with what the caller may know."""
PURPOSE: Final[Purpose] = "coordination"

decisions = table(DuplicateDecisionRow)
ALIKE_BY_CONTACT: Final = prepare(pairs_alike(table(ContactMarkRow), MOST))
_open = (
    select(*(decisions.c[name] for name in StoredDecision.__struct_fields__))
    .where(scoped(decisions), decisions.c.undone_at.is_(None))
    .order_by(decisions.c.id.desc())
)
OPEN: Final = prepare(
    _open.where(permitted(decisions.c.participant_id, "participation", decisions.c.dated_on)), into=StoredDecision
)
OF_ONE: Final = prepare(
    _open.where(
        permitted(decisions.c.participant_id, "participation", decisions.c.dated_on),
        decisions.c.same,
        or_(
            decisions.c.participant_id == bindparam("participant", type_=Uuid()),
            decisions.c.other_id == bindparam("participant", type_=Uuid()),
        ),
    ),
    into=StoredDecision,
)
PAIRS_DECIDED: Final = prepare(
    select(decisions.c.participant_id, decisions.c.other_id).where(
        scoped(decisions),
        decisions.c.undone_at.is_(None),
        decisions.c.participant_id == any_(bindparam("ids", type_=ARRAY(Uuid()))),
    )
)


async def list_duplicates(ctx: Context) -> DuplicateList:
    """Returns who could be the same person, and what was decided, of those whom the caller coordinates both.

    Whose codes were shown goes into the trail.
    """
    reader = await read_for(ctx, PURPOSE)
    async with as_system(ctx):
        pairs = await _alike(ctx)
        decided = {frozenset(row) for row in await ctx.db.all(PAIRS_DECIDED, ids=[*_ids_of(pairs)])}
    kept = await ctx.db.all(OPEN, **reader)
    codes = await participants.codes_of(
        ctx, reader, {*_ids_of(pairs), *(id for each in kept for id in (each.participant_id, each.other_id))}
    )
    proposals = [
        DuplicateProposal(codes[each.first], codes[each.second], list(each.alike))
        for each in pairs
        if {each.first, each.second} <= codes.keys() and frozenset((each.first, each.second)) not in decided
    ]
    told = [shown(ctx, each, codes) for each in kept if {each.participant_id, each.other_id} <= codes.keys()]
    said = {code for pair in proposals for code in (pair.participant, pair.other)}
    said |= {code for decision in told for code in (decision.participant, decision.other)}
    await audit.record(ctx, "duplicates.listed", shown=[id for id, code in codes.items() if code in said])
    return DuplicateList(proposals, told)


async def same_as(ctx: Context, access: ParticipantAccess) -> list[tuple[str, bool]]:
    """Returns the codes under which she has files besides this one, as far as the reader may know of them; and for
    each whether her file goes on there."""
    kept = await ctx.db.all(OF_ONE, participant=access.id, **access.reader)
    others = {each.other_id if each.participant_id == access.id else each.participant_id: each for each in kept}
    codes = await participants.codes_of(ctx, access.reader, others)
    return [(codes[id], each.participant_id == id) for id, each in others.items() if id in codes]


def shown(ctx: Context, row: StoredDecision, codes: Mapping[UUID, str]) -> DuplicateDecision:
    """Returns a decision as it is told, with the codes of both."""
    return DuplicateDecision(
        row.id,
        codes[row.participant_id],
        codes[row.other_id],
        row.same,
        ctx.keys.open("duplicate_decisions", row.id, "reason", row.reason).decode(),
        row.decided_at,
        row.decided_by,
    )


async def _alike(ctx: Context) -> list[AlikePair]:
    """Returns all who are alike somewhere. The transaction must be the system's."""
    rows: list[Any] = [*await identity.alike_by_name(ctx, most=MOST), *await ctx.db.all(ALIKE_BY_CONTACT)]
    found: dict[tuple[UUID, UUID], list[Alike]] = {}
    for first, second, kind in rows:
        found.setdefault((first, second), []).append(kind)
    return [AlikePair(*pair, tuple(kinds)) for pair, kinds in sorted(found.items(), reverse=True)]


def _ids_of(pairs: Iterable[AlikePair]) -> Collection[UUID]:
    return {id for each in pairs for id in (each.first, each.second)}
