"""Pages for whoever refers or asks to be reached: the form, the receipt it gives, and what became of it.

No account, no trace.
"""

from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from spheres_core.forms.meanings import REFERRAL, SELF_REFERRAL
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import public, public_posts
from spheres_core.foundation.web.problems import retry_after
from spheres_core.foundation.web.request_body import LARGEST_UPLOAD
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.views import receipt as receipts
from spheres_core.referrals.views.form_view import blank_page, receive_post
from spheres_core.referrals.views.posted_files import read_referral


@get("/refer", guards=[public], name="refer")
async def refer(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "referrals/refer.html", **await blank_page(ctx, REFERRAL))


@post("/refer", guards=[public_posts("referrals", shown_by_page=True)], status_code=201,
      request_max_body_size=LARGEST_UPLOAD)  # fmt: skip
async def send_referral(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    template, status, shown = await receive_post(ctx, request_scope, REFERRAL, await read_referral(ctx, request))
    headers = retry_after(request_scope.paused)
    return await rendering.page(ctx, request_scope, template, status=status, headers=headers, **shown)


@get("/contact", guards=[public], name="contact")
async def contact(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    """Shows the young person's own form. Its address tells nothing, because it stays in the browser's history."""
    return await rendering.page(ctx, request_scope, "referrals/refer.html", **await blank_page(ctx, SELF_REFERRAL))


@post("/contact", guards=[public_posts("referrals", shown_by_page=True)], status_code=201,
      request_max_body_size=LARGEST_UPLOAD)  # fmt: skip
async def send_contact(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    template, status, shown = await receive_post(ctx, request_scope, SELF_REFERRAL, await read_referral(ctx, request))
    headers = retry_after(request_scope.paused)
    return await rendering.page(ctx, request_scope, template, status=status, headers=headers, **shown)


@get(["/receipt", "/receipt/withdraw", "/receipt/answer"], guards=[public], name="receipt")
async def receipt(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "referrals/receipt.html", **receipts.receipt_page(ctx))


@post("/receipt", guards=[public_posts("receipts", shown_by_page=True)], status_code=200)
async def look_up(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    status, shown = await receipts.look_up(ctx, request_scope, (await read_post(request))["receipt"])
    return await rendering.page(
        ctx, request_scope, "referrals/receipt.html", status=status, headers=retry_after(request_scope.paused), **shown
    )


@post("/receipt/answer", guards=[public_posts("receipts", shown_by_page=True)], name="receipt_answer",
      status_code=200)  # fmt: skip
async def answer(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    status, shown = await receipts.answer(ctx, request_scope, sent["receipt"], sent["question"], sent["answer"])
    return await rendering.page(
        ctx, request_scope, "referrals/receipt.html", status=status, headers=retry_after(request_scope.paused), **shown
    )


@post("/receipt/withdraw", guards=[public_posts("receipts", shown_by_page=True)], name="receipt_withdraw",
      status_code=200)  # fmt: skip
async def withdraw(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    status, shown = await receipts.withdraw(ctx, request_scope, sent["receipt"], confirmed=sent["confirm"] == "yes")
    return await rendering.page(
        ctx, request_scope, "referrals/receipt.html", status=status, headers=retry_after(request_scope.paused), **shown
    )
