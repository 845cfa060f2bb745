"""A worker's day: the first page after signing in for those who follow participants."""

from litestar import get
from litestar.params import FromQuery
from litestar.response import Response

from spheres_core.followups.views.day_page import day_page
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.panels import show_slot
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.permissions import READ

PAGE = "my_day"


@get("/staff/my-day", guards=[requires(READ)], name=PAGE)
async def my_day(ctx: Context, request_scope: RequestScope, done: FromQuery[str] = "") -> Response[bytes]:
    shown = await day_page(ctx, done=done)
    panels = await show_slot(ctx, request_scope, "show_my_day")
    return await rendering.page(ctx, request_scope, "followups/my_day.html", panels=panels, **shown)


HANDLERS = (my_day,)
