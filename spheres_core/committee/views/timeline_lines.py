"""Says each act of committees in one line of the timeline, without words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from spheres_core.committee.recommendation_states import STATES
from spheres_core.facts import Message, msg
from spheres_core.followups.queries.timeline import Act
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context

ON_AGENDA: Final[Mapping[str, Message]] = {
    "on": msg("Her situation is on the agenda of a meeting"),
    "taken_off": msg("Her situation was taken off the agenda of a meeting"),
}


async def say_items(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each item of an agenda."""
    return [ctx.locale.say(ON_AGENDA[act.what]) for act in acts]


async def say_recommendations(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each recommendation."""
    say = ctx.locale.say
    return [say(STATES[act.what]) for act in acts]  # type: ignore[index]
