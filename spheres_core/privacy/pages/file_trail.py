"""The page that says who read and changed something about a participant."""

from typing import Final

from litestar import get
from litestar.params import FromQuery
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.privacy.permissions import OVERSEE
from spheres_core.privacy.views import file_trail_page as views

LONGEST_CODE: Final = 40


@get("/staff/privacy/trail", guards=[requires(OVERSEE)], name="file_trail")
async def file_trail(
    ctx: Context, request_scope: RequestScope, code: FromQuery[str] = "", cursor: FromQuery[str] = ""
) -> Response[bytes]:
    shown = await views.file_trail_page(ctx, code=code[:LONGEST_CODE], cursor=cursor)
    status = 404 if shown["problems"] else 200
    return await rendering.page(ctx, request_scope, "privacy/file_trail.html", status=status, **shown)


HANDLERS = (file_trail,)
