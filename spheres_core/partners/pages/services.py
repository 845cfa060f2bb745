"""The page that answers who can help someone of this age, in this language, there, at that moment.

It is posted, so that nothing of the question stays in an address or in a browser's history.
"""

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request, get, post
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import public, public_posts
from spheres_core.foundation.web.problems import Malformed, WrongKind
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.partners.views.search_view import blank_page, results_page

URL_ENCODED = "application/x-www-form-urlencoded"
MOST_FIELDS = 200


@get("/partners/find", guards=[public], name="find_services")
async def find_services(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "partners/find.html", **await blank_page(ctx))


@post("/partners/find", guards=[public_posts("searches")], status_code=200)
async def answer_services(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    status, shown = await results_page(ctx, await _posted(request))
    return await rendering.page(ctx, request_scope, "partners/find.html", status=status, **shown)


async def _posted(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Returns what was posted. Raises `WrongKind` and `Malformed`."""
    if not request.headers.get("content-type", "").startswith(URL_ENCODED):
        raise WrongKind
    try:
        body = (await request.body()).decode("ascii")
        pairs = parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Malformed from None
    return dict(pairs) | {"without": ",".join(value for name, value in pairs if name == "without")}
