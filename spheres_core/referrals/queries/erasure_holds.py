"""Knows whether erasing what is kept about somebody is held."""

from uuid import UUID

from sqlalchemy import bindparam, select

from spheres_core.facts import msg
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.models import ErasureHold

holds = table(ErasureHold)
LIVE = prepare(
    select(holds.c.id)
    .where(scoped(holds), holds.c.referral_id == bindparam("referral"), holds.c.lifted_at.is_(None))
    .limit(1)
)


class ErasureHeld(Conflict):
    """Somebody said that this is not erased now."""

    code = "erasure_held"
    message = msg("Its erasing is held. Whoever watches over private information lifts that first.")


async def require_not_held(ctx: Context, referral: UUID) -> None:
    """Lets an erasure go on that nobody holds. Raises `ErasureHeld`."""
    if await ctx.db.all(LIVE, referral=referral):
        raise ErasureHeld
