"""Finds the regions to which files go, as an administrator has set them."""

from __future__ import annotations

from spheres_core.consents.queries.recipients import region_names
from spheres_core.facts import Words
from spheres_core.foundation.tenancy.context import Context
from spheres_core.transfers.settings import Settings


async def regions(ctx: Context) -> dict[str, Words]:
    """Returns by slug what they are called, in the order of the settings; one that is not there is left out."""
    slugs = [each for each in ctx.settings("transfers", Settings).regions if each != ctx.tenant.slug]
    names = await region_names(ctx, slugs)
    return {slug: names[slug] for slug in slugs if slug in names}


def exchanges_with(ctx: Context, slug: str) -> bool:
    """Returns whether this region passes files to another one, and takes them from it."""
    return slug in ctx.settings("transfers", Settings).regions
