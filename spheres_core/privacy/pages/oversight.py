"""The first page of who watches over private information, and who opened an identity and why."""

from litestar import get
from litestar.params import FromQuery
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.privacy.permissions import OVERSEE
from spheres_core.privacy.views import oversight_page as views


@get("/staff/privacy", guards=[requires(OVERSEE)], name="oversight")
async def oversight(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "privacy/oversight.html", **await views.oversight_page(ctx))


@get("/staff/privacy/openings", guards=[requires(OVERSEE)], name="all_identity_openings")
async def openings(ctx: Context, request_scope: RequestScope, cursor: FromQuery[str] = "") -> Response[bytes]:
    shown = await views.openings_page(ctx, cursor=cursor)
    return await rendering.page(ctx, request_scope, "privacy/openings.html", **shown)


HANDLERS = (oversight, openings)
