"""Who follows her, and handing files over, as JSON."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.followups.operations import assignments, hand_overs
from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.queries import assignments as queries
from spheres_core.followups.queries import hand_overs as hand_over_queries
from spheres_core.followups.schemas.assignments import AssignmentPosted, Assignments, Part
from spheres_core.followups.schemas.hand_overs import HandOverPosted, HandOverPreview, HandOvers, HerAnswerPosted
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller


@get("/participants/{participant:str}/assignments", guards=[requires(READ)], name="api_assignments",
     summary="Who follows her, and who did", tags=["followups"])  # fmt: skip
async def list_assignments(ctx: Context, participant: Code) -> Assignments:
    """Returns them newest first, and whether she has no pivot worker now. Reading it becomes an entry in the trail."""
    file = await find_for_caller(ctx, participant)
    return await queries.list_assignments(ctx, file.reader, file.id)


@post("/participants/{participant:str}/assignments", guards=[requires(ASSIGN)], name="api_assign_participant",
      summary="Say who follows her from now on", tags=["followups"])  # fmt: skip
async def assign(ctx: Context, participant: Code, data: JSONBody[AssignmentPosted]) -> Assignments:
    """Whoever did so in the same part no longer does, and no longer sees her file. Her first pivot worker makes a
    proposed participation active."""
    return await assignments.assign_to(ctx, await find_for_caller(ctx, participant), data)


@post("/participants/{participant:str}/assignments/{id:uuid}/end", guards=[requires(ASSIGN)], name="api_end_assignment",
      status_code=200, summary="Note that somebody no longer follows her", tags=["followups"])  # fmt: skip
async def end_assignment(ctx: Context, participant: Code, id: FromPath[UUID]) -> Assignments:
    """She goes on taking part. Without a pivot worker, coordinators are told."""
    return await assignments.end_hers(ctx, await find_for_caller(ctx, participant), id)


@get("/hand-overs", guards=[requires(READ)], name="api_hand_overs",
     summary="Files that are offered to the caller, and by the caller", tags=["followups"])  # fmt: skip
async def list_hand_overs(ctx: Context) -> HandOvers:
    """Returns those that wait for an answer, newest first."""
    return await hand_over_queries.list_hand_overs(ctx)


@get("/hand-overs/preview", guards=[requires(READ)], name="api_preview_hand_over",
     summary="The caller's whole caseload, with what would go along", tags=["followups"])  # fmt: skip
async def preview(ctx: Context, part: FromQuery[Part] = "pivot") -> HandOverPreview:
    """Returns each file with what was promised to her and the next dates that make her need rise."""
    return await hand_over_queries.preview(ctx, part)


@post("/hand-overs", guards=[requires(READ)], name="api_offer_files", summary="Offer files to another worker",
      tags=["followups"])  # fmt: skip
async def offer(ctx: Context, data: JSONBody[HandOverPosted]) -> HandOvers:
    """Offers the caller's own files, one or all, or a coordinator's. Nothing changes until the other accepts each."""
    return await hand_overs.offer(ctx, data)


@post("/hand-overs/{id:uuid}/told", guards=[requires(READ)], name="api_note_her_answer", status_code=200,
      summary="Note what she said to the next worker", tags=["followups"])  # fmt: skip
async def note_her_answer(ctx: Context, id: FromPath[UUID], data: JSONBody[HerAnswerPosted]) -> HandOvers:
    """When she refuses, the offer is taken back. Returns the offers that still wait."""
    await hand_overs.note_her_answer(ctx, id, data.her_answer)
    return await hand_over_queries.list_hand_overs(ctx)


@post("/hand-overs/{id:uuid}/accept", guards=[requires(READ)], name="api_accept_file", status_code=200,
      summary="Take a file over", tags=["followups"])  # fmt: skip
async def accept(ctx: Context, id: FromPath[UUID]) -> HandOvers:
    """From now on the caller follows her. She must have been told before. Returns the offers that still wait."""
    await hand_overs.accept(ctx, id)
    return await hand_over_queries.list_hand_overs(ctx)


@post("/hand-overs/{id:uuid}/decline", guards=[requires(READ)], name="api_decline_file", status_code=200,
      summary="Leave a file with who has it", tags=["followups"])  # fmt: skip
async def decline(ctx: Context, id: FromPath[UUID]) -> HandOvers:
    """Nothing changes for her. Returns the offers that still wait."""
    await hand_overs.decline(ctx, id)
    return await hand_over_queries.list_hand_overs(ctx)


@post("/hand-overs/{id:uuid}/withdraw", guards=[requires(READ)], name="api_take_offer_back", status_code=200,
      summary="Take an offer back", tags=["followups"])  # fmt: skip
async def withdraw(ctx: Context, id: FromPath[UUID]) -> HandOvers:
    """For who offered it, who follows her, and coordinators. Returns the offers that still wait."""
    await hand_overs.withdraw(ctx, id)
    return await hand_over_queries.list_hand_overs(ctx)


HANDLERS: list[Any] = [
    list_assignments,
    assign,
    end_assignment,
    list_hand_overs,
    preview,
    offer,
    note_her_answer,
    accept,
    decline,
    withdraw,
]
