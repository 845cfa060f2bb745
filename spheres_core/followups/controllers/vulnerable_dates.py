"""Dates that make need rise, as JSON."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, JSONBody

from spheres_core.followups.operations import vulnerable_dates
from spheres_core.followups.queries import vulnerable_dates as queries
from spheres_core.followups.schemas.vulnerable_dates import VulnerableDate, VulnerableDatePosted, VulnerableDates
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller


@get("/participants/{participant:str}/dates", guards=[requires(READ)], name="api_dates",
     summary="Dates that make need rise", tags=["followups"])  # fmt: skip
async def list_dates(ctx: Context, participant: Code) -> VulnerableDates:
    """Returns them, the next one first. Reading them becomes an entry in the trail."""
    return await queries.list_dates(ctx, await find_for_caller(ctx, participant))


@post("/participants/{participant:str}/dates", guards=[requires(READ)], name="api_note_date",
      summary="Note a date that makes need rise", tags=["followups"])  # fmt: skip
async def note_date(ctx: Context, participant: Code, data: JSONBody[VulnerableDatePosted]) -> VulnerableDate:
    """Some days before it stands in the day of whoever follows her, so that help is offered early."""
    return await vulnerable_dates.note_date(ctx, await find_for_caller(ctx, participant), data)


@post("/participants/{participant:str}/dates/{id:uuid}/end", guards=[requires(READ)], name="api_end_date",
      status_code=200, summary="Note that a date holds no more", tags=["followups"])  # fmt: skip
async def end_date(ctx: Context, participant: Code, id: FromPath[UUID]) -> VulnerableDates:
    """Returns the dates that are left."""
    file = await find_for_caller(ctx, participant)
    await vulnerable_dates.end_date(ctx, file, id)
    return await queries.list_dates(ctx, file)


@post("/participants/{participant:str}/dates/{id:uuid}/offered", guards=[requires(READ)],
      name="api_note_help_offered", status_code=200, summary="Note that help was offered for the next of these days",
      tags=["followups"])  # fmt: skip
async def note_help_offered(ctx: Context, participant: Code, id: FromPath[UUID]) -> VulnerableDates:
    """It leaves the day of whoever follows her until it comes again. Returns her dates."""
    file = await find_for_caller(ctx, participant)
    await vulnerable_dates.note_help_offered(ctx, file, id)
    return await queries.list_dates(ctx, file)


HANDLERS: list[Any] = [list_dates, note_date, end_date, note_help_offered]
