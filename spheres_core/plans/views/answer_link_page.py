"""Shows links by which a partner without an account answers, and the request that one leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.plans.schemas.answer_links import AnswerLink, LinkState
from spheres_core.plans.schemas.requests import PartnerRequest
from spheres_core.plans.views.request_page import answer_options, for_link
from spheres_core.staff.operations.login_throttle import SignInPaused
from spheres_core.staff.views.sign_in import refusal_message

STATES: Final[Mapping[LinkState, Message]] = {
    "open": msg("Open until {moment}"),
    "expired": msg("Its days are over"),
    "revoked": msg("This link is closed"),
    "over": msg("Closed with the request"),
}
GONE: Final = msg("A link like this is good for a few days and for one request. Ask the person who gave it to you.")


def links_page(ctx: Context, request: UUID, links: Sequence[AnswerLink]) -> dict[str, Any]:
    """Returns what `plans/answer_links.html` shows, but for a link that was just made."""
    return {
        "title": ctx.locale.say(msg("Answer without an account")),
        "request": request,
        "links": [
            (each.id, ctx.locale.date(each.made_at.astimezone(ctx.zone).date()), _state(ctx, each),
             each.state == "open")
            for each in links
        ],
        "may_make": not any(each.state == "over" for each in links),
    }  # fmt: skip


async def request_page(ctx: Context, found: PartnerRequest, *, refusal: Refusal | None) -> dict[str, Any]:
    """Returns what `plans/answer_by_link.html` shows, but for the secret."""
    shown = await for_link(ctx, found, refusal=refusal)
    return {"title": ctx.locale.say(msg("A request to your organization"))} | shown | answer_options(ctx)


def gone_page(ctx: Context, refusal: Refusal) -> dict[str, Any]:
    """Returns what `plans/answer_gone.html` shows, the same however a link ended."""
    text = refusal_message(refusal) if isinstance(refusal, SignInPaused) else GONE
    return {"title": ctx.locale.say(msg("This link is closed")), "text": ctx.locale.say(text)}


def _state(ctx: Context, each: AnswerLink) -> Any:
    if each.state == "open":
        return ctx.locale.say(STATES["open"], moment=ctx.locale.time(each.expires_at, zone=ctx.zone))
    return ctx.locale.say(STATES[each.state])
