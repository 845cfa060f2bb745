"""Public pages: ask for advice, follow the request by its tracking code, begin a referral from it."""

from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import public, public_posts
from spheres_core.foundation.web.problems import retry_after
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.support.views import advice_pages as views
from spheres_core.support.views.referral_form import referral_form

RECEIPT = "support/advice_receipt.html"


@get("/advice", guards=[public], name="advice")
async def advice(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "support/advice.html", **await views.form_view(ctx))


@post("/advice", guards=[public_posts("advice", shown_by_page=True)], status_code=201)
async def send_advice(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    template, status, shown = await views.receive_post(ctx, request_scope, await read_post(request))
    headers = retry_after(request_scope.paused)
    return await rendering.page(ctx, request_scope, template, status=status, headers=headers, **shown)


@get(["/advice/receipt", "/advice/receipt/equipped", "/advice/receipt/close", "/advice/receipt/referral"],
     guards=[public], name="advice_receipt")  # fmt: skip
async def receipt(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, RECEIPT, **views.receipt_view(ctx))


@post("/advice/receipt", guards=[public_posts("receipts", shown_by_page=True)], status_code=200)
async def look_up(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    return await _by_code(ctx, request_scope, request, "")


@post("/advice/receipt/equipped", guards=[public_posts("receipts", shown_by_page=True)], name="advice_equipped",
      status_code=200)  # fmt: skip
async def say_equipped(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    return await _by_code(ctx, request_scope, request, "equipped")


@post("/advice/receipt/close", guards=[public_posts("receipts", shown_by_page=True)], name="advice_close",
      status_code=200)  # fmt: skip
async def close(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    return await _by_code(ctx, request_scope, request, "close")


@post("/advice/receipt/referral", guards=[public_posts("receipts", shown_by_page=True)], name="advice_referral",
      status_code=200)  # fmt: skip
async def begin_referral(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Shows the referral form with what can be taken over; nothing of it is sent by this."""
    code = (await read_post(request))["receipt"][: views.LONGEST_CODE]
    template, status, shown = await referral_form(ctx, request_scope, code)
    headers = retry_after(request_scope.paused)
    return await rendering.page(ctx, request_scope, template, status=status, headers=headers, **shown)


HANDLERS = (advice, send_advice, receipt, look_up, say_equipped, close, begin_referral)


async def _by_code(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], act: str
) -> Response[bytes]:
    status, shown = await views.act_by_code(ctx, request_scope, await read_post(request), act)
    headers = retry_after(request_scope.paused)
    return await rendering.page(ctx, request_scope, RECEIPT, status=status, headers=headers, **shown)
