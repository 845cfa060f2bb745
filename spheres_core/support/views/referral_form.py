"""The region's referral form, begun with what was typed in a request for advice."""

from typing import Any

from spheres_core.forms import queries as forms
from spheres_core.forms.meanings import REFERRAL
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.views.form_view import form_page
from spheres_core.support.operations.advice_requests import draft_referral
from spheres_core.support.views.advice_pages import receipt_view


async def referral_form(ctx: Context, request_scope: RequestScope, code: str) -> tuple[str, int, dict[str, Any]]:
    """Returns the referral form with what can be taken over, or the page of the tracking code with why not."""
    try:
        request_scope.refuse_paused()
        drafted = await draft_referral(ctx, code)
    except Refusal as refusal:
        shown = receipt_view(ctx, code, error=ctx.locale.say(refusal.message))
        return "support/advice_receipt.html", refusal.status, shown
    return "referrals/refer.html", 200, form_page(ctx, await forms.current(ctx, REFERRAL), drafted.answers, ())
