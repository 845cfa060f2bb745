"""Her file as a timeline: one line for each act."""

from typing import Annotated

from litestar import get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Response

from spheres_core.followups.views.confirmations import say_done
from spheres_core.followups.views.timeline import timeline_page
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller

PAGE = "timeline"
OfClass = Annotated[str, QueryParameter(name="class", required=False)]


@get("/staff/participants/{participant:str}/timeline", guards=[requires(READ)], name=PAGE)
async def timeline(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    kind: FromQuery[str] = "",
    information: OfClass = "",
    theme: FromQuery[str] = "",
    principle: FromQuery[str] = "",
    since: FromQuery[str] = "",
    cursor: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    shown = await timeline_page(
        ctx,
        access,
        kind=kind,
        information=information,
        theme=theme,
        principle=principle,
        since_last=since == "last",
        cursor=cursor,
    )
    return await section_page(
        ctx, request_scope, access, "followups/timeline.html", page=PAGE, read=("encounters", "needs_and_plan"),
        done=say_done(ctx, done), **shown,
    )  # fmt: skip


HANDLERS = (timeline,)
