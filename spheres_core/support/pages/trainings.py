"""Pages of trainings: one's own log, or a colleague's for who coordinates, a new one, one of them."""

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
from spheres_core.support.operations import trainings as operations
from spheres_core.support.pages.workshops import asked
from spheres_core.support.permissions import LOG_TRAININGS
from spheres_core.support.views import training_pages as views

FORM = "support/training.html"


@get("/staff/trainings", guards=[requires(LOG_TRAININGS)], name="trainings")
async def trainings(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], done: FromQuery[str] = ""
) -> Response[bytes]:
    shown = await views.list_view(ctx, asked(request), done=done)
    return await rendering.page(ctx, request_scope, "support/trainings.html", **shown)


@get("/staff/trainings/new", guards=[requires(LOG_TRAININGS)], name="new_training")
async def new(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, FORM, **await views.form_view(ctx))


@post("/staff/trainings/new", guards=[requires(LOG_TRAININGS)], name="log_training", status_code=303)
async def log(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await operations.log_training(ctx, views.training_sent(sent))
    except (Conflict, Invalid) as refusal:
        shown = await views.form_view(ctx, None, sent, refusal)
        return await rendering.page(ctx, request_scope, FORM, status=refusal.status, **shown)
    return go_to(done_address(place_of(ctx, request_scope, "trainings"), "log"))


@get("/staff/trainings/{id:uuid}", guards=[requires(LOG_TRAININGS)], name="training")
async def training(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, FORM, **await views.form_view(ctx, id))


@post("/staff/trainings/{id:uuid}", guards=[requires(LOG_TRAININGS)], name="act_on_training", status_code=303)
async def act(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        done = await _act(ctx, id, sent)
    except (Conflict, Invalid) as refusal:
        ctx.db.commit_on_refusal = True  # nothing was changed, but the training is shown, and that stays in the trail
        shown = await views.form_view(ctx, id, sent, refusal)
        return await rendering.page(ctx, request_scope, FORM, status=refusal.status, **shown)
    return go_to(done_address(place_of(ctx, request_scope, "trainings"), done))


HANDLERS = (trainings, new, log, training, act)


async def _act(ctx: Context, id: UUID, sent: Post) -> str:
    if sent["act"] == "remove":
        await operations.remove_training(ctx, id, sent.version())
        return "remove"
    await operations.change_training(ctx, id, views.change_sent(sent))
    return "change"
