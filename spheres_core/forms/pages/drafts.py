"""Pages of one draft: its questions in order, its title, preview, comparison, publishing, and the file."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.forms import queries
from spheres_core.forms.operations import drafts
from spheres_core.forms.permissions import EDIT
from spheres_core.forms.views.comparison import comparison_view
from spheres_core.forms.views.draft_page import draft_view
from spheres_core.forms.views.preview import preview_view
from spheres_core.forms.xlsform.writer import draft_workbook
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get("/administration/forms/{key:str}", guards=[requires(EDIT)], name="form_draft")
async def show_draft(ctx: Context, request_scope: RequestScope, key: FromPath[str]) -> Response[bytes]:
    stored = await queries.stored_draft(ctx, key)
    return await rendering.page(ctx, request_scope, "forms/draft.html", **draft_view(ctx, stored))


@post("/administration/forms/{key:str}/title", guards=[requires(EDIT)], name="name_form", status_code=303)
async def name_form(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], key: FromPath[str]
) -> Response[bytes]:
    sent = await read_post(request)
    titles = {name.removeprefix("title."): text.strip() for name, text in sent.pairs if name.startswith("title.")}
    await drafts.name_form(ctx, key, titles=titles, further=sent.every("further"))
    return go_to(place_of(ctx, request_scope, "form_draft", key=key))


@post("/administration/forms/{key:str}/order", guards=[requires(EDIT)], name="move_form_question", status_code=303)
async def move(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], key: FromPath[str]
) -> Response[bytes]:
    sent = await read_post(request)
    steps = {"up": -1, "down": 1}.get(sent["direction"], 0)
    await drafts.move_question(ctx, key, sent["id"], before=sent["before"], steps=steps)
    return go_to(f"{place_of(ctx, request_scope, 'form_draft', key=key)}#q-{sent['id'][:40]}")


@post("/administration/forms/{key:str}/removal", guards=[requires(EDIT)], name="remove_form_question", status_code=303)
async def remove(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], key: FromPath[str]
) -> Response[bytes]:
    await drafts.remove_question(ctx, key, (await read_post(request))["id"])
    return go_to(place_of(ctx, request_scope, "form_draft", key=key))


@post("/administration/forms/{key:str}/discard", guards=[requires(EDIT)], name="discard_form_draft", status_code=303)
async def discard(ctx: Context, request_scope: RequestScope, key: FromPath[str]) -> Response[bytes]:
    await drafts.discard(ctx, key)
    return go_to(place_of(ctx, request_scope, "forms"))


@post("/administration/forms/{key:str}/publish", guards=[requires(EDIT)], name="publish_form", status_code=303)
async def publish(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], key: FromPath[str]
) -> Response[bytes]:
    seen = (await read_post(request))["revision"]
    try:
        await drafts.publish_draft(ctx, key, revision=int(seen) if seen.isascii() and seen.isdigit() else -1)
    except (Invalid, Conflict) as refusal:
        shown = draft_view(ctx, await queries.stored_draft(ctx, key), refusal)
        return await rendering.page(ctx, request_scope, "forms/draft.html", status=refusal.status, **shown)
    request_scope.stale = True
    return go_to(place_of(ctx, request_scope, "form_versions", key=key))


@get("/administration/forms/{key:str}/preview", guards=[requires(EDIT)], name="form_preview")
async def preview(
    ctx: Context,
    request_scope: RequestScope,
    key: FromPath[str],
    width: FromQuery[str] = "",
    script: FromQuery[str] = "",
) -> Response[bytes]:
    stored = await queries.stored_draft(ctx, key)
    shown = preview_view(ctx, stored, width=width, script=script != "no")
    return await rendering.page(ctx, request_scope, "forms/preview.html", **shown)


@get("/administration/forms/{key:str}/comparison", guards=[requires(EDIT)], name="form_comparison")
async def compare(ctx: Context, request_scope: RequestScope, key: FromPath[str]) -> Response[bytes]:
    stored = await queries.stored_draft(ctx, key)
    return await rendering.page(ctx, request_scope, "forms/comparison.html", **comparison_view(ctx, stored))


@get("/administration/forms/{key:str}/xlsform", guards=[requires(EDIT)], name="form_file")
async def download(ctx: Context, key: FromPath[str]) -> Response[bytes]:
    stored = await queries.stored_draft(ctx, key)
    kept = {"content-disposition": f'attachment; filename="{stored.key}.xlsx"', "cache-control": "no-store"}
    return Response(draft_workbook(stored.draft), media_type=XLSX, headers=kept)


HANDLERS = (show_draft, name_form, move, remove, discard, publish, preview, compare, download)
