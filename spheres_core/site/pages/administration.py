"""The tenant's administration page."""

from litestar import get
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.panels import show_slot
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.permissions import ADMINISTER
from spheres_core.site.views.administration import administration_page


@get("/administration", guards=[requires(ADMINISTER)], name="administration")
async def administration(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    shown = await administration_page(ctx)
    panels = await show_slot(ctx, request_scope, "show_administration")
    return await rendering.page(
        ctx, request_scope, "site/administration.html", title=ctx.locale.say("Administration"), panels=panels, **shown
    )


HANDLERS = (administration,)
