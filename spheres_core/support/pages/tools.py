"""Pages of who writes tools: the work there is, one tool, its form."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.support.permissions import WRITE_TOOLS
from spheres_core.support.views import tool_pages as views

FORM = "support/tool_form.html"


@get("/staff/tools", guards=[requires(WRITE_TOOLS)], name="tool_desk")
async def desk(ctx: Context, request_scope: RequestScope, done: FromQuery[str] = "") -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "support/tool_desk.html", **await views.desk_view(ctx, done=done))


@get("/staff/tools/new", guards=[requires(WRITE_TOOLS)], name="begin_tool")
async def begin(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, FORM, **await views.form_view(ctx))


@post("/staff/tools/new", guards=[requires(WRITE_TOOLS)], name="write_tool", status_code=303)
async def write(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    return await _save(ctx, request_scope, request, "")


@get("/staff/tools/{tool:str}", guards=[requires(WRITE_TOOLS)], name="tool_record")
async def record(
    ctx: Context, request_scope: RequestScope, tool: FromPath[str], done: FromQuery[str] = ""
) -> Response[bytes]:
    shown = await views.one_view(ctx, tool, done=done)
    return await rendering.page(ctx, request_scope, "support/tool_record.html", **shown)


@post("/staff/tools/{tool:str}", guards=[requires(WRITE_TOOLS)], name="act_on_tool", status_code=303)
async def act(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], tool: FromPath[str]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        done = await views.act(ctx, tool, sent)
    except Conflict as refusal:
        shown = await views.one_view(ctx, tool, refusal=refusal)
        return await rendering.page(ctx, request_scope, "support/tool_record.html", status=refusal.status, **shown)
    return go_to(done_address(views.page_after(ctx, request_scope, done, tool), done))


@get("/staff/tools/{tool:str}/change", guards=[requires(WRITE_TOOLS)], name="edit_tool")
async def edit(ctx: Context, request_scope: RequestScope, tool: FromPath[str]) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, FORM, **await views.form_view(ctx, tool))


@post("/staff/tools/{tool:str}/change", guards=[requires(WRITE_TOOLS)], name="change_tool", status_code=303)
async def change(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], tool: FromPath[str]
) -> Response[bytes]:
    return await _save(ctx, request_scope, request, tool)


HANDLERS = (desk, begin, write, record, act, edit, change)


async def _save(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], code: str
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        written = await views.save(ctx, code, sent)
    except (Conflict, Invalid) as refusal:
        shown = await views.form_view(ctx, code, sent=sent, refusal=refusal)
        return await rendering.page(ctx, request_scope, FORM, status=refusal.status, **shown)
    return go_to(done_address(place_of(ctx, request_scope, "tool_record", tool=written), "write"))
