"""Views of the public forms: blank, shown again with its problems, and the page with the receipt."""

import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from spheres_core.facts import Problem
from spheres_core.forms import queries as forms
from spheres_core.forms.choice_order import draws_an_order
from spheres_core.forms.expressions import clock_at
from spheres_core.forms.meanings import SELF_REFERRAL
from spheres_core.forms.posted_answers import from_pairs, with_room
from spheres_core.forms.schemas import ATTACHMENTS, Form, is_never_asked
from spheres_core.forms.views.fields import NO_FILES, fields, problem_list, rules_attribute
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.idempotency import run_once
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.operations import intake
from spheres_core.referrals.schemas import Received, ReferralPosted
from spheres_core.referrals.views import receipt
from spheres_core.referrals.views.age_guidance import guidance_view
from spheres_core.referrals.views.form_texts import TEXTS
from spheres_core.referrals.views.posted_files import keep_posted_files


async def blank_page(ctx: Context, key: str) -> dict[str, Any]:
    """Returns what `referrals/refer.html` shows of the form `key`, with nothing answered yet."""
    return form_page(ctx, await forms.current(ctx, key), None, ())


async def receive_post(
    ctx: Context, request_scope: RequestScope, key: str, post: Post
) -> tuple[str, int, dict[str, Any]]:
    """Receives what was posted to the form `key`, or asks again. Returns the template, the status and its values."""
    form = await forms.current(ctx, key)
    page = partial(form_page, ctx, form, drawn=post.own.get("_order", ""))
    sent = await keep_posted_files(ctx, request_scope, form, post)
    answers = from_pairs(form, sent.pairs)
    if post.own.keys() & {"_show", "_add"}:
        more = with_room(answers, post.own.get("_add"))
        return "referrals/refer.html", 200, page(more, sent.problems, sent.names)
    if sent.problems:
        return "referrals/refer.html", 422, page(answers, sent.problems, sent.names)
    posted = ReferralPosted(answers, key, ctx.locale.tag, post.own.get("_version") or None)
    try:
        request_scope.refuse_paused()
        if "_seen" not in post.own and (advice := await intake.guidance_before_sending(ctx, form, answers)):
            shown = page(answers, (), sent.names) | {"guidance": await guidance_view(ctx, advice)}
            return "referrals/refer.html", 200, shown
        received = await run_once(
            ctx, post.own.get("_once", ""), posted, Received,
            lambda: intake.receive_referral(ctx, posted, form=form), source=request_scope.source,
        )  # fmt: skip
    except Refusal as refusal:
        problems = refusal.errors or (Problem(refusal.message),)
        return "referrals/refer.html", refusal.status, page(answers, problems, sent.names)
    shown = _received_page(ctx, form, received) | {"guidance": await guidance_view(ctx, received.guidance)}
    return "referrals/received.html", 201, shown


def form_page(
    ctx: Context,
    form: Form,
    answers: Mapping[str, Any] | None,
    problems: Sequence[Problem],
    files: Mapping[str, str] = NO_FILES,
    drawn: str = "",
) -> dict[str, Any]:
    """Returns the form with what was sent and what stands against it; None is the form as it begins. `files`: names
    of those that wait for the referral, by their handles. `drawn`: what decided the order of choices before."""
    drawn = (drawn or secrets.token_urlsafe(9)) if draws_an_order(form) else ""
    texts = TEXTS[form.key]
    clock = clock_at(ctx.now.astimezone(ctx.zone))
    return {
        "title": ctx.locale.say(texts.title),
        "texts": texts,
        "guidance": None,
        "form": {
            "key": form.key,
            "version": form.version,
            "once": secrets.token_urlsafe(18),
            "order": drawn,
            "today": ctx.today,
            "fields": fields(
                form, answers, problems, locale=ctx.locale, today=ctx.today, clock=clock, files=files, drawn=drawn
            ),
            "has_files": any(each.kind in ATTACHMENTS and not is_never_asked(each) for each in form.walk()),
            "problems": problem_list(problems, ctx.locale),
            "rules_json": rules_attribute(form, ctx.locale, clock),
        },
    }


def _received_page(ctx: Context, form: Form, received: Received) -> dict[str, Any]:
    asked = [form.question(path.partition("[")[0]) for path in received.ignored]
    texts = TEXTS[form.key]
    return {
        "title": ctx.locale.say(texts.received),
        "texts": texts,
        "groups": received.receipt.split("-"),
        "shows": [
            {"label": ctx.locale.say(label), "text": ctx.locale.say(text)}
            for label, text in receipt.states_of(texts.form == SELF_REFERRAL).values()
        ],
        "ignored": list(dict.fromkeys(ctx.locale.pick(each.labels) for each in asked if each is not None)),
    }
