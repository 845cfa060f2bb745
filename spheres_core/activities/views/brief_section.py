"""Makes the part of briefs that comes from activities: of all participants of a meeting at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from spheres_core.activities.queries.for_briefs import CAME, FELT
from spheres_core.activities.views.wording import name_of
from spheres_core.facts import msg
from spheres_core.foundation.plugins.bodies import BriefLine
from spheres_core.foundation.tenancy.context import Context

MOST: Final = 5
"""Activities of each participant, the last first: a brief has a page for each."""


async def activities_of(
    ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]
) -> dict[UUID, list[BriefLine]]:
    """Returns to what each came, with how she said it was where her own words may be discussed."""
    last: dict[UUID, list[tuple[UUID, str]]] = {}
    for id, her, activity, on in await ctx.db.all(CAME, ids=list(participants), **reader):
        if len(last.setdefault(her, [])) < MOST:
            named = msg("{activity}, {day}", activity=name_of(ctx, activity), day=ctx.locale.date(on))
            last[her].append((id, str(ctx.locale.say(named))))
    ids = [id for each in last.values() for id, _ in each]
    rows = await ctx.db.all(FELT, ids=ids, **reader) if ids else []
    felt = {about: ctx.keys.open("outing_texts", id, "words", sealed).decode() for about, id, sealed in rows if sealed}
    return {her: [BriefLine(felt.get(id, ""), label) for id, label in each] for her, each in last.items()}
