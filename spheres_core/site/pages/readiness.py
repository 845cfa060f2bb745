"""Page of the facts about opening this region, with the notes on what it covers otherwise."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.operations import coverage_notes
from spheres_core.site.operations.coverage_notes import NoteInvalid
from spheres_core.site.permissions import ADMINISTER
from spheres_core.site.views.readiness import readiness


@get("/administration/readiness", guards=[requires(ADMINISTER)], name="readiness")
async def show_readiness(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await _page(ctx, request_scope)


@post("/administration/readiness/{element:str}", guards=[requires(ADMINISTER)], name="readiness_note", status_code=303)
async def write_note(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], element: FromPath[str]
) -> Response[bytes]:
    sent = await read_post(request)
    how, why = sent["how"], sent["why"]
    try:
        await coverage_notes.write_note(ctx, element, how=how, why=why)
    except NoteInvalid as refusal:
        return await _page(ctx, request_scope, refusal, {"element": element, "how": how, "why": why})
    return go_to(place_of(ctx, request_scope, "readiness"))


HANDLERS = (show_readiness, write_note)


async def _page(
    ctx: Context, request_scope: RequestScope, refusal: NoteInvalid | None = None, sent: dict[str, str] | None = None
) -> Response[bytes]:
    return await rendering.page(
        ctx, request_scope, "site/readiness.html", status=refusal.status if refusal else 200,
        title=ctx.locale.say("Ready to open"), ready=await readiness(ctx), sent=sent or {"element": ""},
        trouble=ctx.locale.say(refusal.message) if refusal else None,
    )  # fmt: skip
