"""Weighs services of the directory for somebody, by the rule that the page about who can help goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Struct

from spheres_core.facts import OfferedServiceFacts, ServiceRequestFacts
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries import matching, partners
from spheres_core.partners.queries.matching import Match
from spheres_core.partners.service_matching import MatchReason, Stands, Verdict, verdict

STANDS: Final[Mapping[str, Stands]] = {"fits": "for", "a_person_decides": "unknown", "does_not_fit": "against"}
_ORDER: Final[tuple[Verdict, ...]] = ("yes", "perhaps", "no")


async def services_for(ctx: Context, *, age: int | None, language: str, area: str) -> list[Match]:
    """Returns every service with what speaks for it and against it: those that can serve first, those that cannot last.

    Raises `HelpRequestInvalid`.
    """
    asked = {"age": "" if age is None else str(age), "language": language, "area": area}
    areas = [each.key for each in await partners.areas(ctx)]
    return await matching.find_services(ctx, matching.parse_help_request(ctx, asked, areas=areas))


class Weighed(Struct, frozen=True):
    """Services with all that is said of them, and the plugins that could not answer."""

    matches: list[Match]
    missing: tuple[str, ...] = ()


async def weighed_services(
    ctx: Context,
    *,
    age: int | None,
    language: str,
    area: str,
    need: str = "",
) -> Weighed:
    """Returns the same with what plugins say of each service besides. Raises `HelpRequestInvalid`."""
    matches = await services_for(ctx, age=age, language=language, area=area)
    offered = [OfferedServiceFacts(each.service.key, each.organization) for each in matches]
    request = ServiceRequestFacts(age, language, area, need)
    asked = await ctx.ask("assess_services", request=request, services=offered)
    said: dict[str, list[MatchReason]] = {}
    for _, each in asked.answers:
        said.setdefault(each.service, []).append(MatchReason("plugin", STANDS[each.outcome], each.reason))
    if said:
        weighed = [_with(each, said.get(each.service.key, [])) for each in matches]
        matches = sorted(weighed, key=lambda each: _ORDER.index(each.verdict))
    return Weighed(matches, asked.missing)


def _with(match: Match, more: list[MatchReason]) -> Match:
    reasons = (*match.reasons, *more)
    return msgspec.structs.replace(match, reasons=reasons, verdict=verdict(reasons)) if more else match
