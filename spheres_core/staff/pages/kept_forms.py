"""Page to which a form is led whose session has ended: it asks to sign in again, and what was typed comes along."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromQuery
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import public, public_posts
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.views.kept_forms import signed_out_view


@get("/sign-in/again", guards=[public], name="sign_in_again")
async def sign_in_again(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    """Loaded again, without a form: there is nothing to keep."""
    return go_to(place_of(ctx, request_scope, "sign_in"))


@post("/sign-in/again", guards=[public_posts("sign_in", shown_by_page=True)], name="keep_form", status_code=200)
async def keep_form(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], next: FromQuery[str] = ""
) -> Response[bytes]:
    """Never refused, however many posts came: nothing is stored, and her words would be lost."""
    sent = await read_post(request)
    actor = await request_scope.identify(request)
    template, values = signed_out_view(ctx, request_scope, sent.pairs, next, actor.id)
    return await rendering.page(ctx, request_scope, template, **values)


HANDLERS = (sign_in_again, keep_form)
