"""Operations of a coordinator on a referral, up to the young person's own answer."""

from uuid import UUID

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.operations.transitions import write_transition
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.referrals.schemas import ReferralRead
from spheres_core.referrals.states import DUPLICATE, NEEDS_REASON, STATES, steps


class StepForbidden(Conflict):
    """The referral cannot go there from where it is; `allowed` names where it can."""

    code = "step_forbidden"
    message = msg("This referral cannot take that step now.")


class StepUnknown(Invalid):
    """No state has this name."""

    code = "step_unknown"
    message = msg("There is no such step.")


class ReasonMissing(Invalid):
    """This step is only understood later with its reason."""

    code = "reason_missing"
    message = msg("Please say why, so that colleagues understand it later.")


class NotAlike(Invalid):
    """Nothing speaks for the two being about the same person."""

    code = "not_alike"
    message = msg("Please choose one of the possible duplicates.")


async def move_referral(
    ctx: Context, id: UUID, to: str, *, reason: str = "", duplicate_of: UUID | None = None
) -> ReferralRead:
    """Takes a referral to its next state. `duplicate_of`: the one of its likely duplicates that is meant.

    Raises `NotAlike`, `StepUnknown`, `StepForbidden`, `ReasonMissing`, `ChangedMeanwhile`, `ReferralUnknown`.
    """
    found = await referral_queries.row(ctx, id)
    if to not in STATES:
        raise StepUnknown(errors=[Problem(StepUnknown.message, path="to")], extra={"known": sorted(STATES)})
    allowed = steps(found.state, contacted=found.first_contact_at is not None)
    if to not in allowed:
        raise StepForbidden(extra={"state": found.state, "allowed": list(allowed)})
    if to != DUPLICATE:
        duplicate_of = None
    elif duplicate_of is not None:
        alike = await ctx.db.all(referral_queries.ALIKE, id=id)
        if duplicate_of not in {each.id for each in alike}:
            raise NotAlike(errors=[Problem(NotAlike.message, path="duplicate_of")])
    if to in NEEDS_REASON and duplicate_of is None and not reason.strip():
        raise ReasonMissing(errors=[Problem(ReasonMissing.message, path="reason")])
    await write_transition(ctx, id, found.state, to, reason=reason.strip(), duplicate_of=duplicate_of)
    return await referral_queries.referral(ctx, id)
