"""Values of the public pages of close ones: the form, the code, and what the code shows."""

import secrets
from typing import Any
from uuid import UUID

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Invalid, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.idempotency import run_once
from spheres_core.foundation.tenancy.post_limits import PostsPaused
from spheres_core.foundation.web.form_fields import Field
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.support.operations import entourage as operations
from spheres_core.support.operations.entourage import EntourageClosed, OfferUnknown
from spheres_core.support.operations.word_checks import IdentifiersFound
from spheres_core.support.queries import entourage as queries
from spheres_core.support.queries.entourage import EntourageCodeUnknown
from spheres_core.support.schemas.entourage import OFFER_KINDS, OFFER_STATES, EntourageReceived, OwnEntourage
from spheres_core.support.views.entourage_form import (
    asking_fields,
    entourage_posted,
    offer_sent,
    reach_fields,
    reach_sent,
    texts_of,
)
from spheres_core.support.views.form_fields import filled, problem_list
from spheres_core.support.views.marked_places import marked

LONGEST_CODE = 100
STATES: dict[str, tuple[Message, Message]] = {
    "received": (msg("Received"), msg("Somebody from the team will be there for you, in the way you said is safe.")),
    "accompanied": (msg("Somebody is there for you"), msg("You can say anew here how you may be reached.")),
    "closed": (msg("Has ended"), msg("Nothing more is written. All of it will be erased.")),
}
SAID = {
    "reach": msg("It is noted how you may be reached."),
    "accepted": msg("It is noted. You may change your mind."),
    "declined": msg("It is noted. You may change your mind."),
    "close": msg("Your support is closed."),
}


def form_view(ctx: Context, sent: Post | None = None, refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns the values of `support/entourage.html`: the form with what was typed and what stands against it."""
    fields = asking_fields(ctx, sent, refusal, by_staff=False)
    problems = problem_list(fields)
    return {
        "title": ctx.locale.say(msg("Support for close ones")),
        "form_fields": fields,
        "problems": problems,
        "trouble": ctx.locale.say(refusal.message) if refusal and not problems else None,
        "found": marked(ctx, texts_of(sent), refusal) if sent else [],
        "confirms": isinstance(refusal, IdentifiersFound),
        "once": (sent["_once"] if sent else "") or secrets.token_urlsafe(18),
    }


async def receive_post(ctx: Context, request_scope: RequestScope, sent: Post) -> tuple[str, int, dict[str, Any]]:
    """Opens a record, or asks again. Returns the template, the status and its values."""
    try:
        request_scope.refuse_paused()
        posted = entourage_posted(sent)
        received = await run_once(
            ctx, sent["_once"], posted, EntourageReceived,
            lambda: operations.open_record(ctx, posted), source=request_scope.source,
        )  # fmt: skip
    except Refusal as refusal:
        return "support/entourage.html", refusal.status, form_view(ctx, sent, refusal)
    shown = {"title": ctx.locale.say(msg("This is your code")), "groups": received.code.split("-")}
    return "support/entourage_code.html", 201, shown


def code_view(ctx: Context, code: str = "", **shown: Any) -> dict[str, Any]:
    """Returns the values of `support/entourage_own.html`. `shown`: what became of a code that was entered."""
    own = shown.get("own")
    asked = msg("Your code") if own is None else msg("Another code")
    error = shown.pop("error", None)
    return {
        "title": ctx.locale.say(msg("Your own support")),
        "code": code,
        "code_field": Field(
            "code", "own-code", ctx.locale.say(asked), required=True, value="" if own else code, problem=error
        ),
        "own": None,
        "said": None,
        "reach": [],
        "problems": (),
    } | shown


async def act_by_code(ctx: Context, request_scope: RequestScope, sent: Post) -> tuple[int, dict[str, Any]]:
    """Shows what a code opens, after what was asked of it. Returns the status and the page's values."""
    code, act = sent["code"][:LONGEST_CODE], sent["act"]
    try:
        request_scope.refuse_paused()
        own = await _act(ctx, code, act, sent)
    except (EntourageCodeUnknown, PostsPaused) as refusal:
        return refusal.status, code_view(ctx, code, error=ctx.locale.say(refusal.message))
    except (EntourageClosed, OfferUnknown, Invalid) as refusal:
        own = await queries.look_up_own(ctx, code)
        return refusal.status, _own_view(ctx, code, own, sent=sent, refusal=refusal)
    return 200, _own_view(ctx, code, own, said=SAID.get(act))


async def _act(ctx: Context, code: str, act: str, sent: Post) -> OwnEntourage:
    if act == "reach":
        return await operations.change_own_reach(ctx, code, reach_sent(sent))
    if act in ("accepted", "declined"):
        which: UUID = offer_sent(sent)
        return await operations.answer_own_offer(ctx, code, which, act)
    if act == "close":
        return await operations.close_own(ctx, code)
    return await queries.look_up_own(ctx, code)


def _own_view(
    ctx: Context, code: str, own: OwnEntourage, *, said: Message | None = None, sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:  # fmt: skip
    label, text = STATES[own.state]
    fields = reach_fields(ctx, filled(ctx, sent, refusal), own.reach, by_staff=False)
    return code_view(
        ctx, code,
        own={
            "label": ctx.locale.say(label), "text": ctx.locale.say(text), "ask": own.ask, "called": own.called,
            "language": own.language, "is_open": own.state != "closed", "days": own.supported_on,
            "offers": [
                {
                    "id": each.id, "kind": ctx.locale.say(OFFER_KINDS[each.kind]), "words": each.words, "day": each.day,
                    "state": ctx.locale.say(OFFER_STATES[each.state]), "answer": each.state,
                }
                for each in own.offers
            ],
        },
        said=ctx.locale.say(said) if said else None,
        reach=fields if own.state != "closed" else [],
        problems=problem_list(fields),
        trouble=ctx.locale.say(refusal.message) if refusal and not problem_list(fields) else None,
    )  # fmt: skip
