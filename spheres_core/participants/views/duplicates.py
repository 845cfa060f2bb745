"""The page of those who could be the same person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.duplicates import list_duplicates
from spheres_core.participants.schemas.duplicates import Alike
from spheres_core.participants.schemas.identity import LEAST_REASON
from spheres_core.participants.views.confirmations import say_done
from spheres_core.staff.queries.members import list_members

ALIKE: Final[Mapping[Alike, Message]] = {
    "name_and_birthday": msg("one name and one date of birth"),
    "phone": msg("one telephone number"),
    "email": msg("one e-mail address"),
}


async def duplicates_page(
    ctx: Context, *, done: str = "", refusal: Refusal | None = None, about: str = "", reason: str = ""
) -> dict[str, Any]:
    """Returns what `participants/duplicates.html` shows. `refusal`: why something `about` a pair was not done."""
    found = await list_duplicates(ctx)
    names = {each.id: each.name for each in await list_members(ctx)} if found.decisions else {}
    return {
        "title": ctx.locale.say(msg("The same person?")),
        "proposals": [
            {
                "each": each,
                "key": f"{each.participant}-{each.other}",
                "alike": [ctx.locale.say(ALIKE[a]) for a in each.alike],
            }
            for each in found.proposals
        ],
        "decisions": [
            {"each": each, "key": str(each.id), "who": names.get(each.decided_by, "") if each.decided_by else ""}
            for each in found.decisions
        ],
        "least_reason": LEAST_REASON,
        "done": say_done(ctx, done),
        "refused": _said(ctx, refusal),
        "about": about,
        "reason": reason,
    }


def _said(ctx: Context, refusal: Refusal | None) -> Text | None:
    return ctx.locale.say(refusal.message) if refusal is not None else None
