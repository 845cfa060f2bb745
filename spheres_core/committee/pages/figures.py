"""The page of figures for the Steering Committee."""

from litestar import get
from litestar.response import Response

from spheres_core.committee.permissions import MEET
from spheres_core.committee.views.figures_page import figures_page
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope


@get("/staff/committee/figures", guards=[requires(MEET)], name="committee_figures")
async def figures(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "committee/figures.html", **await figures_page(ctx))


HANDLERS = (figures,)
