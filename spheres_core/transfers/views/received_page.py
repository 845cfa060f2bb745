"""The page of those who would like to go on here: nothing tells who somebody is, and none of her words are shown."""

from __future__ import annotations

from typing import Any

from spheres_core.consents.queries.recipients import region_names
from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.transfers.queries.received import list_received
from spheres_core.transfers.schemas.received import ReceivedTransfer
from spheres_core.transfers.settings import Settings
from spheres_core.transfers.views.wording import AGES, REASONS, RECEIVED, TONES, class_titles, say_done


async def received_page(
    ctx: Context,
    *,
    cursor: str = "",
    done: str = "",
    accepted: ReceivedTransfer | None = None,
    about: str = "",
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Returns what `transfers/received.html` shows. `accepted`: one that was just accepted, with her code here.

    `refusal`: why one, `about`, could not be answered.
    """
    page = await list_received(ctx, cursor=cursor)
    found = await region_names(ctx, {each.region for each in page.items})
    names = {slug: ctx.locale.pick(name) for slug, name in found.items()}
    return {
        "title": ctx.locale.say(msg("From other regions")),
        "received": [
            {
                "id": each.id,
                "version": each.version,
                "region": names.get(each.region, each.region),
                "state": {"tone": TONES.get(each.state, "ended"), "label": ctx.locale.say(RECEIVED[each.state])},
                "ages": ctx.locale.say(AGES[each.ages]) if each.ages in AGES else None,
                "language": ctx.locale.language_name(each.language) if each.language else None,
                "classes": class_titles(ctx, each.classes),
                "onward": each.onward,
                "received_on": each.received_on,
                "ends_at": each.ends_at,
                "waits": each.state == "offered" and each.ends_at > ctx.now,
                "reason": ctx.locale.say(REASONS[each.reason]) if each.reason else None,
            }
            for each in page.items
        ],
        "next_cursor": page.next,
        "is_first": not cursor,
        "reasons": [("", ctx.locale.say(msg("Choose"))), *((code, ctx.locale.say(t)) for code, t in REASONS.items())],
        "accepted": accepted,
        "done": say_done(ctx, done),
        "problems": {f"reason-{about}": refusal.message} if refusal and about else {},
        "trouble": ctx.locale.say(refusal.message) if refusal and not about else None,
    }


def exchanges(ctx: Context) -> bool:
    """Returns whether files come from any other region here."""
    return bool(ctx.settings("transfers", Settings).regions)
