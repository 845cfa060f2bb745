"""Values of the pages of inquiries: the form for organizations, and the list for the team."""

from typing import Any

from spheres_core.facts import msg
from spheres_core.foundation.content.telephone_numbers import format_telephone, telephone_link
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import page_of
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.inquiries import form_token, queries
from spheres_core.inquiries.form_token import FormExpired
from spheres_core.inquiries.schemas import LONGEST, NEXT, STATES

TRAP = "website"
"""A field that people do not see; machines fill it in."""
ACTS = {"answered": msg("Note as answered"), "closed": msg("Close"), "open": msg("Open again")}
"""Names of the buttons, by the state that follows."""


def form_view(ctx: Context, sent: Post, refusal: Refusal | None) -> dict[str, Any]:
    """Returns the values of `inquiries/inquire.html`, with what was sent before and the problems in it."""
    renew = refusal is None or isinstance(refusal, FormExpired)
    return {
        "title": ctx.locale.say(msg("Implement the program in your region")),
        "sent": sent,
        "problems": {each.path: ctx.locale.say(each.message) for each in refusal.errors} if refusal else {},
        "trap": TRAP,
        "error": ctx.locale.say(refusal.message) if refusal else None,
        "longest": LONGEST,
        "form_token": form_token.new_form_token(ctx) if renew else sent["_once"],
        "tongues": _language_names(ctx),
        "chosen": sent["language"] if sent["language"] in ctx.tenant.languages else ctx.locale.tag,
    }


async def list_view(
    ctx: Context, request_scope: RequestScope, *, state: str, cursor: str, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns the values of `inquiries/list.html`: one page of inquiries, with the reason of a refusal."""
    shown = await page_of(
        ctx, "inquiries", cursor,
        lambda before, limit: queries.list_inquiries(ctx, before=before, limit=limit, state=state),
    )  # fmt: skip
    here = place_of(ctx, request_scope, "inquiries")
    return {
        "title": ctx.locale.say(msg("Inquiries from other regions")),
        "items": shown.items,
        "telephones": {
            each.id: {"display": format_telephone(each.phone, ctx.locale.tag), "href": telephone_link(each.phone)}
            for each in shown.items
            if each.phone
        },
        "next": NEXT,
        "states": {code: ctx.locale.say(each) for code, each in STATES.items()},
        "acts": ACTS,
        "chosen": state if state in STATES else "",
        "next_url": f"{here}?state={state}&cursor={shown.next}" if shown.next and state in ("", *STATES) else None,
        "previous_url": here if cursor else None,
        "error": ctx.locale.say(refusal.message) if refusal else None,
        "tongues": _language_names(ctx),
    }


def _language_names(ctx: Context) -> dict[str, str]:
    return {tag: ctx.plugins.languages[tag].autonym for tag in ctx.tenant.languages}
