"""The page that says which files are erased soon, and which could not be erased whole."""

from typing import Final

from litestar import get
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.privacy.permissions import OVERSEE
from spheres_core.privacy.views import ended_files_page as views


@get("/staff/privacy/ended-files", guards=[requires(OVERSEE)], name="ended_files")
async def ended_files(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "privacy/ended_files.html", **await views.ended_files_page(ctx))


HANDLERS: Final = (ended_files,)
