"""How often plans were opened in an emergency, in sentences for the coordination page."""

from __future__ import annotations

from spheres_core.facts import msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.safety.queries.access_rate import read_access_rate


async def rate_sentences(ctx: Context) -> list[Text]:
    """Returns how many were opened, and how many of them somebody looked at in time."""
    rate, say = await read_access_rate(ctx), ctx.locale.say
    opened = msg(
        "Plans opened in an emergency in the last {days} days: {opened}, that is {rate} for each 100 who take part.",
        days=rate.days, opened=rate.opened, rate=rate.per_100_files,
    )  # fmt: skip
    looked_at = msg(
        "Looked at in time: {in_time}. Late: {late}. Not yet looked at: {waiting}, of which overdue: {overdue}.",
        in_time=rate.reviewed_in_time, late=rate.reviewed_late, waiting=rate.waiting + rate.overdue,
        overdue=rate.overdue,
    )  # fmt: skip
    return [say(opened), say(looked_at)] if rate.opened else [say(opened)]
