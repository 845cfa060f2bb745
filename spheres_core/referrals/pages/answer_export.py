"""Page on which a coordinator takes the answers of many referrals out as a file."""

from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.operations import answer_export
from spheres_core.referrals.permissions import EXPORT
from spheres_core.referrals.views.answer_export import export_page, file_answer, posted_export


@get("/referrals/export", guards=[requires(EXPORT)], name="export_referrals")
async def show_export(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    answer_export.require_export(ctx)
    return await rendering.page(ctx, request_scope, "referrals/export.html", **export_page(ctx))


@post("/referrals/export", guards=[requires(EXPORT)], status_code=200)
async def export(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = dict((await read_post(request)).pairs)
    try:
        return file_answer(await answer_export.export_answers(ctx, posted_export(sent)))
    except (Conflict, Invalid) as refusal:
        shown = export_page(ctx, sent, refusal)
        return await rendering.page(ctx, request_scope, "referrals/export.html", status=refusal.status, **shown)


HANDLERS = (show_export, export)
