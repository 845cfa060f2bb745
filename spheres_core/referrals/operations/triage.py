"""Operations of a coordinator on a referral, up to the young person's own answer."""

from uuid import UUID

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals import queries
from spheres_core.referrals.operations.transitions import write_transition
from spheres_core.referrals.schemas import ReferralRead
from spheres_core.referrals.states import NEEDS_REASON, STATES, steps


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


async def move_referral(ctx: Context, id: UUID, to: str, *, reason: str = "") -> ReferralRead:
    """Takes a referral to its next state.

    Raises `StepUnknown`, `StepForbidden`, `ReasonMissing`, `ChangedMeanwhile`, `ReferralUnknown`.
    """
    found = await queries.row(ctx, id)
    if to not in STATES:
        raise StepUnknown(errors=[Problem(StepUnknown.message, path="to")], extra={"known": sorted(STATES)})
    allowed = steps(found.state, contacted=found.first_contact_at is not None)
    if to not in allowed:
        raise StepForbidden(extra={"state": found.state, "allowed": list(allowed)})
    if to in NEEDS_REASON and not reason.strip():
        raise ReasonMissing(errors=[Problem(ReasonMissing.message, path="reason")])
    await write_transition(ctx, id, found.state, to, reason=reason.strip())
    return await queries.referral(ctx, id)
