"""The way out of a screen that two people look at: its session ends, and an everyday page of elsewhere stands there."""

from typing import Any

from litestar import Request, get
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import public
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.settings import Settings
from spheres_core.staff.operations import sessions
from spheres_core.staff.views.session_cookie import redirect_signed_out, session_cookie


@get("/leave", guards=[public], name="leave")
async def leave(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Leads away, whoever asks. Only a narrowed session ends: a link of another site must not sign anybody out."""
    address = str(ctx.locale.pick(ctx.settings("site", Settings).leave_to))
    actor = await request_scope.identify_narrowed(request)
    if actor.narrowed_to is None:
        return rendering.go_to(address)
    await sessions.sign_out(ctx, session_cookie(request_scope, request))
    return redirect_signed_out(request_scope, address)


HANDLERS = (leave,)
