"""Makes the part of briefs that comes from emergency plans: that there is one, and when it is looked at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from spheres_core.facts import msg
from spheres_core.foundation.plugins.bodies import BriefLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.safety.queries.for_briefs import AGREED


async def plans_of(
    ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]
) -> dict[UUID, list[BriefLine]]:
    """Returns one line of each who has agreed to a plan. What stands in it no committee needs."""
    there = ctx.locale.say(msg("There is one, to which she has agreed."))
    found = {}
    for her, review_by in await ctx.db.all(AGREED, ids=list(participants), **reader):
        again = ctx.locale.say(msg("Looked at again by {day}", day=ctx.locale.date(review_by))) if review_by else ""
        found[her] = [BriefLine(str(there), str(again))]
    return found
