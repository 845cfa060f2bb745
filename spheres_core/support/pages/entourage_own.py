"""Public pages of close ones: ask for support, and read with one's own code what was offered."""

from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import public, public_posts
from spheres_core.foundation.web.problems import retry_after
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.support.views import entourage_own as views


@get("/entourage", guards=[public], name="entourage")
async def entourage(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "support/entourage.html", **views.form_view(ctx))


@post("/entourage", guards=[public_posts("entourage", shown_by_page=True)], status_code=201)
async def ask(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    template, status, shown = await views.receive_post(ctx, request_scope, await read_post(request))
    headers = retry_after(request_scope.paused)
    return await rendering.page(ctx, request_scope, template, status=status, headers=headers, **shown)


@get("/entourage/own", guards=[public], name="own_entourage")
async def own(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "support/entourage_own.html", **views.code_view(ctx))


@post("/entourage/own", guards=[public_posts("receipts", shown_by_page=True)], status_code=200)
async def act(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    status, shown = await views.act_by_code(ctx, request_scope, await read_post(request))
    headers, template = retry_after(request_scope.paused), "support/entourage_own.html"
    return await rendering.page(ctx, request_scope, template, status=status, headers=headers, **shown)


HANDLERS = (entourage, ask, own, act)
