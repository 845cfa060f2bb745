"""The page on which an administrator imports another directory: first a look at what would change, then the change."""

from typing import Any

from litestar import Request, get, post
from litestar.datastructures import UploadFile
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.problems import WrongKind
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.partners.hsds.views.import_view import blank_page, result_page
from spheres_core.partners.permissions import ADMINISTER

TEMPLATE = "partners/import.html"


@get("/administration/partners", guards=[requires(ADMINISTER)], name="import_partners")
async def show_import(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, TEMPLATE, **blank_page(ctx))


@post("/administration/partners", guards=[requires(ADMINISTER)], status_code=200)
async def import_directory(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    status, shown = await result_page(ctx, await _posted(request))
    return await rendering.page(ctx, request_scope, TEMPLATE, status=status, **shown)


async def _posted(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Returns what was posted, a file as its text. Raises `WrongKind`."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise WrongKind
    given: dict[str, str] = {}
    for name, value in (await request.form()).items():
        if isinstance(value, UploadFile):
            given["name"] = value.filename or "file.json"
            given["document"] = (await value.read()).decode(errors="replace") or given.get("document", "")
        else:
            given[name] = str(value)
    return given
