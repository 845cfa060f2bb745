"""Notes what follows from a referral that was received."""

from sqlalchemy.dialects.postgresql import insert

from spheres_core.plugin import Context, ReferralFacts, prepare

from .models import travel_questions as table
from .settings import Settings

NOTE = prepare(insert(table).on_conflict_do_nothing())


async def note_travel_question(ctx: Context, referral: ReferralFacts) -> None:
    """Notes that travel must be thought of, where it must; once, however often it is called."""
    settings = ctx.settings("regional_intake", Settings)
    if referral.community in settings.travel_communities:
        await ctx.db.run(NOTE, referral_id=referral.id, community=referral.community, received_on=referral.received_on)
