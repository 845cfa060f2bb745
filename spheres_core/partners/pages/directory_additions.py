"""The pages on which a partner, or one more service or contact of a partner, is written into the directory by hand."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.partners.operations import add_entry
from spheres_core.partners.operations.add_entry import ADDED_TO_A_PARTNER
from spheres_core.partners.operations.edit_entry import NoSuchEntry
from spheres_core.partners.permissions import EDIT, EDIT_OWN
from spheres_core.partners.views.added_entry import addition_page, new_partner_page, read_addition, read_partner


@get("/directory/partners/new", guards=[requires(EDIT)], name="new_partner")
async def new_partner(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await _new_partner(ctx, request_scope)


@post("/directory/partners/new", guards=[requires(EDIT)], name="add_partner", status_code=303)
async def add_partner(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await posted_fields(request)
    try:
        id = await add_entry.add_partner(ctx, read_partner(ctx, sent))
    except Invalid as refusal:
        return await _new_partner(ctx, request_scope, sent, refusal)
    return go_to(place_of(ctx, request_scope, "directory_entry", kind="organizations", id=id))


@get("/directory/{kind:str}/{id:uuid}/add/{added:str}", guards=[requires(EDIT_OWN)], name="directory_addition")
async def addition(
    ctx: Context, request_scope: RequestScope, kind: FromPath[str], id: FromPath[UUID], added: FromPath[str]
) -> Response[bytes]:
    return await _addition(ctx, request_scope, id, _addable(kind, added))


@post("/directory/{kind:str}/{id:uuid}/add/{added:str}", guards=[requires(EDIT_OWN)], name="directory_add",
      status_code=303)  # fmt: skip
async def add(
    ctx: Context,
    request_scope: RequestScope,
    request: Request[Any, Any, Any],
    kind: FromPath[str],
    id: FromPath[UUID],
    added: FromPath[str],
) -> Response[bytes]:
    sent, part = await posted_fields(request), _addable(kind, added)
    try:
        await add_entry.add_to_partner(ctx, id, part, read_addition(ctx, part, sent))
    except (Invalid, Conflict) as refusal:
        return await _addition(ctx, request_scope, id, part, sent, refusal)
    return go_to(place_of(ctx, request_scope, "directory_entry", kind="organizations", id=id))


HANDLERS = (new_partner, add_partner, addition, add)


async def posted_fields(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Returns what was posted, the last value of each name. Raises `WrongKind` and `Malformed`."""
    return dict((await read_post(request)).pairs)


def _addable(kind: str, added: str) -> str:
    """Returns what is added to an entry of this kind. Raises `NoSuchEntry` where nothing of that kind is."""
    if kind != "organizations" or added not in ADDED_TO_A_PARTNER:
        raise NoSuchEntry
    return added


async def _new_partner(
    ctx: Context, request_scope: RequestScope, sent: dict[str, str] | None = None, refusal: Refusal | None = None
) -> Response[bytes]:
    shown, status = await new_partner_page(ctx, sent, refusal), refusal.status if refusal else 200
    return await rendering.page(ctx, request_scope, "partners/new_partner.html", status=status, **shown)


async def _addition(
    ctx: Context,
    request_scope: RequestScope,
    id: UUID,
    kind: str,
    sent: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response[bytes]:
    shown, status = await addition_page(ctx, id, kind, sent, refusal), refusal.status if refusal else 200
    return await rendering.page(ctx, request_scope, "partners/addition.html", status=status, **shown)
