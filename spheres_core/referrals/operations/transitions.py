"""Writes one transition of a referral. Who may make which one is decided by the callers: triage, and the receipt."""

from uuid import UUID

from sqlalchemy import DateTime, Text, bindparam, false, func
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.models import Referral, ReferralMove
from spheres_core.referrals.states import CONTACT, SETTLED

referrals = table(Referral)
moves = table(ReferralMove)

ADD_MOVE = prepare(insert(moves))
MOVE = prepare(
    referrals.update()
    .where(scoped(referrals), referrals.c.id == bindparam("which"), referrals.c.state == bindparam("from_state"))
    .values(
        state=bindparam("to_state", type_=Text()),
        first_contact_at=func.coalesce(referrals.c.first_contact_at, bindparam("contacted", type_=DateTime(True))),
        answer_arrived=false(),
        ended_at=func.coalesce(referrals.c.ended_at, bindparam("ended", type_=DateTime(True))),
    )
    .returning(referrals.c.id)
)


class ChangedMeanwhile(Conflict):
    """Somebody else moved it in the meantime."""

    code = "moved_meanwhile"
    message = msg("A colleague has just changed this referral. Please look at it again.")


async def write_transition(
    ctx: Context, id: UUID, from_state: str, to_state: str, *, reason: str = "", duplicate_of: UUID | None = None
) -> None:
    """Takes a referral to another state and stores why. Raises `ChangedMeanwhile` when it is not in `from_state`."""
    changed = await ctx.db.run(
        MOVE,
        which=id,
        from_state=from_state,
        to_state=to_state,
        contacted=ctx.now if to_state == CONTACT else None,
        ended=ctx.now if to_state in SETTLED else None,
    )
    if changed == 0:
        raise ChangedMeanwhile
    move = uuid7()
    await ctx.db.run(
        ADD_MOVE,
        id=move,
        referral_id=id,
        from_state=from_state,
        to_state=to_state,
        at=ctx.now,
        actor_kind=ctx.actor.kind,
        actor_id=ctx.actor.id,
        reason=ctx.keys.seal("referral_moves", move, "reason", reason) if reason else None,
        duplicate_of=duplicate_of,
    )
    await audit.record(
        ctx, "referral.moved", subject=("referral", id), details={"from": from_state, "to": to_state, "move": str(move)}
    )
