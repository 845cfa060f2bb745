"""Pages for tokens of other systems: the list for those who look after staff, making one, and taking one back."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.account_details import DetailsInvalid
from spheres_core.staff.operations import tokens as operations
from spheres_core.staff.operations.tokens import TokenUnknown
from spheres_core.staff.permissions import MANAGE, OWN_ACCOUNT
from spheres_core.staff.views.tokens import token_made_view, tokens_view


@get("/administration/tokens", guards=[requires(MANAGE)], name="tokens")
async def tokens(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    return await _page(ctx, request_scope, Post(()), done=request.query_params.get("done", ""))


@post("/administration/tokens", guards=[requires(MANAGE)], name="make_token", status_code=201)
async def make_token(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        made = await _make(ctx, sent)
    except DetailsInvalid as refusal:
        return await _page(ctx, request_scope, sent, refusal)
    return await rendering.page(ctx, request_scope, "staff/token_made.html", status=201, **token_made_view(ctx, made))


@post("/administration/tokens/{id:uuid}/revoke", guards=[requires(MANAGE)], name="revoke_token", status_code=303)
async def revoke_token(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    try:
        await operations.revoke_token(ctx, id)
    except TokenUnknown:
        return go_to(place_of(ctx, request_scope, "tokens"))
    return go_to(f"{place_of(ctx, request_scope, 'tokens')}?done=revoked")


@post("/account/tokens/{id:uuid}/revoke", guards=[requires(OWN_ACCOUNT)], name="revoke_own_token", status_code=303)
async def revoke_own_token(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    try:
        await operations.revoke_own_token(ctx, id)
    except TokenUnknown:
        return go_to(place_of(ctx, request_scope, "account"))
    return go_to(f"{place_of(ctx, request_scope, 'account')}?done=token")


HANDLERS = (tokens, make_token, revoke_token, revoke_own_token)


async def _make(ctx: Context, sent: Post) -> str:
    days = int(sent["days"]) if sent["days"].isdecimal() and len(sent["days"]) < 6 else 0
    return await operations.create_token(ctx, sent.every("roles"), label=sent["label"], days=days)


async def _page(
    ctx: Context, request_scope: RequestScope, sent: Post, refusal: Refusal | None = None, *, done: str = ""
) -> Response[bytes]:
    values, status = await tokens_view(ctx, sent, refusal, done=done), refusal.status if refusal else 200
    return await rendering.page(ctx, request_scope, "staff/tokens.html", status=status, **values)
