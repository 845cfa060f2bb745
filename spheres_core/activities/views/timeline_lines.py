"""Says each outing that she was asked to in one line of the timeline, without words."""

from __future__ import annotations

from collections.abc import Sequence

from spheres_core.activities.views.wording import ANSWERS, ATTENDANCE, name_of
from spheres_core.facts import msg
from spheres_core.followups.queries.timeline import Act
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context


async def say_outings(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each, with what she answered or that she was there."""
    return [_say(ctx, act) for act in acts]


def _say(ctx: Context, act: Act) -> Text:
    answer, _, attendance = act.how.partition(" ")
    said = ATTENDANCE[attendance] if attendance else ANSWERS[answer]  # type: ignore[index]
    return ctx.locale.say(msg("{activity}: {answer}", activity=name_of(ctx, act.what), answer=ctx.locale.say(said)))
