"""Participations as JSON."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, JSONBody

from spheres_core.followups.operations import participations
from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.queries import participations as queries
from spheres_core.followups.schemas.participations import (
    Participation,
    ParticipationBegun,
    ParticipationPosted,
    Participations,
    StepPosted,
)
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller


@post("/referrals/{id:uuid}/participation", guards=[requires(ASSIGN)], name="api_begin_participation",
      summary="Make a participation of a referral that she agreed to", tags=["followups"])  # fmt: skip
async def begin_participation(
    ctx: Context, id: FromPath[UUID], data: JSONBody[ParticipationPosted], once: Once
) -> ParticipationBegun:
    """Needs her own dated agreement, which is recorded with it; nothing is typed again. Twice is refused with 409."""
    act = participations.begin_participation
    return await once.run("participation", id, data, ParticipationBegun, lambda: act(ctx, id, data))


@get("/participants/{participant:str}/participations", guards=[requires(READ)], name="api_participations",
     summary="The times that she has taken part, newest first", tags=["followups"])  # fmt: skip
async def list_participations(ctx: Context, participant: Code) -> Participations:
    """Returns each episode with its state and where it may go. Reading it becomes an entry in the trail."""
    file = await find_for_caller(ctx, participant)
    return await queries.list_participations(ctx, file.reader, file.id)


@post("/participants/{participant:str}/participations/steps", guards=[requires(READ)], name="api_move_participation",
      status_code=200, summary="Take her participation to its next state", tags=["followups"])  # fmt: skip
async def take_step(ctx: Context, participant: Code, data: JSONBody[StepPosted]) -> Participation:
    """For those who follow her, and for coordinators. Nobody is closed for her age, her return or a refusal."""
    return await participations.take_step(ctx, await find_for_caller(ctx, participant), data)


HANDLERS: list[Any] = [begin_participation, list_participations, take_step]
