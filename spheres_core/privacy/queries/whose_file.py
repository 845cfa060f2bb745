"""Finds whose file a code names, for who watches over private information."""

from spheres_core.consents.queries.why import Decisive
from spheres_core.consents.rule import excludes
from spheres_core.consents.schemas import NO_PERSON, Question
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import ParticipantUnknown
from spheres_core.participants.schemas.files import ParticipantListed
from spheres_core.safety.queries.access import whom_a_code_names

TAKES_PART = "participation"
OVERSIGHT = "oversight"


async def whose_file(ctx: Context, code: str) -> ParticipantListed:
    """Returns whom a code names. Raises `ParticipantUnknown`, also for whoever is kept away from her."""
    found, decisive = await whom_a_code_names(ctx, code)
    if is_kept_away(ctx, found, decisive):
        raise ParticipantUnknown
    return found


def is_kept_away(ctx: Context, her: ParticipantListed, decisive: Decisive) -> bool:
    """Tells whether the actor, or her organization, is kept away from somebody."""
    me = ctx.actor.id or NO_PERSON
    asked = Question(ctx.tenant.id, her.id, me, ctx.actor.organization, "read", TAKES_PART, OVERSIGHT, ctx.today)
    return any(excludes(asked, each, ctx.now) for each in decisive.exclusions)
