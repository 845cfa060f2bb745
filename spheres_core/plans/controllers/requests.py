"""Services that partners are asked for, as JSON: for the team by her file, for a liaison by the organization."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.plans.operations import requests as operations
from spheres_core.plans.permissions import ANSWER
from spheres_core.plans.queries import requests as queries
from spheres_core.plans.schemas.requests import (
    Gap,
    GapPosted,
    OfferedServices,
    PartnerRequest,
    RequestAnswered,
    RequestPosted,
    ServiceRequest,
)
from spheres_core.plans.views.services import offered_services


@get("/participants/{participant:str}/requests", guards=[requires(READ)], name="api_service_requests",
     summary="Services that were asked for, the last first", tags=["plans"])  # fmt: skip
async def list_requests(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[ServiceRequest]:
    """Returns a page of them; for an organization only what it was asked itself. It goes into the trail."""
    return await queries.list_requests(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@post("/participants/{participant:str}/requests", guards=[requires(READ)], name="api_send_service_request",
      summary="Ask a partner for a service", tags=["plans"])  # fmt: skip
async def send_request(ctx: Context, participant: Code, data: JSONBody[RequestPosted], once: Once) -> ServiceRequest:
    """Needs a service that fits, or the reason why it is asked for all the same. Nothing leaves that she has not agreed
    to: 403 otherwise."""
    file = await find_for_caller(ctx, participant)
    act = operations.send_request
    return await once.run("service_request", file.id, data, ServiceRequest, lambda: act(ctx, file, data))


@get("/participants/{participant:str}/requests/services", guards=[requires(READ)], name="api_offered_services",
     summary="Services of the directory, weighed for her", tags=["plans"])  # fmt: skip
async def list_services(
    ctx: Context, participant: Code, age: FromQuery[int | None] = None, language: FromQuery[str] = "",
    area: FromQuery[str] = "",
) -> OfferedServices:  # fmt: skip
    """Returns each with what speaks for it, against it, and what is not known. Nothing of the question is kept."""
    file = await find_for_caller(ctx, participant)
    return await offered_services(ctx, file, age=age, language=language, area=area)


@get("/participants/{participant:str}/requests/{id:uuid}", guards=[requires(READ)], name="api_service_request",
     summary="One service that was asked for", tags=["plans"])  # fmt: skip
async def read_request(ctx: Context, participant: Code, id: FromPath[UUID]) -> ServiceRequest:
    """Returns it. The reading becomes an entry in the trail."""
    return await queries.read_request(ctx, await find_for_caller(ctx, participant), id)


@post("/participants/{participant:str}/requests/{id:uuid}/answer", guards=[requires(READ)], name="api_note_answer",
      status_code=200, summary="Note what a partner answered, or take the request back", tags=["plans"])  # fmt: skip
async def note_answer(
    ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[RequestAnswered]
) -> ServiceRequest:
    """For the team. When it was answered in the meantime: 409, with `yours` and `theirs`."""
    return await operations.note_answer(ctx, await find_for_caller(ctx, participant), id, data)


@get("/participants/{participant:str}/service-gaps", guards=[requires(READ)], name="api_service_gaps",
     summary="Needs that nobody could meet, the last first", tags=["plans"])  # fmt: skip
async def list_gaps(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[Gap]:
    """Returns a page of them. It goes into the trail."""
    return await queries.list_gaps(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@post("/participants/{participant:str}/service-gaps", guards=[requires(READ)], name="api_record_service_gap",
      summary="Record that nobody can meet a need", tags=["plans"])  # fmt: skip
async def record_gap(ctx: Context, participant: Code, data: JSONBody[GapPosted]) -> Gap:
    """Says which need, where and in which language."""
    return await operations.record_gap(ctx, await find_for_caller(ctx, participant), data)


@get("/requests", guards=[requires(ANSWER)], name="api_requests_of_organization",
     summary="Services that the caller's organization is asked for", tags=["plans"])  # fmt: skip
async def list_for_organization(ctx: Context, cursor: FromQuery[str] = "") -> Page[PartnerRequest]:
    """Returns a page of those that wait or are under way, as far as she has agreed to it. It goes into the trail."""
    return await queries.list_for_organization(ctx, cursor=cursor)


@post("/requests/{id:uuid}/answer", guards=[requires(ANSWER)], name="api_answer_request", status_code=200,
      summary="Answer a request to the caller's organization", tags=["plans"])  # fmt: skip
async def answer(ctx: Context, id: FromPath[UUID], data: JSONBody[RequestAnswered]) -> PartnerRequest:
    """When it was changed in the meantime: 409, with `yours` and `theirs`."""
    return await operations.answer(ctx, id, data)


HANDLERS: list[Any] = [
    list_requests,
    send_request,
    list_services,
    read_request,
    note_answer,
    list_gaps,
    record_gap,
    list_for_organization,
    answer,
]
