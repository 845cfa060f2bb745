"""Deliveries that were given up on, as a page for administrators: what, for whom, since when; and try again."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.response import Response

from spheres_core.audit import operations
from spheres_core.audit.operations import NotParked
from spheres_core.audit.permissions import DELIVERIES
from spheres_core.audit.schemas import Parked
from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope


@get("/administration/deliveries", guards=[requires(DELIVERIES)], name="deliveries")
async def deliveries(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(
        ctx, request_scope, "audit/deliveries.html", title=ctx.locale.say(msg("Deliveries that wait")),
        deliveries=[shown(ctx, each) for each in await operations.show_parked(ctx)],
    )  # fmt: skip


@post("/administration/deliveries", guards=[requires(DELIVERIES)], name="try_again", status_code=303)
async def try_again(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    await _take_up(ctx, await read_post(request))
    return go_to(place_of(ctx, request_scope, "deliveries"))


HANDLERS = (deliveries, try_again)


async def _take_up(ctx: Context, sent: Post) -> None:
    """Takes up one delivery, or all. One that was taken up in the meantime needs nothing more."""
    if sent["all"] == "yes":
        await operations.try_all_again(ctx)
        return
    try:
        await operations.try_again(ctx, UUID(sent["entry"]), recipient=sent["recipient"][:200])
    except (NotParked, ValueError):
        return


def shown(ctx: Context, parked: Parked) -> dict[str, Any]:
    """Returns a parked delivery in words: what happened, who should have been told, what stood in the way."""
    verb = ctx.plugins.verbs.get(parked.verb)
    return {
        "entry": parked.entry_id,
        "recipient": parked.recipient,
        "what": ctx.locale.say(verb.title) if verb else Text(parked.verb, ctx.locale.language),
        "at": parked.at,
        "to": _to_whom(ctx, parked.recipient),
        "attempts": parked.attempts,
        "since": parked.parked_at,
        "error": parked.error or "",
    }


def _to_whom(ctx: Context, recipient: str) -> Text:
    kind, _, name = recipient.partition(":")
    if kind != "hook":
        return ctx.locale.say(_message_to(name))
    installed = ctx.plugins.plugins.get(name)
    return ctx.locale.pick(installed.manifest.title) if installed else Text(name, ctx.locale.language)


def _message_to(name: str) -> Message:
    return msg("A message to one person") if name else msg("Whom to tell could not be found out")
