"""A worker's day and a file's timeline, as JSON."""

from typing import Annotated, Any

from litestar import get
from litestar.params import FromQuery, QueryParameter

from spheres_core.followups.schemas.days import MyDay
from spheres_core.followups.schemas.timeline import Timeline
from spheres_core.followups.views.my_day import day_of
from spheres_core.followups.views.timeline import timeline_of
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller

Kind = Annotated[
    str | None,
    QueryParameter(required=False, description="Only acts of this kind, as the lines name it."),
]
OfClass = Annotated[
    str | None,
    QueryParameter(name="class", required=False, description="Only acts of this class of information."),
]
Theme = Annotated[
    str | None,
    QueryParameter(required=False, description="Only encounters about this theme of the region's catalogue."),
]
Principle = Annotated[
    str | None,
    QueryParameter(required=False, description="Only encounters with this principle of the region's catalogue."),
]
Since = Annotated[
    str | None,
    QueryParameter(
        required=False,
        description="`last`: only what was written since the caller last looked.",
        schema_extra={"enum": ["last"]},
    ),
]


@get("/participants/{participant:str}/timeline", guards=[requires(READ)], name="api_timeline",
     summary="All that was done in her file, the last written first", tags=["followups"])  # fmt: skip
async def read_timeline(
    ctx: Context,
    participant: Code,
    kind: Kind = None,
    information: OfClass = None,
    theme: Theme = None,
    principle: Principle = None,
    since: Since = None,
    cursor: FromQuery[str] = "",
) -> Timeline:
    """Returns one readable line for each act, with what the caller may read. The reading becomes an entry in the
    trail, by which the next one knows what is new."""
    file = await find_for_caller(ctx, participant)
    return await timeline_of(
        ctx,
        file,
        kind=kind or "",
        information=information or "",
        theme=theme or "",
        principle=principle or "",
        since_last=since == "last",
        cursor=cursor,
    )


@get("/my-day", guards=[requires(READ)], name="api_my_day", summary="All that waits for the caller",
     tags=["followups"])  # fmt: skip
async def read_my_day(ctx: Context) -> MyDay:
    """Returns what she has promised, files to take over, for coordinators those without a pivot worker, and whom she
    follows. No list is ordered by a risk."""
    return await day_of(ctx)


HANDLERS: list[Any] = [read_timeline, read_my_day]
