"""Values of the first page of who watches over private information, and of the openings of identities."""

from typing import Any, Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import page_of
from spheres_core.participants.queries.identity_openings import list_all_openings
from spheres_core.participants.views.identity_page import ACTS
from spheres_core.privacy.operations.retention import count_retention
from spheres_core.privacy.queries.oversight import read_oversight

RETENTION: Final[dict[str, Message]] = {
    "advice": msg("Words of requests for advice"),
    "close_ones": msg("Records of close ones"),
    "drafts": msg("Drafts that nobody sent"),
    "files": msg("Files of those whose participation ended long ago"),
    "incidents": msg("Closed incidents"),
    "sessions": msg("Sessions of clinical support for staff"),
    "workshops": msg("Workshops"),
    "trainings": msg("Trainings that staff logged"),
}


async def oversight_page(ctx: Context) -> dict[str, Any]:
    """Returns the values of `privacy/oversight.html`."""
    due = await count_retention(ctx)
    return {
        "title": ctx.locale.say(msg("Protection of private information")),
        "counts": await read_oversight(ctx),
        "retention": [
            {"label": ctx.locale.say(title), "value": ctx.locale.number(getattr(due, name))}
            for name, title in RETENTION.items()
        ],
    }


async def openings_page(ctx: Context, *, cursor: str = "") -> dict[str, Any]:
    """Returns the values of `privacy/openings.html`: who opened an identity and why, and not whose it was."""
    page = await page_of(
        ctx, "all-identity-openings", cursor, lambda before, limit: list_all_openings(ctx, before=before, limit=limit)
    )
    return {
        "title": ctx.locale.say(msg("Who opened an identity")),
        "openings": [{"opening": each, "act": ctx.locale.say(ACTS[each.act])} for each in page.items],
        "next_cursor": page.next,
        "is_first": not cursor,
    }
