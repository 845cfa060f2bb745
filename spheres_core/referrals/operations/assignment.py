"""Who takes care of a referral."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Uuid, bindparam

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.models import Referral
from spheres_core.referrals.permissions import READ
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.staff.queries import members as member_queries
from spheres_core.staff.schemas import Member

referrals = table(Referral)
ASSIGN = prepare(
    referrals.update()
    .where(scoped(referrals), referrals.c.id == bindparam("which"))
    .values(assignee_id=bindparam("assignee", type_=Uuid()))
)


class AssigneeUnknown(Invalid):
    """Nobody who works with referrals here is meant."""

    code = "assignee_unknown"
    message = msg("Please choose somebody of the team who works with referrals.")


async def possible_assignees(ctx: Context) -> list[Member]:
    """Returns the staff who may read referrals, sorted by name."""
    return who_may(ctx, await member_queries.list_members(ctx))


def who_may(ctx: Context, team: Sequence[Member]) -> list[Member]:
    """Returns those of the staff who may take care of a referral."""
    return [each for each in team if each.active and ctx.plugins.permits(frozenset(each.roles), READ)]


async def assign(ctx: Context, id: UUID, assignee: UUID | None) -> None:
    """Notes who takes care of a referral; None: nobody for now. Raises `AssigneeUnknown`, `ReferralUnknown`."""
    await referral_queries.row(ctx, id)
    if assignee is not None and assignee not in {each.id for each in await possible_assignees(ctx)}:
        raise AssigneeUnknown(errors=[Problem(AssigneeUnknown.message, path="assignee")])
    await audit.record(
        ctx,
        "referral.assigned",
        subject=("referral", id),
        details={"to": str(assignee)} if assignee else None,
        doing=[ASSIGN.of(which=id, assignee=assignee)],
    )
