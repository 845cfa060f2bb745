"""Values of the public pages: the form, what was found in it, the tracking code and what it shows."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from spheres_core.facts import Message, Problem, msg
from spheres_core.forms.choice_order import draws_an_order
from spheres_core.forms.expressions import clock_at
from spheres_core.forms.posted_answers import from_pairs, with_room
from spheres_core.forms.views.fields import fields, problem_list, rules_attribute
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.idempotency import run_once
from spheres_core.foundation.tenancy.post_limits import PostsPaused
from spheres_core.foundation.web.form_fields import Field
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.support.operations import advice_requests
from spheres_core.support.operations.advice_requests import AdviceClosed, texts_in
from spheres_core.support.operations.word_checks import IdentifiersFound
from spheres_core.support.queries import advice as queries
from spheres_core.support.queries.advice import AdviceReceiptUnknown
from spheres_core.support.queries.advice_form import advice_form
from spheres_core.support.schemas.advice import MOST_EQUIPPED, AdvicePosted, AdviceRead, AdviceReceived
from spheres_core.support.views.marked_places import marked

LONGEST_CODE: Final = 100
SHOWN_STATES: Final[dict[str, tuple[Message, Message]]] = {
    "received": (msg("Received"), msg("Your request has arrived. Nobody has started on it yet.")),
    "assigned": (msg("Being looked at"), msg("Somebody from the team prepares an answer.")),
    "answered": (
        msg("An answer is ready"),
        msg("It stays here until you close the request, or until it closes itself."),
    ),
    "referral_drafted": (msg("You began a referral"), msg("It is sent when you complete its form, and not before.")),
    "closed": (msg("Closed"), msg("What you wrote and the answer have been deleted.")),
}
"""The title of each state of a tracking code, and what it means."""


async def form_view(
    ctx: Context,
    answers: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
    *,
    drawn: str = "",
    found: IdentifiersFound | None = None,
) -> dict[str, Any]:
    """Returns the values of `support/advice.html`: the form with what was typed and what stands against it."""
    form = await advice_form(ctx)
    drawn = (drawn or secrets.token_urlsafe(9)) if draws_an_order(form) else ""
    clock = clock_at(ctx.now.astimezone(ctx.zone))
    return {
        "title": ctx.locale.say(msg("Ask for advice")),
        "found": marked(ctx, dict(texts_in(answers or {})), found),
        "form": {
            "key": form.key,
            "version": form.version,
            "once": secrets.token_urlsafe(18),
            "order": drawn,
            "today": ctx.today,
            "fields": fields(form, answers, problems, locale=ctx.locale, today=ctx.today, clock=clock, drawn=drawn),
            "problems": problem_list(problems, ctx.locale),
            "rules_json": rules_attribute(form, ctx.locale, clock),
        },
    }


async def receive_post(ctx: Context, request_scope: RequestScope, post: Post) -> tuple[str, int, dict[str, Any]]:
    """Receives what was posted, or asks again. Returns the template, the status and its values."""
    form = await advice_form(ctx)
    answers = from_pairs(form, post.pairs)
    drawn = post.own.get("_order", "")
    if post.own.keys() & {"_show", "_add"}:
        return "support/advice.html", 200, await form_view(ctx, with_room(answers, post.own.get("_add")), drawn=drawn)
    confirmed = post.own.get("_confirmed") == "yes"
    posted = AdvicePosted(answers, ctx.locale.tag, post.own.get("_version") or None, confirmed)
    try:
        request_scope.refuse_paused()
        received = await run_once(
            ctx, post.own.get("_once", ""), posted, AdviceReceived,
            lambda: advice_requests.send_advice(ctx, posted, form=form), source=request_scope.source,
        )  # fmt: skip
    except IdentifiersFound as found:
        return "support/advice.html", found.status, await form_view(ctx, answers, drawn=drawn, found=found)
    except Refusal as refusal:
        problems = refusal.errors or (Problem(refusal.message),)
        return "support/advice.html", refusal.status, await form_view(ctx, answers, problems, drawn=drawn)
    title = ctx.locale.say(msg("Your request has been received"))
    return "support/advice_received.html", 201, {"title": title, "groups": received.receipt.split("-")}


def receipt_view(ctx: Context, code: str = "", **shown: Any) -> dict[str, Any]:
    """Returns the values of `support/advice_receipt.html`. `shown`: what became of a tracking code that was entered."""
    asked = ctx.locale.say("Another tracking code") if shown.get("result") else ctx.locale.say("Your tracking code")
    error, value = shown.pop("error", None), "" if shown.get("result") else code
    return {
        "title": ctx.locale.say(msg("Follow a request for advice")),
        "code": code,
        "code_field": Field("receipt", "receipt-code", asked, required=True, value=value, problem=error),
        "result": None,
        "scale": range(MOST_EQUIPPED + 1),
        "unchosen": None,
        "said": False,
    } | shown


async def act_by_code(ctx: Context, request_scope: RequestScope, sent: Post, act: str) -> tuple[int, dict[str, Any]]:
    """Looks a request up, says how equipped one feels or closes it. Returns the status and what the page shows."""
    code = sent["receipt"][:LONGEST_CODE]
    try:
        request_scope.refuse_paused()
        if act == "equipped":
            equipped = sent.whole("equipped", most=MOST_EQUIPPED)
            if equipped is None:
                found = await queries.look_up(ctx, code)
                unchosen = ctx.locale.say("Choose a number, or leave this out.")
                return 422, receipt_view(ctx, code, result=_result(ctx, found), unchosen=unchosen)
            found = await advice_requests.say_equipped(ctx, code, equipped)
        elif act == "close":
            found = await advice_requests.close_by_receipt(ctx, code)
        else:
            found = await queries.look_up(ctx, code)
    except (AdviceReceiptUnknown, AdviceClosed, PostsPaused) as refusal:
        return refusal.status, receipt_view(ctx, code, error=ctx.locale.say(refusal.message))
    return 200, receipt_view(ctx, code, result=_result(ctx, found), said=act == "equipped")


def _result(ctx: Context, found: AdviceRead) -> dict[str, Any]:
    label, text = SHOWN_STATES[found.state]
    return {
        "label": ctx.locale.say(label),
        "text": ctx.locale.say(text),
        "reply": found.reply,
        "language": found.language,
        "is_open": found.state != "closed",
        "after": found.equipped_after,
        "tools": found.tools,
    }
