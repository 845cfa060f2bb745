"""The page on which her identity is opened with a reason, for one view; and who opened whose."""

from typing import Any

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
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.operations import identity as operations
from spheres_core.participants.pages.files import section_page
from spheres_core.participants.permissions import IDENTITY, OPENINGS
from spheres_core.participants.queries.access import find_for_caller, require_class
from spheres_core.participants.queries.said_before import said_before
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm
from spheres_core.participants.views.confirmations import say_done
from spheres_core.participants.views.identity_page import facts_written, identity_of, identity_page, openings_page

PAGE = "identity"
TEMPLATE = "participants/identity.html"


@get("/staff/participants/{participant:str}/identity", guards=[requires(IDENTITY)], name=PAGE)
async def identity(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], done: FromQuery[str] = ""
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_class(ctx, access, "identity")
    shown = identity_page(ctx)
    return await section_page(ctx, request_scope, access, TEMPLATE, page=PAGE, done=say_done(ctx, done), **shown)


@post("/staff/participants/{participant:str}/identity", guards=[requires(IDENTITY)], name="open_identity",
      status_code=200)  # fmt: skip
async def open_identity(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    reason = sent["reason"][:1000]
    try:
        opened = await operations.open_identity(ctx, access, reason=reason)
    except Invalid as refusal:
        return await _show(ctx, request_scope, access, refusal.status, identity_page(ctx, sent=sent, refusal=refusal))
    before = None if facts_written(opened) else await said_before(ctx, access)
    return await _show(ctx, request_scope, access, 200, identity_page(ctx, opened=opened, before=before, reason=reason))


@post("/staff/participants/{participant:str}/identity/versions", guards=[requires(IDENTITY)], name="write_identity",
      status_code=303)  # fmt: skip
async def write_identity(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        await _write(ctx, access, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_not_written(ctx, request_scope, access, sent, refusal)
    address = rendering.place_of(ctx, request_scope, PAGE, participant=access.code)
    return rendering.go_to(done_address(address, "identity_written"))


@get("/staff/identity-openings", guards=[requires(OPENINGS)], name="identity_openings")
async def list_openings(ctx: Context, request_scope: RequestScope, cursor: FromQuery[str] = "") -> Response[bytes]:
    shown = await openings_page(ctx, cursor=cursor)
    return await rendering.page(ctx, request_scope, "participants/identity_openings.html", **shown)


HANDLERS = (identity, open_identity, write_identity, list_openings)


async def _write(ctx: Context, access: ParticipantAccess, sent: Post) -> None:
    written, version = identity_of(ctx, sent), sent.version()
    if sent.problems:
        raise Invalid
    await operations.write_identity(ctx, access, written, version=version, reason=sent["reason"])


async def _show_not_written(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post, refusal: Conflict | Invalid
) -> Response[bytes]:
    """Shows the form again with what stands against it, and her identity; that reading stays in the trail."""
    opened = await operations.open_identity(ctx, access, reason=sent["reason"])
    ctx.db.commit_on_refusal = True
    shown = identity_page(ctx, opened=opened, reason=sent["reason"], sent=sent, refusal=refusal)
    return await _show(ctx, request_scope, access, refusal.status, shown)


async def _show(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, status: int, shown: dict[str, Any]
) -> Response[bytes]:
    open_form = OpenForm("identity") if shown["opened"] else None
    return await section_page(
        ctx, request_scope, access, TEMPLATE, page=PAGE, status=status, open_form=open_form, **shown
    )
