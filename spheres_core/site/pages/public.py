"""The tenant's public pages."""

from litestar import get
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import public
from spheres_core.foundation.web.panels import show_slot
from spheres_core.foundation.web.problems import ERROR_TITLES
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.views.partners import organizations_of_today, partners_page
from spheres_core.site.views.public import content_view, home_view


@get("/", guards=[public], name="home")
async def home(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    panels = await show_slot(ctx, request_scope, "show_home")
    return await rendering.page(ctx, request_scope, "site/home.html", panels=panels, **home_view(ctx))


@get("/partners", guards=[public], name="partners")
async def partners(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    shown = await partners_page(ctx, ctx.today)
    panels = await show_slot(ctx, request_scope, "show_services", organizations_of_today)
    return await rendering.page(
        ctx, request_scope, "site/partners.html", title=ctx.locale.say("Our partners"), panels=panels, **shown
    )


@get("/privacy", guards=[public], name="privacy")
async def privacy(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    title = ctx.locale.say("Leaving quickly, and your privacy here")
    return await rendering.page(ctx, request_scope, "site/privacy.html", title=title)


@get("/{slug:str}", guards=[public], name="page")
async def content_page(ctx: Context, request_scope: RequestScope, slug: FromPath[str]) -> Response[bytes]:
    """Shows a page that a pack brings; where there is none, the way home, the exit and whom to reach now."""
    try:
        shown = await content_view(ctx, slug)
    except NotFound as missing:
        title = ctx.locale.say(ERROR_TITLES[missing.status])
        return await rendering.page(ctx, request_scope, "site/not_found.html", status=missing.status, title=title)
    return await rendering.page(ctx, request_scope, "site/page.html", **shown)


HANDLERS = (home, partners, privacy, content_page)
