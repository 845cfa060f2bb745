"""Pages on which close ones are accompanied: the records, a new one, one of them and what is done with it."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
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
from spheres_core.support.operations import entourage as operations
from spheres_core.support.permissions import ACCOMPANY
from spheres_core.support.views import entourage_form as forms
from spheres_core.support.views import entourage_pages as views

InState = Annotated[str, QueryParameter(name="state", required=False)]
NEW, ONE = "support/entourage_new.html", "support/entourage_record.html"


@get("/entourage/records", guards=[requires(ACCOMPANY)], name="entourage_records")
async def records(
    ctx: Context, request_scope: RequestScope, in_state: InState = "", cursor: FromQuery[str] = ""
) -> Response[bytes]:
    values = await views.list_view(ctx, request_scope, state=in_state, cursor=cursor)
    return await rendering.page(ctx, request_scope, "support/entourage_list.html", **values)


@get("/entourage/records/new", guards=[requires(ACCOMPANY)], name="new_entourage_record")
async def new(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, NEW, **views.new_view(ctx))


@post("/entourage/records/new", guards=[requires(ACCOMPANY)], name="open_entourage_record", status_code=201)
async def open_record(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        opened = await operations.open_record(ctx, forms.entourage_posted(sent))
    except (Conflict, Invalid) as refusal:
        shown = views.new_view(ctx, sent, refusal)
        return await rendering.page(ctx, request_scope, NEW, status=refusal.status, **shown)
    return await rendering.page(ctx, request_scope, NEW, status=201, **views.new_view(ctx, code=opened.code))


@get("/entourage/records/{id:uuid}", guards=[requires(ACCOMPANY)], name="entourage_record")
async def record(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], done: FromQuery[str] = ""
) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, ONE, **await views.record_view(ctx, id, done=done))


@post("/entourage/records/{id:uuid}", guards=[requires(ACCOMPANY)], name="act_on_entourage", status_code=303)
async def act(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await _act(ctx, id, sent)
    except (Conflict, Invalid) as refusal:
        ctx.db.commit_on_refusal = True  # nothing was changed, but the record is shown, and that stays in the trail
        shown = await views.record_view(ctx, id, refusal=refusal, sent=sent)
        return await rendering.page(ctx, request_scope, ONE, status=refusal.status, **shown)
    return go_to(done_address(place_of(ctx, request_scope, "entourage_record", id=id), sent["act"]))


@get("/entourage/records/{id:uuid}/copy", guards=[requires(ACCOMPANY)], name="entourage_copy")
async def copy(ctx: Context, id: FromPath[UUID]) -> Response[bytes]:
    name, text = await views.copy_of(ctx, id)
    kept = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(text.encode(), media_type="text/plain; charset=utf-8", headers=kept)


HANDLERS = (records, new, open_record, record, act, copy)


async def _act(ctx: Context, id: UUID, sent: Post) -> None:
    act = sent["act"]
    if act == "take":
        await operations.take_record(ctx, id, sent.version())
    elif act == "change":
        await operations.change_record(ctx, id, forms.entourage_changed(sent))
    elif act == "note":
        await operations.note_contact(ctx, id, forms.note_posted(sent))
    elif act == "offer":
        await operations.offer(ctx, id, forms.offer_posted(sent))
    elif act in ("accepted", "declined"):
        await operations.answer_offer(ctx, id, forms.offer_sent(sent), act)
    else:
        await operations.close_record(ctx, id, sent.version())
