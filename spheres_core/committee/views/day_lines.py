"""Lines of a worker's day: to ask what she wants said before a meeting, to tell her what was recommended after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spheres_core.committee.queries import recommendations as queries
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import DayLine
from spheres_core.foundation.tenancy.context import Context

PAGE = "her_committee"


async def to_ask_lines(ctx: Context, rows: Sequence[Any]) -> list[DayLine]:
    """Returns whom to ask what she wants said in a meeting to come, and to tell what will be shared with whom."""
    text = str(ctx.locale.say(msg("Ask what she wants said, and tell her what will be shared with whom")))
    return [DayLine(code, text, PAGE, on=on) for code, on in await queries.to_ask(ctx, rows)]


async def to_tell_lines(ctx: Context, rows: Sequence[Any]) -> list[DayLine]:
    """Returns whom to tell what was recommended."""
    text = str(ctx.locale.say(msg("Tell her what was recommended, in her words")))
    return [DayLine(code, text, PAGE, on=on) for code, on in await queries.to_tell(ctx, rows)]
