"""The OpenAPI document, and the tenant's plugins as JSON."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import PathParameter, QueryParameter
from litestar.response import Response, Stream

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import public, requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.api_schemas.plugins import IncidentList, PluginList, PluginPreview
from spheres_core.site.operations import activation, export_document
from spheres_core.site.permissions import EXPORT, SWITCH
from spheres_core.site.schemas import PluginSwitched
from spheres_core.site.views import openapi, plugin_download, plugin_overview

PluginId = Annotated[str, PathParameter(description="The id of a plugin, as the list of plugins gives it.")]

RemovesEntries = Annotated[
    bool, QueryParameter(description="Show what it brought into the directory no more; each entry can be put back.")
]


@get("/openapi.json", guards=[public], include_in_schema=False, name="api_openapi")
async def show_openapi(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    made = openapi.encoded_document(ctx, lambda: request.app.openapi_schema.to_schema(), prefix=request_scope.prefix)
    return Response(made, media_type="application/json")


@get("/admin/plugins", guards=[requires(SWITCH)], name="api_plugins", tags=["plugins"],
     summary="Every plugin that is on, off, or could be switched on")  # fmt: skip
async def list_plugins(ctx: Context, request_scope: RequestScope) -> PluginList:
    """`left_out`: it is on, and cannot be used for the reason that is given."""
    return PluginList(
        await plugin_overview.list_plugins(ctx, request_scope.runtime.machine_of(request_scope.loaded.own))
    )


@get("/admin/plugins/{plugin:str}/preview", guards=[requires(SWITCH)], name="api_plugin_preview",
     tags=["plugins"], summary="What switching a plugin would do")  # fmt: skip
async def preview_plugin(ctx: Context, request_scope: RequestScope, plugin: PluginId) -> PluginPreview:
    """Builds the other set of plugins aside to find out; nothing of the tenant is touched."""
    return await plugin_overview.preview_of(ctx, plugin, request_scope.runtime)


@get("/admin/incidents", guards=[requires(SWITCH)], name="api_incidents", tags=["plugins"],
     summary="What went wrong in plugins: which part, at which line, how often")  # fmt: skip
async def list_incidents(ctx: Context) -> IncidentList:
    """Without words or values. `resting`: it is out of this region's way for a while."""
    return IncidentList(await plugin_overview.list_incidents(ctx))


@post("/admin/plugins/{plugin:str}/on", guards=[requires(SWITCH)], name="api_plugin_on", status_code=200,
      tags=["plugins"], summary="Switch a plugin on")  # fmt: skip
async def switch_on(ctx: Context, request_scope: RequestScope, plugin: PluginId) -> PluginSwitched:
    """Refused with everything that stands against it, each with the plugin that it is about."""
    request_scope.stale = await activation.switch_on(ctx, plugin, runtime=request_scope.runtime)
    return PluginSwitched(plugin, "on", request_scope.stale)


@post("/admin/plugins/{plugin:str}/off", guards=[requires(SWITCH)], name="api_plugin_off", status_code=200,
      tags=["plugins"], summary="Switch a plugin off; what it keeps stays")  # fmt: skip
async def switch_off(
    ctx: Context, request_scope: RequestScope, plugin: PluginId, remove_entries: RemovesEntries = False
) -> PluginSwitched:
    """Refused while another plugin that is on requires it."""
    request_scope.stale = await activation.switch_off(
        ctx, plugin, runtime=request_scope.runtime, remove_entries=remove_entries
    )
    return PluginSwitched(plugin, "off", request_scope.stale)


@get("/admin/plugins/{plugin:str}/export", guards=[requires(EXPORT)], name="api_plugin_export",
     tags=["plugins"], media_type=export_document.ZIP,
     summary="A copy of what a plugin holds, as a zip")  # fmt: skip
async def export_plugin(ctx: Context, request_scope: RequestScope, plugin: PluginId) -> Stream:
    """Tables as JSON lines and as sheets, with counts and checksums. Nothing is changed; that it was taken is kept."""
    return plugin_download.download(*await export_document.export_to_send(ctx, plugin, runtime=request_scope.runtime))


HANDLERS: list[Any] = [
    show_openapi, list_incidents, list_plugins, preview_plugin, switch_on, switch_off, export_plugin
]  # fmt: skip
