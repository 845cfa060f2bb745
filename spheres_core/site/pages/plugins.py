"""The tenant's plugins on a page: what each would do, and the switch."""

from functools import partial
from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response, Stream
from msgspec import structs

from spheres_core.foundation.lifecycle.activation import CannotSwitch
from spheres_core.foundation.plugins.manifest import requirement_message
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.api_schemas.plugins import PreviewProblem
from spheres_core.site.operations import activation, export_document
from spheres_core.site.permissions import EXPORT, SWITCH
from spheres_core.site.views import plugin_download, plugin_overview
from spheres_core.site.views.administration import TOPICS


@get("/administration/plugins", guards=[requires(SWITCH)], name="plugins")
async def plugins(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    listed = await plugin_overview.list_plugins(ctx, request_scope.runtime.machine_of(request_scope.loaded.own))
    return await rendering.page(
        ctx, request_scope, "site/plugins.html", title=ctx.locale.say("Plugins"), plugins=listed
    )


@get("/administration/plugins/{plugin:str}", guards=[requires(SWITCH)], name="plugin")
async def plugin(ctx: Context, request_scope: RequestScope, plugin: FromPath[str]) -> Response[bytes]:
    return await _preview(ctx, request_scope, plugin)


@post("/administration/plugins/{plugin:str}/on", guards=[requires(SWITCH)], name="plugin_on", status_code=303)
async def switch_on(ctx: Context, request_scope: RequestScope, plugin: FromPath[str]) -> Response[bytes]:
    return await _switch(ctx, request_scope, plugin, activation.switch_on)


@post("/administration/plugins/{plugin:str}/off", guards=[requires(SWITCH)], name="plugin_off", status_code=303)
async def switch_off(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], plugin: FromPath[str]
) -> Response[bytes]:
    remove = (await read_post(request))["remove_entries"] == "yes"
    return await _switch(ctx, request_scope, plugin, partial(activation.switch_off, remove_entries=remove))


@post("/administration/plugins/{plugin:str}/export", guards=[requires(EXPORT)], name="plugin_export", status_code=200,
      media_type=export_document.ZIP)  # fmt: skip
async def export_plugin(ctx: Context, request_scope: RequestScope, plugin: FromPath[str]) -> Stream:
    return plugin_download.download(*await export_document.export_to_send(ctx, plugin, runtime=request_scope.runtime))


HANDLERS = (plugins, plugin, switch_on, switch_off, export_plugin)


async def _switch(ctx: Context, request_scope: RequestScope, plugin_id: str, act: Any) -> Response[bytes]:
    try:
        request_scope.stale = await act(ctx, plugin_id, runtime=request_scope.runtime)
    except CannotSwitch as refusal:
        return await _preview(ctx, request_scope, plugin_id, refusal)
    return rendering.go_to(rendering.place_of(ctx, request_scope, "plugins"))


async def _preview(
    ctx: Context, request_scope: RequestScope, plugin_id: str, refusal: CannotSwitch | None = None
) -> Response[bytes]:
    shown = await plugin_overview.preview_of(ctx, plugin_id, request_scope.runtime)
    if refusal is not None:
        problems = [PreviewProblem(each.path, ctx.locale.say(each.message)) for each in refusal.errors]
        shown = structs.replace(shown, problems=problems)
    status = refusal.status if refusal else 200
    return await rendering.page(
        ctx, request_scope, "site/plugin.html", status=status, title=shown.title, preview=shown, topics=TOPICS,
        incidents=await plugin_overview.list_incidents(ctx, plugin_id), may_export=ctx.may(EXPORT),
        entries=await plugin_overview.entries_of(ctx, plugin_id) if shown.action == "off" else None,
        requirement=requirement_message,
    )  # fmt: skip
