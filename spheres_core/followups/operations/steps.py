"""Writes one step of a participation. Who may take which one is decided by the callers."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Text, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.followups.models import ParticipationMoveRow
from spheres_core.followups.queries.participations import participations
from spheres_core.followups.schemas.participations import ParticipationFound, ReasonCode, StateCode
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.tenancy.context import Context

ADD_MOVE = prepare(insert(table(ParticipationMoveRow)))
MOVE = prepare(
    participations.update()
    .where(scoped(participations), participations.c.id == bindparam("which"))
    .where(participations.c.version == bindparam("seen"))
    .values(
        state=bindparam("to", type_=Text()), version=participations.c.version + 1, changed_at=bindparam("now")
    )
    .returning(participations.c.id)
)  # fmt: skip


class ChangedMeanwhile(Conflict):
    """Somebody else took a step in the meantime."""

    code = "changed_meanwhile"
    message = msg("A colleague has just changed this. Please look at it again.")


async def write_step(
    ctx: Context,
    found: ParticipationFound,
    to: StateCode,
    *,
    reason: ReasonCode | None = None,
    conversation_on: dt.date | None = None,
    note: str = "",
) -> None:
    """Takes a participation to another state, and keeps why. Raises `ChangedMeanwhile` when it was changed since."""
    if not await ctx.db.run(MOVE, which=found.id, seen=found.version, to=to, now=ctx.now):
        raise ChangedMeanwhile
    move = uuid7()
    sealed = ctx.keys.seal("participation_moves", move, "note", note) if note else None
    added = ADD_MOVE.of(
        id=move, participant_id=found.participant_id, participation_id=found.id, from_state=found.state, to_state=to,
        reason=reason, conversation_on=conversation_on, note=sealed, at=ctx.now, dated_on=ctx.today,
        recorded_by=ctx.actor.id,
    )  # fmt: skip
    details = {"participation": str(found.id), "from": found.state, "to": to} | ({"reason": reason} if reason else {})
    await audit.record(
        ctx, "participation.moved", subject=("participant", found.participant_id), details=details, doing=[added]
    )
