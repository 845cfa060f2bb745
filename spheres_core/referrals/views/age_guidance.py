"""Guidance beside a form whose answers lie outside the region's ages: whom to call now, or which services help then."""

from typing import Any, Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries import matching
from spheres_core.partners.service_matching import HelpRequest
from spheres_core.referrals.schemas import AgeGuidance
from spheres_core.referrals.settings import Settings

MOST_SERVICES: Final = 6
TITLES: Final[dict[str, Message]] = {
    "age_below": msg("Under {least}: do not wait for our answer"),
    "age_above": msg("Over {most}: other services can help"),
}


async def guidance_view(ctx: Context, found: AgeGuidance | None) -> dict[str, Any] | None:
    """Returns what a page says of an age outside the region's; None for an age within."""
    if found is None:
        return None
    ages = ctx.settings("referrals", Settings)
    return {
        "code": found.code,
        "title": ctx.locale.say(TITLES[found.code], least=ages.minimum_age, most=ages.maximum_age),
        "text": found.text,
        "urgent": found.code == "age_below",
        "services": await _services(ctx, found.age) if found.code == "age_above" else [],
    }


async def _services(ctx: Context, age: int) -> list[dict[str, Any]]:
    """Returns services that are known to serve this age."""
    found = await matching.find_services(ctx, HelpRequest(ctx.now, age))
    known = [each for each in found if any(why.aspect == "age" and why.stands == "for" for why in each.reasons)]
    return [
        {
            "key": each.organization,
            "name": ctx.locale.pick(each.service.name),
            "organization": ctx.locale.pick(each.organization_name),
        }
        for each in known[:MOST_SERVICES]
    ]
