"""Pages of the register of incidents: the list, a new one, one of them."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.privacy.operations import incidents as operations
from spheres_core.privacy.permissions import KEEP
from spheres_core.privacy.views import incident_pages as views

NEW, ONE = "privacy/incident_new.html", "privacy/incident.html"


@get("/staff/incidents", guards=[requires(KEEP)], name="incidents")
async def incidents(
    ctx: Context, request_scope: RequestScope, cursor: FromQuery[str] = "", done: FromQuery[str] = ""
) -> Response[bytes]:
    shown = await views.list_view(ctx, cursor=cursor, done=done)
    return await rendering.page(ctx, request_scope, "privacy/incidents.html", **shown)


@get("/staff/incidents/new", guards=[requires(KEEP)], name="new_incident")
async def new(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, NEW, **await views.new_view(ctx))


@post("/staff/incidents/new", guards=[requires(KEEP)], name="record_incident", status_code=303)
async def record(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        id = await operations.record_incident(ctx, views.incident_posted(sent))
    except (Conflict, Invalid) as refusal:
        shown = await views.new_view(ctx, sent, refusal)
        return await rendering.page(ctx, request_scope, NEW, status=refusal.status, **shown)
    return go_to(done_address(place_of(ctx, request_scope, "incident", id=id), "recorded"))


@get("/staff/incidents/{id:uuid}", guards=[requires(KEEP)], name="incident")
async def incident(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], done: FromQuery[str] = ""
) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, ONE, **await views.incident_view(ctx, id, done=done))


@post("/staff/incidents/{id:uuid}", guards=[requires(KEEP)], name="act_on_incident", status_code=303)
async def act(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await _act(ctx, id, sent)
    except (Conflict, Invalid) as refusal:
        ctx.db.commit_on_refusal = True  # nothing was changed, but the incident is shown, and that stays in the trail
        shown = await views.incident_view(ctx, id, sent=sent, refusal=refusal)
        return await rendering.page(ctx, request_scope, ONE, status=refusal.status, **shown)
    return go_to(done_address(place_of(ctx, request_scope, "incident", id=id), sent["act"]))


HANDLERS = (incidents, new, record, incident, act)


async def _act(ctx: Context, id: UUID, sent: Post) -> None:
    if sent["act"] == "close":
        await operations.close_incident(ctx, id, sent.version())
    else:
        await operations.change_incident(ctx, id, views.incident_changed(sent))
