"""The telephone for text messages, on the page of one's own account."""

from typing import Any

from litestar import Request, post
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.operations import own_number
from spheres_core.staff.operations.login_throttle import SignInPaused
from spheres_core.staff.operations.own_number import CodeWrong, NoGateway, NumberUnusable
from spheres_core.staff.pages.own_account import account_page
from spheres_core.staff.permissions import OWN_ACCOUNT


@post("/account/number", guards=[requires(OWN_ACCOUNT)], name="own_number", status_code=303)
async def give_number(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await own_number.give_number(ctx, sent["number"][:40])
    except (NoGateway, NumberUnusable, SignInPaused) as refusal:
        return await account_page(ctx, request_scope, request, refusal, number=sent["number"][:40])
    return go_to(f"{place_of(ctx, request_scope, 'account')}?done=number")


@post("/account/number/code", guards=[requires(OWN_ACCOUNT)], name="own_number_code", status_code=303)
async def confirm_number(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    try:
        await own_number.confirm_number(ctx, (await read_post(request))["code"][:20])
    except (CodeWrong, SignInPaused) as refusal:
        return await account_page(ctx, request_scope, request, refusal)
    return go_to(f"{place_of(ctx, request_scope, 'account')}?done=confirmed")


@post("/account/number/remove", guards=[requires(OWN_ACCOUNT)], name="remove_own_number", status_code=303)
async def remove_number(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    await own_number.remove_own_number(ctx)
    return go_to(f"{place_of(ctx, request_scope, 'account')}?done=removed")


HANDLERS = (give_number, confirm_number, remove_number)
