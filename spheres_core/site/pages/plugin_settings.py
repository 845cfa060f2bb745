"""The page of a plugin's settings."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.operations.plugin_settings import PostedSettings, SettingsInvalid, change_settings
from spheres_core.site.permissions import SWITCH
from spheres_core.site.views.plugin_settings import settings_view

PAGE = "site/plugin_settings.html"


@get("/administration/plugins/{plugin:str}/settings", guards=[requires(SWITCH)], name="plugin_settings")
async def plugin_settings(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], plugin: FromPath[str]
) -> Response[bytes]:
    done = request.query_params.get("done") == "yes"
    return await rendering.page(ctx, request_scope, PAGE, **settings_view(ctx, plugin, done=done))


@post("/administration/plugins/{plugin:str}/settings", guards=[requires(SWITCH)], name="change_plugin_settings",
      status_code=303)  # fmt: skip
async def change_plugin_settings(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], plugin: FromPath[str]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        request_scope.stale = bool(await change_settings(ctx, plugin, _posted(sent)))
    except SettingsInvalid as refusal:
        view = settings_view(ctx, plugin, sent=sent, refusal=refusal)
        return await rendering.page(ctx, request_scope, PAGE, status=refusal.status, **view)
    return rendering.go_to(rendering.place_of(ctx, request_scope, "plugin_settings", plugin=plugin) + "?done=yes")


HANDLERS = (plugin_settings, change_plugin_settings)


def _posted(sent: Post) -> PostedSettings:
    values: dict[str, list[str]] = {}
    for name, value in sent.pairs:
        values.setdefault(name, []).append(value)
    secrets = {name.removeprefix("_new_"): value for name, value in sent.own.items() if name.startswith("_new_")}
    removed = frozenset(name.removeprefix("_remove_") for name in sent.own if name.startswith("_remove_"))
    return PostedSettings(values, secrets, removed)
