"""Finds what recipients of a consent are called: organizations of the directory, and other regions of this server."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.consents.schemas import REGION
from spheres_core.facts import Words
from spheres_core.foundation.database.models import TenantRow
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.partners import organization_names

tenants = table(TenantRow)
NAMES = prepare(
    select(tenants.c.slug, tenants.c.name).where(tenants.c.slug == any_(bindparam("slugs", type_=ARRAY(Text()))))
)


async def recipient_names(ctx: Context, recipients: Collection[str]) -> dict[str, Words]:
    """Returns by key what each organization of the directory is called, and each region among these recipients."""
    slugs = [each.removeprefix(REGION) for each in recipients if each.startswith(REGION)]
    named = await region_names(ctx, slugs)
    return await organization_names(ctx) | {f"{REGION}{slug}": name for slug, name in named.items()}


async def region_names(ctx: Context, slugs: Collection[str]) -> dict[str, Words]:
    """Returns by slug what regions of this server are called; one that is not there is left out."""
    return dict(await ctx.db.all(NAMES, slugs=list(slugs))) if slugs else {}
