"""Pages for whoever refers: the form, the receipt it gives, and what became of it. No account, no trace."""

from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import public
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.operations import intake
from spheres_core.referrals.operations.intake import ReceiptUnknown
from spheres_core.referrals.views.form_view import RECEIPT_STATES, blank_page, receive_post

LONGEST_CODE = 100


@get("/refer", guards=[public], name="refer")
async def refer(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "referrals/refer.html", **await blank_page(ctx))


@post("/refer", guards=[public], status_code=201)
async def send_referral(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    template, status, shown = await receive_post(ctx, await read_post(request))
    return await rendering.page(ctx, request_scope, template, status=status, **shown)


@get(["/receipt", "/receipt/withdraw"], guards=[public], name="receipt")
async def receipt(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await _receipt_page(ctx, request_scope)


@post("/receipt", guards=[public], status_code=200)
async def look_up(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    code = (await read_post(request))["receipt"][:LONGEST_CODE]
    try:
        found = await intake.look_up_receipt(ctx, code)
    except ReceiptUnknown as unknown:
        return await _receipt_page(ctx, request_scope, code, error=ctx.locale.say(unknown.message))
    return await _receipt_page(ctx, request_scope, code, state=found.state)


@post("/receipt/withdraw", guards=[public], name="receipt_withdraw", status_code=200)
async def withdraw(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    code, confirmed = sent["receipt"][:LONGEST_CODE], sent["confirm"] == "yes"
    act = intake.withdraw_by_receipt if confirmed else intake.look_up_receipt
    try:
        found = await act(ctx, code)
    except ReceiptUnknown as unknown:
        return await _receipt_page(ctx, request_scope, code, error=ctx.locale.say(unknown.message))
    return await _receipt_page(ctx, request_scope, code, state=found.state, confirmed=confirmed)


async def _receipt_page(
    ctx: Context,
    request_scope: RequestScope,
    code: str = "",
    *,
    state: str | None = None,
    confirmed: bool | None = None,
    error: Text | None = None,
) -> Response[bytes]:
    """Renders the page. `confirmed` is None when nobody asked to withdraw, False when the box was not ticked."""
    status = 404 if error else 422 if confirmed is False else 200
    result = None if state is None else _result(ctx, state, withdrawn=confirmed is True)
    unticked = ctx.locale.say("Please tick the box to say that you mean it.") if confirmed is False else None
    return await rendering.page(
        ctx, request_scope, "referrals/receipt.html", status=status, title=ctx.locale.say("Follow a referral"),
        code=code, error=error, result=result, unticked=unticked,
    )  # fmt: skip


def _result(ctx: Context, state: str, *, withdrawn: bool) -> dict[str, Any]:
    """Returns the same words whether or not contact had been made: the receipt must not tell."""
    label, text = RECEIPT_STATES[state]
    if withdrawn:
        return {
            "label": ctx.locale.say("Your wish is noted"),
            "text": ctx.locale.say(
                "If nobody has contacted the young person yet, the referral is withdrawn. If somebody has, the young"
                " person alone decides."
            ),
            "can_withdraw": False,
        }
    return {"label": ctx.locale.say(label), "text": ctx.locale.say(text), "can_withdraw": state != "closed"}
