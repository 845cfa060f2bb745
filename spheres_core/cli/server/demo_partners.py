"""Adds a fictional partner to the demo's illustrated regions, so that what speaks of shelters has one to speak of."""

from __future__ import annotations

from typing import Final

from msgspec import structs

from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.operations.add_entry import NewPartner, add_partner
from spheres_core.partners.queries.partners import organization_facts

ROLE: Final = "shelter"
SHELTER: Final = NewPartner(
    {
        "name": {"fr": "Refuge Exemple (fictif)", "en": "Example Shelter (fictitious)"},
        "kind": "community",
        "status": "to_confirm",
    },
    {
        "role": ROLE,
        "duty": {
            "fr": "Héberge des jeunes, dans cet exemple seulement.",
            "en": "Shelters youth, in this example only.",
        },
        "status": "to_confirm",
    },
)


async def add_shelter(ctx: Context) -> None:
    """Adds the fictional shelter, unless an organization of the region shelters young people."""
    known = await organization_facts(ctx, ctx.today)
    if not any(ROLE in each.roles for each in known):
        role = {**SHELTER.role, "from": ctx.today.isoformat()}
        await add_partner(ctx, structs.replace(SHELTER, role=role))
