"""Settings of a plugin, as JSON. Secrets go in and never come out."""

from typing import Annotated, Any

from litestar import get, post
from litestar.params import JSONBody, PathParameter

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.api_schemas.plugin_settings import SettingList, SettingsChanged, SettingsPosted
from spheres_core.site.operations.plugin_settings import change_settings
from spheres_core.site.permissions import SWITCH
from spheres_core.site.views.plugin_settings import posted_settings, setting_list

_OPTIONS: dict[str, Any] = {"guards": [requires(SWITCH)], "tags": ["plugins"]}
PluginId = Annotated[str, PathParameter(description="The id of a plugin that is on.")]


@get("/admin/plugins/{plugin:str}/settings", name="api_plugin_settings", summary="What can be set for a plugin",
     **_OPTIONS)  # fmt: skip
async def list_settings(ctx: Context, plugin: PluginId) -> SettingList:
    """Lists the settings that hold, with their limits. Of a secret it says only whether one is set."""
    return setting_list(ctx, plugin)


@post("/admin/plugins/{plugin:str}/settings", name="api_change_plugin_settings", status_code=200,
      summary="Change settings of a plugin", **_OPTIONS)  # fmt: skip
async def set_settings(
    ctx: Context, request_scope: RequestScope, plugin: PluginId, data: JSONBody[SettingsPosted]
) -> SettingsChanged:
    """Sets those that are named, all or none; they hold at the next request. The trail names them, never a value."""
    changed = await change_settings(ctx, plugin, posted_settings(ctx, plugin, data))
    request_scope.stale = bool(changed)
    return SettingsChanged(list(changed))


HANDLERS: list[Any] = [list_settings, set_settings]
