"""Notes referrals from far away, and counts them. It knows no HTTP."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.plugin import Context, ReferralFacts, prepare, scoped

from .models import far_referrals as table

NOTE = prepare(insert(table).on_conflict_do_nothing())
COUNT = prepare(select(table.c.community, func.count()).where(scoped(table)).group_by(table.c.community))


async def note(ctx: Context, referral: ReferralFacts) -> None:
    """Notes a referral once, however often it is called."""
    await ctx.db.run(NOTE, referral_id=referral.id, community=referral.community)


async def count_by_community(ctx: Context) -> dict[str, int]:
    return {row[0]: row[1] for row in await ctx.db.all(COUNT)}
