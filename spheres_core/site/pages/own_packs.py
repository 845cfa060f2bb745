"""Pages on which a region uploads its packs as .zip files, looks at them before anybody else, and puts one in force."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.lifecycle.activation import CannotSwitch
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.problems import WrongKind
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.operations import own_packs
from spheres_core.site.permissions import PUBLISH
from spheres_core.site.queries.own_packs import one_pack
from spheres_core.site.uploaded_packs import Upload, empty_sheets, sheets_of
from spheres_core.site.views.own_packs import pack_view, packs_view

ZIP = "application/zip"


@get("/administration/packs", guards=[requires(PUBLISH)], name="own_packs")
async def list_packs(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    shown = await packs_view(ctx, request_scope.runtime)
    return await rendering.page(ctx, request_scope, "site/packs.html", **shown)


@post("/administration/packs", guards=[requires(PUBLISH)], name="upload_pack", status_code=303)
async def upload_pack(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    upload = await _posted(ctx, request)
    try:
        made, _ = await own_packs.upload_pack(ctx, upload, runtime=request_scope.runtime)
    except ContentInvalid as invalid:
        shown = await packs_view(ctx, request_scope.runtime, findings=invalid.findings, id=upload.id)
        return await rendering.page(ctx, request_scope, "site/packs.html", status=422, **shown)
    return go_to(place_of(ctx, request_scope, "own_pack", id=made.id))


@get("/administration/packs/sheets", guards=[requires(PUBLISH)], name="pack_sheets", media_type=ZIP)
async def download_sheets(ctx: Context, plugin: FromQuery[str] = "") -> Response[bytes]:
    """Sends a pack that is on as the .zip of its sheets, to change and to upload again; empty ones without a name."""
    body = await _sheets(ctx, plugin)
    name = f"{plugin or 'empty'}-sheets.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(body, media_type=ZIP, headers=headers)


@get("/administration/packs/{id:uuid}", guards=[requires(PUBLISH)], name="own_pack")
async def pack(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    return await _page(ctx, request_scope, id)


@post("/administration/packs/{id:uuid}/publish", guards=[requires(PUBLISH)], name="publish_pack", status_code=303)
async def publish_pack(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    try:
        await own_packs.publish_pack(ctx, id, runtime=request_scope.runtime)
    except (ContentInvalid, CannotSwitch) as refusal:
        return await _page(ctx, request_scope, id, refusal)
    return _changed(ctx, request_scope)


@post("/administration/packs/{id:uuid}/discard", guards=[requires(PUBLISH)], name="discard_pack", status_code=303)
async def discard_pack(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    await own_packs.discard_pack(ctx, id)
    return go_to(place_of(ctx, request_scope, "own_packs"))


@post("/administration/packs/take-back", guards=[requires(PUBLISH)], name="take_back_pack", status_code=303)
async def take_back_pack(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    await own_packs.take_back_pack(ctx, sent["plugin"], runtime=request_scope.runtime)
    return _changed(ctx, request_scope)


HANDLERS = (list_packs, upload_pack, download_sheets, pack, publish_pack, discard_pack, take_back_pack)


async def _sheets(ctx: Context, plugin: str) -> bytes:
    if not plugin:
        return await asyncio.to_thread(empty_sheets, tuple(ctx.tenant.languages))
    installed = ctx.plugins.plugins.get(plugin)
    if installed is None or installed.manifest.tier != "pack":
        raise NotFound
    return await asyncio.to_thread(sheets_of, installed.root)


async def _posted(ctx: Context, request: Request[Any, Any, Any]) -> Upload:
    """Returns what was uploaded. Raises `WrongKind` for a form that holds no file."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise WrongKind
    form = await request.form()
    file, wanted = form.get("pack"), str(form.get("id", ""))[:40].strip()
    if not isinstance(file, UploadFile):
        raise WrongKind
    name, data = (file.filename or "pack.zip")[-80:], await file.read()
    await file.close()
    return Upload(name, data, wanted, tuple(ctx.tenant.languages), ctx.tenant.time_zone, ctx.now)


def _changed(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    request_scope.stale = True
    return go_to(place_of(ctx, request_scope, "own_packs"))


async def _page(
    ctx: Context, request_scope: RequestScope, id: UUID, refusal: ContentInvalid | CannotSwitch | None = None
) -> Response[bytes]:
    found = await one_pack(ctx, id)
    refusals = [] if refusal is None else [each.message for each in _errors(refusal)]
    shown = await pack_view(ctx, request_scope.runtime, found, refusals=refusals)
    preview = f"{request_scope.prefix}/preview/{id}/{rendering.short_of(ctx, request_scope)}/"
    status = 409 if refusal else 200
    return await rendering.page(ctx, request_scope, "site/pack.html", status=status, preview_url=preview, **shown)


def _errors(refusal: ContentInvalid | CannotSwitch) -> Any:
    return refusal.findings if isinstance(refusal, ContentInvalid) else refusal.errors
