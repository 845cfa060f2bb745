"""The cookies of a person who signs in: her session's, and the one by which her browser is known for her account."""

from collections.abc import Callable
from typing import Any, Final

from litestar import Request
from litestar.datastructures import Cookie
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.operations.known_browsers import BrowserCookie, remember_browser
from spheres_core.staff.queries.known_browsers import cookie_suffix

LEFT_BEHIND: Final = '"cache", "storage"'
"""Data forgotten at sign-out. Not `cookies`: known browsers and other regions on this host have theirs."""


def session_cookie(request_scope: RequestScope, request: Request[Any, Any, Any]) -> str:
    """Returns the session's secret that the browser sent; empty when there is none."""
    return request.cookies.get(request_scope.cookie_name, "")


def browser_cookie(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], email: str) -> str:
    """Returns the cookie by which the browser may be known for the account of this address, or an empty string."""
    return _browser_cookies(request_scope, request)(cookie_suffix(ctx, email))


async def sign_in_with(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], answer: Response[bytes], session: str
) -> Response[bytes]:
    """Returns the answer with the cookie of a session that has just begun; its browser is known for the account now."""
    known = await remember_browser(ctx, session, sent_cookie=_browser_cookies(request_scope, request))
    answer.set_cookie(_session(request_scope, session))
    answer.set_cookie(_browser(request_scope, known))
    return answer


def redirect_signed_out(request_scope: RequestScope, address: str) -> Response[bytes]:
    """Redirects without a session from now on. The browser stays known: who signs out still works here."""
    headers = {"location": address, "cache-control": "no-store", "clear-site-data": LEFT_BEHIND}
    return Response(b"", status_code=303, headers=headers, cookies=[_session(request_scope, "")])


def _session(request_scope: RequestScope, session: str) -> Cookie:
    """Lax, not Strict: who follows a link from her mail is still signed in; forms are guarded by their own secret."""
    return Cookie(
        request_scope.cookie_name,
        path=request_scope.cookie_path,
        value=session,
        max_age=None if session else 0,
        httponly=True,
        samesite="lax",
        secure=request_scope.scope["scheme"] == "https",
    )


def _browser(request_scope: RequestScope, known: BrowserCookie) -> Cookie:
    return Cookie(
        _browser_cookie_name(request_scope, known.suffix),
        path=request_scope.cookie_path,
        value=known.value,
        max_age=int(known.lasts.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request_scope.scope["scheme"] == "https",
    )


def _browser_cookies(request_scope: RequestScope, request: Request[Any, Any, Any]) -> Callable[[str], str]:
    return lambda suffix: request.cookies.get(_browser_cookie_name(request_scope, suffix), "")


def _browser_cookie_name(request_scope: RequestScope, suffix: str) -> str:
    return f"{request_scope.cookie_name}_known_{suffix}"
