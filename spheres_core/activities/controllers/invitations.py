"""Invitations to outings, her answers and words, and who must not meet whom, as JSON."""

from typing import Any
from uuid import UUID

from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.activities.operations import invitations
from spheres_core.activities.operations import kept_apart as apart
from spheres_core.activities.queries import invitations as queries
from spheres_core.activities.queries import kept_apart as apart_queries
from spheres_core.activities.schemas.invitations import (
    KeptApartList,
    KeptApartPosted,
    OutingInvitation,
    OutingInvitationChanged,
    OutingInvitationPosted,
)
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ, RECORD_CONSENTS
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.plans.schemas.needs import Strength, StrengthPosted


@get("/participants/{participant:str}/activities", guards=[requires(READ)], name="api_participant_activities",
     summary="Outings that she was asked to, the last first", tags=["activities"])  # fmt: skip
async def list_invitations(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[OutingInvitation]:
    """Returns a page of them, with what the caller may read. Which were shown goes into the trail."""
    return await queries.list_invitations(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@post("/participants/{participant:str}/activities", guards=[requires(READ)], name="api_ask_along",
      summary="Note that she was asked to an outing", tags=["activities"])  # fmt: skip
async def invite(
    ctx: Context, participant: Code, data: JSONBody[OutingInvitationPosted], once: Once
) -> OutingInvitation:
    """Only in a way that her safe contact allows; nothing is sent. Where there is no seat for her: 409
    `no_seat_left`, which never says why."""
    file = await find_for_caller(ctx, participant)
    act = invitations.invite
    return await once.run("outing invitation", file.id, data, OutingInvitation, lambda: act(ctx, file, data))


@get("/participants/{participant:str}/activities/{id:uuid}", guards=[requires(READ)], name="api_invitation",
     summary="One outing that she was asked to", tags=["activities"])  # fmt: skip
async def read_invitation(ctx: Context, participant: Code, id: FromPath[UUID]) -> OutingInvitation:
    """Returns it with what the caller may read. The reading becomes an entry in the trail."""
    return await queries.read_invitation(ctx, await find_for_caller(ctx, participant), id)


@put("/participants/{participant:str}/activities/{id:uuid}", guards=[requires(READ)], name="api_change_invitation",
     summary="Note her answer, and her words before and after", tags=["activities"])  # fmt: skip
async def change_invitation(
    ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[OutingInvitationChanged]
) -> OutingInvitation:
    """She may say yes, no or later, and change her mind. Earlier words stay. When somebody else wrote it anew in the
    meantime: 409, with `yours` and `theirs`."""
    return await invitations.change_invitation(ctx, await find_for_caller(ctx, participant), id, data)


@post("/participants/{participant:str}/activities/{id:uuid}/strengths", guards=[requires(READ)],
      name="api_record_found", summary="Record a strength or an interest that she found there",
      tags=["activities"])  # fmt: skip
async def record_found(
    ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[StrengthPosted], once: Once
) -> Strength:
    """It stands among the strengths of her plan; nothing is typed twice."""
    file = await find_for_caller(ctx, participant)
    act = invitations.record_found
    return await once.run("strength found", id, data, Strength, lambda: act(ctx, file, id, data))


@get("/participants/{participant:str}/kept-apart", guards=[requires(RECORD_CONSENTS)], name="api_kept_apart",
     summary="Whom she must not meet", tags=["activities"])  # fmt: skip
async def list_kept_apart(ctx: Context, participant: Code) -> KeptApartList:
    """Returns those of whom the caller may know as well. Who was shown goes into the trail."""
    return await apart_queries.list_kept_apart(ctx, await find_for_caller(ctx, participant))


@post("/participants/{participant:str}/kept-apart", guards=[requires(RECORD_CONSENTS)], name="api_keep_apart",
      summary="Keep two participants apart", tags=["activities"])  # fmt: skip
async def keep_apart(ctx: Context, participant: Code, data: JSONBody[KeptApartPosted], once: Once) -> KeptApartList:
    """For whoever may open both files. Neither is offered a seat on an outing where the other has one; whoever plans
    it learns neither of this nor of the other one."""
    file = await find_for_caller(ctx, participant)
    return await once.run("kept apart", file.id, data, KeptApartList, lambda: apart.keep_apart(ctx, file, data))


@post("/participants/{participant:str}/kept-apart/{id:uuid}/end", guards=[requires(RECORD_CONSENTS)],
      name="api_end_keeping_apart", status_code=200, summary="Let two participants meet again",
      tags=["activities"])  # fmt: skip
async def end_keeping_apart(ctx: Context, participant: Code, id: FromPath[UUID]) -> KeptApartList:
    """From now on."""
    return await apart.end_keeping_apart(ctx, await find_for_caller(ctx, participant), id)


HANDLERS: list[Any] = [
    list_invitations,
    invite,
    read_invitation,
    change_invitation,
    record_found,
    list_kept_apart,
    keep_apart,
    end_keeping_apart,
]
