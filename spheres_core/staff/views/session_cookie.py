"""The cookie that carries a session's secret: read from a request, set on an answer."""

from typing import Any, Final

from litestar import Request
from litestar.datastructures import Cookie
from litestar.response import Response

from spheres_core.foundation.web.request_scope import RequestScope

LEFT_BEHIND: Final = '"cache", "storage"'
"""Data that the browser forgets at sign-out. Not `cookies`: those of other regions on this host would go too."""


def session_cookie(request_scope: RequestScope, request: Request[Any, Any, Any]) -> str:
    """Returns the session's secret that the browser sent; empty when there is none."""
    return request.cookies.get(request_scope.cookie_name, "")


def redirect_with_session(request_scope: RequestScope, address: str, session: str) -> Response[bytes]:
    """Redirects with the cookie of a session that begins, or (empty) without one from now on.

    Lax, not Strict: who follows a link from her mail is still signed in; forms are guarded by their own secret.
    """
    cookie = Cookie(
        request_scope.cookie_name,
        path=request_scope.cookie_path,
        value=session,
        max_age=None if session else 0,
        httponly=True,
        samesite="lax",
        secure=request_scope.scope["scheme"] == "https",
    )
    headers = {"location": address, "cache-control": "no-store"} | ({} if session else {"clear-site-data": LEFT_BEHIND})
    return Response(b"", status_code=303, headers=headers, cookies=[cookie])
