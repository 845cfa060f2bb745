"""Finds a participant for somebody on call, who has a standing for an emergency and for nothing else."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from spheres_core.consents.queries.access import Access
from spheres_core.consents.queries.reader import as_system, read_for
from spheres_core.consents.queries.why import Decisive, rows_of
from spheres_core.consents.rule import may
from spheres_core.consents.schemas import NO_PERSON, Allowed, Question
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import ParticipantUnknown, find_for_caller
from spheres_core.participants.queries.participants import known_by
from spheres_core.participants.schemas.files import ParticipantAccess, ParticipantListed
from spheres_core.safety.schemas.plans import CLASS

EMERGENCY: Final = "emergency"


async def find_for_plan(ctx: Context, code: str, purpose: str | None) -> ParticipantAccess:
    """Returns a participant by her code for whoever may read her emergency plan. Raises `ParticipantUnknown`.

    An emergency opens the plan and not that she takes part, so that it is found by the plan.
    """
    if purpose != EMERGENCY:
        return await find_for_caller(ctx, code, purpose)
    found, decisive = await whom_a_code_names(ctx, code)
    question = question_about(ctx, found.id)
    decision = may(question, *decisive, ctx.now)
    if not isinstance(decision, Allowed):
        raise ParticipantUnknown
    reader = await read_for(ctx, EMERGENCY)
    return ParticipantAccess(found.id, found.code, EMERGENCY, reader, Access(question, decision, *decisive))


def question_about(ctx: Context, participant: UUID) -> Question:
    """Returns whether the actor may read a plan in an emergency, as a question to the rule."""
    return Question(
        ctx.tenant.id, participant, ctx.actor.id or NO_PERSON, ctx.actor.organization, "read", CLASS, EMERGENCY,
        ctx.today,
    )  # fmt: skip


async def whom_a_code_names(ctx: Context, code: str) -> tuple[ParticipantListed, Decisive]:
    """Returns whom a code names, with all that decides about her, for who has not been let in yet.

    Raises `ParticipantUnknown`.
    """
    async with as_system(ctx):
        found = await known_by(ctx, code)
        if found is None:
            raise ParticipantUnknown
        return found, await rows_of(ctx, found.id)
