"""The region's own directory for staff: what it says, where and why it differs from its plugins, what waits."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qsl
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.problems import Malformed, WrongKind
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.partners.operations import edit_entry
from spheres_core.partners.permissions import DECIDE, EDIT
from spheres_core.partners.three_way_merge import Choice
from spheres_core.partners.views import directory_fields
from spheres_core.partners.views.directory import entry_page, list_page

URL_ENCODED = "application/x-www-form-urlencoded"
MOST_FIELDS = 60
CHOICES = ("new", "ours", "own")


@get("/directory", guards=[requires(EDIT)], name="directory")
async def directory(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "partners/directory.html", **await list_page(ctx))


@get("/directory/{kind:str}/{id:uuid}", guards=[requires(EDIT)], name="directory_entry")
async def directory_entry(
    ctx: Context, request_scope: RequestScope, kind: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    return await _entry(ctx, request_scope, kind, id)


@post("/directory/{kind:str}/{id:uuid}", guards=[requires(EDIT)], name="directory_change",
      status_code=303)  # fmt: skip
async def change_entry(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], kind: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await _posted(request)
    changes = await _changes(ctx, kind, id, sent)
    try:
        await edit_entry.change_entry(ctx, kind, id, changes, why=sent.get("why", ""))
    except Invalid as refusal:
        return await _entry(ctx, request_scope, kind, id, refusal, sent)
    return _back(ctx, request_scope, kind, id)


@post("/directory/{kind:str}/{id:uuid}/decide", guards=[requires(DECIDE)], name="directory_decide",
      status_code=303)  # fmt: skip
async def decide(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], kind: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await _posted(request)
    try:
        field, choice, value = await _decision(ctx, kind, id, sent)
        await edit_entry.resolve(ctx, kind, id, field, choice=choice, value=value, why=sent.get("why", ""))
    except (Invalid, Conflict) as refusal:
        return await _entry(ctx, request_scope, kind, id, refusal, sent)
    return _back(ctx, request_scope, kind, id)


HANDLERS = (directory, directory_entry, change_entry, decide)


async def _changes(ctx: Context, kind: str, id: UUID, sent: Mapping[str, str]) -> dict[str, Any]:
    """Returns what was sent of the fields that the page offers."""
    row = await edit_entry.find_entry(ctx, kind, id)
    offered = [name for name in directory_fields.SHAPES if name in row.content]
    given = {name.partition(".")[0] for name in sent}
    return {name: directory_fields.read_field(ctx, name, row.content[name], sent) for name in offered if name in given}


async def _decision(ctx: Context, kind: str, id: UUID, sent: Mapping[str, str]) -> tuple[str, Choice, Any]:
    """Returns the field that is decided on, for which side, and its own value where that is given."""
    row = await edit_entry.find_entry(ctx, kind, id)
    field, choice = sent.get("_field", ""), sent.get("_choice", "")
    own = choice == "own"
    if choice not in CHOICES or (own and field not in directory_fields.SHAPES):
        raise Malformed
    value = directory_fields.read_field(ctx, field, row.content.get(field), sent) if own else None
    return field, cast(Choice, choice), value


async def _entry(
    ctx: Context,
    request_scope: RequestScope,
    kind: str,
    id: UUID,
    refusal: Refusal | None = None,
    sent: Mapping[str, str] | None = None,
) -> Response[bytes]:
    shown = await entry_page(ctx, kind, id, refusal, sent)
    status = refusal.status if refusal else 200
    return await rendering.page(ctx, request_scope, "partners/directory_entry.html", status=status, **shown)


def _back(ctx: Context, request_scope: RequestScope, kind: str, id: UUID) -> Response[bytes]:
    path = ctx.plugins.addresses["directory_entry"].format(kind=kind, id=id)
    where = f"{request_scope.prefix}/{rendering.short_of(ctx, request_scope)}{path}"
    return Response(b"", status_code=303, headers={"location": where, "cache-control": "no-store"})


async def _posted(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Returns what was posted. Raises `WrongKind` and `Malformed`."""
    if not request.headers.get("content-type", "").startswith(URL_ENCODED):
        raise WrongKind
    try:
        body = (await request.body()).decode("ascii")
        return dict(parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        raise Malformed from None
