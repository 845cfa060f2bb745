"""The page of a receipt: the state of the referral, and whether it can still be withdrawn."""

from typing import Any, Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.post_limits import PostsPaused
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.operations import intake
from spheres_core.referrals.operations.intake import ReceiptUnknown

LONGEST_CODE: Final = 100
STATES: Final[dict[str, tuple[Message, Message]]] = {
    "received": (msg("Received"), msg("The referral has arrived. Nobody has started on it yet.")),
    "being_looked_at": (msg("Being looked at"), msg("The team is taking care of it.")),
    "closed": (msg("Closed"), msg("The team has finished with it. This looks the same whatever came of it.")),
}
"""The title of each state of a receipt, and what it means."""


def empty_page(ctx: Context) -> dict[str, Any]:
    """Returns what `referrals/receipt.html` shows before a receipt is entered."""
    return {"title": ctx.locale.say("Follow a referral"), "code": "", "error": None, "result": None, "unticked": None}


async def look_up(ctx: Context, request_scope: RequestScope, code: str) -> tuple[int, dict[str, Any]]:
    """Looks the receipt up. Returns the status and what the page shows."""
    shown = empty_page(ctx) | {"code": code[:LONGEST_CODE]}
    try:
        request_scope.refuse_paused()
        found = await intake.look_up_receipt(ctx, shown["code"])
    except (ReceiptUnknown, PostsPaused) as refusal:
        return refusal.status, shown | {"error": ctx.locale.say(refusal.message)}
    return 200, shown | {"result": _result(ctx, found.state)}


async def withdraw(
    ctx: Context, request_scope: RequestScope, code: str, *, confirmed: bool
) -> tuple[int, dict[str, Any]]:
    """Withdraws the referral when that was confirmed, else asks again. Returns the status and what the page shows."""
    if not confirmed:
        status, shown = await look_up(ctx, request_scope, code)
        unticked = ctx.locale.say("Please tick the box to say that you mean it.")
        return (422, shown | {"unticked": unticked}) if status == 200 else (status, shown)
    shown = empty_page(ctx) | {"code": code[:LONGEST_CODE]}
    try:
        request_scope.refuse_paused()
        await intake.withdraw_by_receipt(ctx, shown["code"])
    except (ReceiptUnknown, PostsPaused) as refusal:
        return refusal.status, shown | {"error": ctx.locale.say(refusal.message)}
    return 200, shown | {"result": _withdrawn(ctx)}


def _result(ctx: Context, state: str) -> dict[str, Any]:
    label, text = STATES[state]
    return {"label": ctx.locale.say(label), "text": ctx.locale.say(text), "can_withdraw": state != "closed"}


def _withdrawn(ctx: Context) -> dict[str, Any]:
    """Returns the same words whether or not contact had been made: the receipt must not tell."""
    return {
        "label": ctx.locale.say("Your wish is noted"),
        "text": ctx.locale.say(
            "If nobody has contacted the young person yet, the referral is withdrawn. If somebody has, the young"
            " person alone decides."
        ),
        "can_withdraw": False,
    }
