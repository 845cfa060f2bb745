"""The region's own directory for staff: what it says, where and why it differs from its plugins, what waits."""

from collections.abc import Awaitable, Mapping
from typing import Any, cast
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.problems import Malformed
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.partners.operations import edit_entry, entry_state
from spheres_core.partners.pages.directory_additions import posted_fields
from spheres_core.partners.permissions import DECIDE, EDIT, EDIT_OWN
from spheres_core.partners.three_way_merge import Choice
from spheres_core.partners.views import directory_fields
from spheres_core.partners.views.directory import entry_page, list_page

CHOICES = ("new", "ours", "own")


@get("/directory", guards=[requires(EDIT_OWN)], name="directory")
async def directory(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "partners/directory.html", **await list_page(ctx))


@get("/directory/{kind:str}/{id:uuid}", guards=[requires(EDIT_OWN)], name="directory_entry")
async def directory_entry(
    ctx: Context, request_scope: RequestScope, kind: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    return await _entry(ctx, request_scope, kind, id)


@post("/directory/{kind:str}/{id:uuid}", guards=[requires(EDIT_OWN)], name="directory_change",
      status_code=303)  # fmt: skip
async def change_entry(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], kind: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await posted_fields(request)
    changes = await _changes(ctx, kind, id, sent)
    changing = edit_entry.change_entry(ctx, kind, id, changes, why=sent.get("why", ""))
    return await _act(ctx, request_scope, kind, id, changing, sent)


@post("/directory/{kind:str}/{id:uuid}/decide", guards=[requires(DECIDE)], name="directory_decide",
      status_code=303)  # fmt: skip
async def decide(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], kind: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await posted_fields(request)
    try:
        field, choice, value = await _decision(ctx, kind, id, sent)
        await edit_entry.resolve(ctx, kind, id, field, choice=choice, value=value, why=sent.get("why", ""))
    except (Invalid, Conflict) as refusal:
        return await _entry(ctx, request_scope, kind, id, refusal, sent)
    return _back(ctx, request_scope, kind, id)


@post("/directory/{kind:str}/{id:uuid}/verify", guards=[requires(EDIT_OWN)], name="directory_verify", status_code=303)
async def verify(ctx: Context, request_scope: RequestScope, kind: FromPath[str], id: FromPath[UUID]) -> Response[bytes]:
    return await _act(ctx, request_scope, kind, id, entry_state.verify_entry(ctx, kind, id))


@post("/directory/{kind:str}/{id:uuid}/end", guards=[requires(EDIT_OWN)], name="directory_end", status_code=303)
async def end(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], kind: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await posted_fields(request)
    ending = entry_state.end_entry(ctx, kind, id, on=sent.get("on", ""), why=sent.get("why", ""))
    return await _act(ctx, request_scope, kind, id, ending, sent)


@post("/directory/{kind:str}/{id:uuid}/remove", guards=[requires(EDIT_OWN)], name="directory_remove", status_code=303)
async def remove(ctx: Context, request_scope: RequestScope, kind: FromPath[str], id: FromPath[UUID]) -> Response[bytes]:
    refused = await _refusal_of(entry_state.remove_entry(ctx, kind, id))
    if refused is not None:
        return await _entry(ctx, request_scope, kind, id, refused)
    return go_to(place_of(ctx, request_scope, "directory"))


@post("/directory/{kind:str}/{id:uuid}/put-back", guards=[requires(EDIT)], name="directory_put_back", status_code=303)
async def put_back(
    ctx: Context, request_scope: RequestScope, kind: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    return await _act(ctx, request_scope, kind, id, entry_state.put_back_entry(ctx, kind, id))


HANDLERS = (directory, directory_entry, change_entry, decide, verify, end, remove, put_back)


async def _act(
    ctx: Context,
    request_scope: RequestScope,
    kind: str,
    id: UUID,
    acting: Awaitable[Any],
    sent: Mapping[str, str] | None = None,
) -> Response[bytes]:
    refused = await _refusal_of(acting)
    return _back(ctx, request_scope, kind, id) if refused is None else await _entry(
        ctx, request_scope, kind, id, refused, sent
    )  # fmt: skip


async def _refusal_of(acting: Awaitable[Any]) -> Refusal | None:
    try:
        await acting
    except (Invalid, Conflict) as refusal:
        return refusal
    return None


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
    return go_to(place_of(ctx, request_scope, "directory_entry", kind=kind, id=id))
