"""Public pages of the library of tools."""

from typing import Annotated

from litestar import get
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import public
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.support.views.library import library_view, tool_view

Chosen = Annotated[str, QueryParameter(required=False)]


@get("/tools", guards=[public], name="tools")
async def show_library(
    ctx: Context, request_scope: RequestScope, theme: Chosen = "", audience: Chosen = "", written_in: Chosen = ""
) -> Response[bytes]:
    shown = await library_view(ctx, theme=theme, audience=audience, written_in=written_in)
    return await rendering.page(ctx, request_scope, "support/library.html", **shown)


@get("/tools/{tool:str}", guards=[public], name="tool")
async def show_tool(ctx: Context, request_scope: RequestScope, tool: FromPath[str]) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "support/tool.html", **await tool_view(ctx, tool))


HANDLERS = (show_library, show_tool)
