"""Page of one's own account: password, language, messages, and sessions."""

from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.operations import own_account, sessions
from spheres_core.staff.operations.login_throttle import SignInPaused
from spheres_core.staff.operations.own_account import LanguageUnknown, NumberMissing, PasswordWrong, QuietHoursUnclear
from spheres_core.staff.operations.sessions import SessionUnknown
from spheres_core.staff.password_hashing import TooBusy
from spheres_core.staff.passwords import PasswordsDiffer, PasswordWeak
from spheres_core.staff.permissions import OWN_ACCOUNT
from spheres_core.staff.views.own_account import account_address, own_account_view, read_message_choice
from spheres_core.staff.views.session_cookie import session_cookie


@get("/account", guards=[requires(OWN_ACCOUNT)], name="account")
async def account(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    return await account_page(ctx, request_scope, request)


@post("/account/password", guards=[requires(OWN_ACCOUNT)], name="own_password", status_code=303)
async def change_password(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    try:
        await _change_password(ctx, session_cookie(request_scope, request), await read_post(request))
    except (PasswordsDiffer, PasswordWrong, PasswordWeak, SignInPaused, TooBusy) as refusal:
        return await account_page(ctx, request_scope, request, refusal)
    return go_to(f"{place_of(ctx, request_scope, 'account')}?done=password")


@post("/account/preferences", guards=[requires(OWN_ACCOUNT)], name="own_preferences", status_code=303)
async def choose_preferences(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await own_account.choose_preferences(ctx, language=sent["language"], messages=read_message_choice(sent))
    except (LanguageUnknown, NumberMissing, QuietHoursUnclear) as refusal:
        return await account_page(ctx, request_scope, request, refusal)
    return go_to(f"{account_address(ctx, request_scope, sent['language'])}?done=preferences")


@post("/account/session", guards=[requires(OWN_ACCOUNT)], name="own_session", status_code=303)
async def end_session(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    try:
        await sessions.end_own_session(ctx, (await read_post(request))["session"][:64])
    except SessionUnknown:
        return go_to(place_of(ctx, request_scope, "account"))
    return go_to(f"{place_of(ctx, request_scope, 'account')}?done=session")


HANDLERS = (account, change_password, choose_preferences, end_session)


async def _change_password(ctx: Context, cookie: str, sent: Post) -> None:
    if sent["new"] != sent["again"]:
        raise PasswordsDiffer
    await own_account.change_own_password(ctx, cookie, old=sent["old"], new=sent["new"])


async def account_page(
    ctx: Context,
    request_scope: RequestScope,
    request: Request[Any, Any, Any],
    refusal: Refusal | None = None,
    number: str = "",
) -> Response[bytes]:
    """Answers with the page of one's own account. `number`: as it was typed, when it was refused."""
    cookie, done = session_cookie(request_scope, request), request.query_params.get("done", "")
    values = await own_account_view(ctx, cookie, done=done, refusal=refusal, number=number)
    status = refusal.status if refusal else 200
    return await rendering.page(ctx, request_scope, "staff/account.html", status=status, **values)
