"""Pages for signing in and out."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery
from litestar.response import Response
from msgspec import structs

from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.post_limits import PostsPaused
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import public, public_posts, requires
from spheres_core.foundation.web.problems import retry_after
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.operations import sessions
from spheres_core.staff.operations import sign_in as operations
from spheres_core.staff.operations.authentication import authenticate
from spheres_core.staff.operations.kept_forms import open_form
from spheres_core.staff.operations.login_throttle import SignInPaused
from spheres_core.staff.operations.sign_in import SignInFailed
from spheres_core.staff.password_hashing import TooBusy
from spheres_core.staff.permissions import OWN_ACCOUNT
from spheres_core.staff.schemas import SignInPosted
from spheres_core.staff.views.kept_forms import kept_form_view
from spheres_core.staff.views.session_cookie import (
    browser_cookie,
    redirect_signed_out,
    session_cookie,
    sign_in_with,
)
from spheres_core.staff.views.sign_in import first_page, sign_in_view, source_address

SignInForm = Annotated[SignInPosted, Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/sign-in", guards=[public], name="sign_in")
async def sign_in(ctx: Context, request_scope: RequestScope, next: FromQuery[str] = "") -> Response[bytes]:
    return await _page(ctx, request_scope, SignInPosted(next=next))


@post("/sign-in", guards=[public_posts("sign_in", shown_by_page=True)], status_code=200)
async def send_sign_in(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], data: SignInForm
) -> Response[bytes]:
    try:
        session = await _sign_in(ctx, request_scope, request, data)
    except (SignInFailed, SignInPaused, PostsPaused, TooBusy) as refusal:
        return await _page(ctx, request_scope, data, refusal)
    answer = await _kept_form(ctx, request_scope, data.kept, session) if data.kept else None
    answer = answer or rendering.go_to(await first_page(ctx, request_scope, data.next, session))
    return await sign_in_with(ctx, request_scope, request, answer, session)


@post("/sign-out", guards=[requires(OWN_ACCOUNT)], name="sign_out", status_code=303)
async def sign_out(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    await sessions.sign_out(ctx, session_cookie(request_scope, request))
    return redirect_signed_out(request_scope, rendering.place_of(ctx, request_scope, "sign_in"))


@post("/sign-out-everywhere", guards=[requires(OWN_ACCOUNT)], name="sign_out_everywhere", status_code=303)
async def sign_out_everywhere(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    await sessions.sign_out_everywhere(ctx)
    return redirect_signed_out(request_scope, rendering.place_of(ctx, request_scope, "sign_in"))


HANDLERS = (sign_in, send_sign_in, sign_out, sign_out_everywhere)


async def _sign_in(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], data: SignInPosted
) -> str:
    browser = browser_cookie(ctx, request_scope, request, data.email)
    if not operations.is_genuine(ctx, data.email, browser):  # else she would wait for those who guess
        request_scope.refuse_paused()
    return await operations.sign_in(
        ctx,
        data.email,
        data.password,
        source=source_address(request),
        earlier=session_cookie(request_scope, request),
        browser=browser,
    )


async def _kept_form(ctx: Context, request_scope: RequestScope, sealed: str, session: str) -> Response[bytes] | None:
    """Returns the page with what the person had typed; None when it is another account's, or too old."""
    actor = await authenticate(ctx, "", session)
    form = open_form(ctx, sealed, actor.id) if actor and actor.id else None
    if actor is None or form is None:
        return None
    hers = structs.replace(ctx, actor=actor)
    return await rendering.page(hers, request_scope, "staff/kept_form.html", **kept_form_view(hers, form))


async def _page(
    ctx: Context, request_scope: RequestScope, posted: SignInPosted, refusal: Refusal | None = None
) -> Response[bytes]:
    values = sign_in_view(ctx, request_scope, posted, refusal)
    status = refusal.status if refusal else 200
    headers = retry_after(refusal)
    return await rendering.page(ctx, request_scope, "staff/sign_in.html", status=status, headers=headers, **values)
