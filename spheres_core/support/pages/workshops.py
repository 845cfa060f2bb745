"""Pages of workshops: the log, a new one, one of them, its correction, figures, the log as a file."""

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
from spheres_core.support.operations import workshops as operations
from spheres_core.support.operations.workshop_file import write_file
from spheres_core.support.permissions import COUNT_WORKSHOPS, LOG_WORKSHOPS
from spheres_core.support.views import workshop_form as forms
from spheres_core.support.views import workshop_pages as views
from spheres_core.support.views.workshop_download import file_answer

NEW, ONE, CHANGE = "support/workshop_new.html", "support/workshop.html", "support/workshop_change.html"


@get("/staff/workshops", guards=[requires(LOG_WORKSHOPS)], name="workshops")
async def workshops(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], done: FromQuery[str] = ""
) -> Response[bytes]:
    shown = await views.list_view(ctx, asked(request), done=done)
    return await rendering.page(ctx, request_scope, "support/workshops.html", **shown)


@get("/staff/workshops/new", guards=[requires(LOG_WORKSHOPS)], name="new_workshop")
async def new(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, NEW, **await views.new_view(ctx))


@post("/staff/workshops/new", guards=[requires(LOG_WORKSHOPS)], name="log_workshop", status_code=303)
async def log(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        id = await operations.log_workshop(ctx, forms.workshop_sent(ctx, sent))
    except (Conflict, Invalid) as refusal:
        shown = await views.new_view(ctx, sent, refusal)
        return await rendering.page(ctx, request_scope, NEW, status=refusal.status, **shown)
    return go_to(done_address(place_of(ctx, request_scope, "workshop", id=id), "log"))


@get("/staff/workshops/figures", guards=[requires(COUNT_WORKSHOPS)], name="workshop_figures")
async def figures(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "support/workshop_figures.html", **await views.figures_view(ctx))


@get("/staff/workshops/file", guards=[requires(COUNT_WORKSHOPS)], name="workshop_file")
async def file(ctx: Context, request: Request[Any, Any, Any]) -> Response[bytes]:
    return file_answer(await write_file(ctx, views.filters_of(asked(request))))


@get("/staff/workshops/{id:uuid}", guards=[requires(LOG_WORKSHOPS)], name="workshop")
async def workshop(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], done: FromQuery[str] = ""
) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, ONE, **await views.workshop_view(ctx, id, done=done))


@post("/staff/workshops/{id:uuid}", guards=[requires(LOG_WORKSHOPS)], name="act_on_workshop", status_code=303)
async def act(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        done = await _act(ctx, id, sent)
    except (Conflict, Invalid) as refusal:
        ctx.db.commit_on_refusal = True  # nothing was changed, but the workshop is shown, and that stays in the trail
        shown = await views.workshop_view(ctx, id, sent=sent, refusal=refusal)
        return await rendering.page(ctx, request_scope, ONE, status=refusal.status, **shown)
    return go_to(done_address(place_of(ctx, request_scope, "workshop", id=id), done))


@get("/staff/workshops/{id:uuid}/change", guards=[requires(LOG_WORKSHOPS)], name="correct_workshop")
async def correct(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, CHANGE, **await views.change_view(ctx, id))


@post("/staff/workshops/{id:uuid}/change", guards=[requires(LOG_WORKSHOPS)], name="change_workshop", status_code=303)
async def change(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await operations.change_workshop(ctx, id, forms.change_sent(ctx, sent))
    except (Conflict, Invalid) as refusal:
        ctx.db.commit_on_refusal = True  # as in `act`
        shown = await views.change_view(ctx, id, sent, refusal)
        return await rendering.page(ctx, request_scope, CHANGE, status=refusal.status, **shown)
    return go_to(done_address(place_of(ctx, request_scope, "workshop", id=id), "change"))


HANDLERS = (workshops, new, log, figures, file, workshop, act, correct, change)


def asked(request: Request[Any, Any, Any]) -> Post:
    """Returns what stands in the address of a list."""
    return Post([(name, value) for name, value in request.query_params.multi_items()])


async def _act(ctx: Context, id: UUID, sent: Post) -> str:
    if sent["act"] == "hold":
        await operations.hold_workshop(ctx, id, forms.held_sent(sent))
        return "hold"
    await operations.cancel_workshop(ctx, id, sent.version())
    return "cancel"
