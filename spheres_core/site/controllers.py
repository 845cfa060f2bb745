"""What describes the API itself."""

from typing import Any

from litestar import Request, get

from spheres_core.foundation.access import public
from spheres_core.foundation.context import Context
from spheres_core.foundation.edge import Edge
from spheres_core.site import openapi


@get("/openapi.json", guards=[public], include_in_schema=False, name="api_openapi")
async def show_openapi(ctx: Context, edge: Edge, request: Request[Any, Any, Any]) -> dict[str, Any]:
    return openapi.document(ctx, request.app.openapi_schema.to_schema(), prefix=edge.prefix)
