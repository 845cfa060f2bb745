"""Weighs services of the directory for somebody, by the rule that the page about who can help goes by."""

from __future__ import annotations

from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries import matching, partners
from spheres_core.partners.queries.matching import Match


async def services_for(ctx: Context, *, age: int | None, language: str, area: str) -> list[Match]:
    """Returns every service with what speaks for it and against it: those that can serve first, those that cannot last.

    Raises `HelpRequestInvalid`.
    """
    asked = {"age": "" if age is None else str(age), "language": language, "area": area}
    areas = [each.key for each in await partners.areas(ctx)]
    return await matching.find_services(ctx, matching.parse_help_request(ctx, asked, areas=areas))
