"""Reporting decisions as JSON: what a person decided, and why. Nothing is sent by them."""

from typing import Any

from litestar import get, post
from litestar.params import FromQuery, JSONBody

from spheres_core.followups.operations import reporting_decisions
from spheres_core.followups.queries import reporting_decisions as queries
from spheres_core.followups.schemas.reporting_decisions import ReportingDecision, ReportingDecisionPosted
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller


@get("/participants/{participant:str}/reporting-decisions", guards=[requires(READ)], name="api_reporting_decisions",
     summary="Reporting decisions, the last written first", tags=["followups"])  # fmt: skip
async def list_decisions(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[ReportingDecision]:
    """Returns a page of them, for whoever may read of legal steps for the team. Which were shown goes into the
    trail."""
    return await queries.list_decisions(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@post("/participants/{participant:str}/reporting-decisions", guards=[requires(READ)],
      name="api_record_reporting_decision", summary="Record what you decided about reporting, and why",
      tags=["followups"])  # fmt: skip
async def record_decision(
    ctx: Context, once: Once, participant: Code, data: JSONBody[ReportingDecisionPosted]
) -> ReportingDecision:
    """Keeps the decision for good; `corrects` names an earlier one that it corrects. Nothing is sent to anybody: who
    reports does it by herself, by telephone, by letter or in person."""
    file = await find_for_caller(ctx, participant)
    act = reporting_decisions.record_decision
    return await once.run("reporting_decision", file.id, data, ReportingDecision, lambda: act(ctx, file, data))


HANDLERS: list[Any] = [list_decisions, record_decision]
