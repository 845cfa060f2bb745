"""Says each act with her emergency plan in one line of the timeline, without its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.followups.queries.timeline import Act
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context

LINES: Final[Mapping[str, Message]] = {
    "draft": msg("A draft of an emergency plan was written with her"),
    "agreed": msg("An emergency plan was written with her; she agrees to it"),
    "superseded": msg("An emergency plan was written with her; another one took its place"),
    "": msg("She does not want an emergency plan now"),
}


async def say_plans(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each version, with what became of it, and for each time that she did not want one."""
    return [ctx.locale.say(LINES[act.what]) for act in acts]
