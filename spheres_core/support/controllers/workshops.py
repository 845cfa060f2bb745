"""Workshops as JSON: plan, log, correct, call off, figures, and the log as a file. An audience is numbers."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.support.operations import workshop_figures, workshop_file
from spheres_core.support.operations import workshops as operations
from spheres_core.support.permissions import COUNT_WORKSHOPS, LOG_WORKSHOPS
from spheres_core.support.queries import workshops as queries
from spheres_core.support.queries.workshops import WorkshopFilters
from spheres_core.support.schemas.advice import VersionPosted
from spheres_core.support.schemas.workshops import (
    WorkshopChanged,
    WorkshopFigures,
    WorkshopHeld,
    WorkshopLine,
    WorkshopOpened,
    WorkshopWritten,
)
from spheres_core.support.views.workshop_download import file_answer


def _filter(name: str, description: str) -> Any:
    return QueryParameter(name=name, required=False, description=description)


State = Annotated[str, _filter("state", "`planned`, `held` or `cancelled`.")]
Kind = Annotated[str, _filter("kind", "A code of the list `workshop_kinds`.")]
Theme = Annotated[str, _filter("theme", "A code of the list `workshop_themes`.")]
Since = Annotated[dt.date | None, _filter("since", "The first day.")]
Until = Annotated[dt.date | None, _filter("until", "The last day.")]


@get("/workshops", guards=[requires(LOG_WORKSHOPS)], name="api_workshops", tags=["support"],
     summary="Workshops, the latest day first")  # fmt: skip
async def list_workshops(
    ctx: Context, in_state: State = "", kind: Kind = "", theme: Theme = "", since: Since = None, until: Until = None,
    cursor: FromQuery[str] = "",
) -> Page[WorkshopLine]:  # fmt: skip
    """Returns a page of those that fit. Reading the list is written to the trail."""
    return await queries.list_workshops(ctx, WorkshopFilters(in_state, kind, theme, since, until), cursor=cursor)


@post("/workshops", guards=[requires(LOG_WORKSHOPS)], name="api_log_workshop", tags=["support"],
      summary="Plan a workshop, or log one that took place")  # fmt: skip
async def log_workshop(ctx: Context, data: JSONBody[WorkshopWritten], once: Once) -> WorkshopOpened:
    """With `audience` it took place. Refused with 422 `participant_code_found`, and with 409 `identifiers_found` until
    `confirmed` is sent."""

    async def logging() -> WorkshopOpened:
        return await queries.read_workshop(ctx, await operations.log_workshop(ctx, data))

    return await once.run("workshop", ctx.tenant.id, data, WorkshopOpened, logging)


@get("/workshops/figures", guards=[requires(COUNT_WORKSHOPS)], name="api_workshop_figures", tags=["support"],
     summary="How many workshops took place, and for how many people")  # fmt: skip
async def read_figures(ctx: Context) -> WorkshopFigures:
    """By quarter, published once, two weeks after its end. What `reached` does not list is nobody, or fewer people
    than `smallest`; no sum is published."""
    return await workshop_figures.read_figures(ctx)


@get("/workshops/file", guards=[requires(COUNT_WORKSHOPS)], name="api_workshop_file", tags=["support"],
     media_type="application/octet-stream", summary="The log of workshops as a file")  # fmt: skip
async def write_file(
    ctx: Context, in_state: State = "", kind: Kind = "", theme: Theme = "", since: Since = None, until: Until = None
) -> Response[bytes]:
    """Returns those that fit as csv in the reader's language: without notes, names or numbers from 1 to 4."""
    return file_answer(await workshop_file.write_file(ctx, WorkshopFilters(in_state, kind, theme, since, until)))


@get("/workshops/{id:uuid}", guards=[requires(LOG_WORKSHOPS)], name="api_workshop", tags=["support"],
     summary="One workshop")  # fmt: skip
async def read_workshop(ctx: Context, id: FromPath[UUID]) -> WorkshopOpened:
    """Returns it with how many people were there. The reading goes into the trail."""
    return await queries.read_workshop(ctx, id)


@put("/workshops/{id:uuid}", guards=[requires(LOG_WORKSHOPS)], name="api_change_workshop", tags=["support"],
     summary="Correct a workshop")  # fmt: skip
async def change_workshop(ctx: Context, id: FromPath[UUID], data: JSONBody[WorkshopChanged]) -> WorkshopOpened:
    """Without `audience`, that of one that took place stays. Written by somebody else meanwhile: 409, with `yours` and
    `theirs`."""
    await operations.change_workshop(ctx, id, data)
    return await queries.read_workshop(ctx, id)


@post("/workshops/{id:uuid}/hold", guards=[requires(LOG_WORKSHOPS)], name="api_hold_workshop", status_code=200,
      tags=["support"], summary="Note that a workshop took place, and for how many people")  # fmt: skip
async def hold_workshop(ctx: Context, id: FromPath[UUID], data: JSONBody[WorkshopHeld]) -> WorkshopOpened:
    """Refused with 409 when it has changed in the meantime, and with 422 when its day is still to come."""
    await operations.hold_workshop(ctx, id, data)
    return await queries.read_workshop(ctx, id)


@post("/workshops/{id:uuid}/cancel", guards=[requires(LOG_WORKSHOPS)], name="api_cancel_workshop", status_code=200,
      tags=["support"], summary="Call a planned workshop off")  # fmt: skip
async def cancel_workshop(ctx: Context, id: FromPath[UUID], data: JSONBody[VersionPosted]) -> WorkshopOpened:
    """Refused with 409 when it has changed in the meantime."""
    await operations.cancel_workshop(ctx, id, data.version)
    return await queries.read_workshop(ctx, id)


HANDLERS: list[Any] = [
    list_workshops,
    log_workshop,
    read_figures,
    write_file,
    read_workshop,
    change_workshop,
    hold_workshop,
    cancel_workshop,
]
