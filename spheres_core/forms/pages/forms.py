"""Pages with the forms of a region: begin to write one, its versions, which of them is asked."""

from typing import Any

from litestar import Request, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.forms.operations import drafts, publication
from spheres_core.forms.permissions import EDIT
from spheres_core.forms.views.form_list import forms_page, versions_page
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope


@get("/administration/forms", guards=[requires(EDIT)], name="forms")
async def list_forms(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "forms/list.html", **await forms_page(ctx))


@post("/administration/forms", guards=[requires(EDIT)], name="begin_form", status_code=303)
async def begin(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent, content = await _sent(request)
    try:
        draft = await _begin(ctx, sent, content)
    except Refusal as refusal:
        shown = await forms_page(ctx, refusal, sent)
        return await rendering.page(ctx, request_scope, "forms/list.html", status=refusal.status, **shown)
    return go_to(place_of(ctx, request_scope, "form_draft", key=draft))


@get("/administration/forms/{key:str}/versions", guards=[requires(EDIT)], name="form_versions")
async def list_versions(ctx: Context, request_scope: RequestScope, key: FromPath[str]) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "forms/versions.html", **await versions_page(ctx, key))


@post("/administration/forms/{key:str}/versions", guards=[requires(EDIT)], name="choose_form_version", status_code=303)
async def choose_version(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], key: FromPath[str]
) -> Response[bytes]:
    sent = await read_post(request)
    match sent["act"]:
        case "retire":
            await publication.retire(ctx, key)
        case "follow":
            await publication.follow_packs(ctx, key)
        case _:
            await publication.put_in_force(ctx, key, sent["version"][:40])
    request_scope.stale = True
    return go_to(place_of(ctx, request_scope, "form_versions", key=key))


HANDLERS = (list_forms, begin, list_versions, choose_version)


async def _sent(request: Request[Any, Any, Any]) -> tuple[dict[str, str], bytes]:
    """Returns the fields that were posted, with the name of the file among them, and the file."""
    sent, content = {}, b""
    for name, value in (await request.form()).items():
        if isinstance(value, UploadFile):
            content = await value.read()
            sent[name] = value.filename or ""
        else:
            sent[name] = str(value)
    return sent, content


async def _begin(ctx: Context, sent: dict[str, str], content: bytes) -> str:
    key, act = sent.get("key", "").strip()[:60], sent.get("act", "")
    if act == "file":
        return (await drafts.begin_from_file(ctx, key, content, name=sent.get("file", ""))).key
    if act == "empty":
        return (await drafts.begin_empty(ctx, key)).key
    return (await drafts.begin_from_version(ctx, key, sent.get("version", "")[:40])).key
