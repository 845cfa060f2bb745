"""Chooses the partners that the demo's people work for; where a region has none such, adds fictional ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import structs

from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.operations.add_entry import NewPartner, add_partner
from spheres_core.partners.queries.partners import legal_regime_of, organization_facts

COMMUNITY_REGIME: Final = "P-39.1"
"""The act that community organizations live under: who may consent is known there at the most ages."""
SHELTER: Final = NewPartner(
    {
        "name": {"fr": "Refuge Exemple (fictif)", "en": "Example Shelter (fictitious)"},
        "kind": "community",
        "status": "to_confirm",
    },
    {
        "role": "shelter",
        "duty": {
            "fr": "Héberge des jeunes, dans cet exemple seulement.",
            "en": "Shelters youth, in this example only.",
        },
        "status": "to_confirm",
    },
    (
        {
            "name": {"fr": "Dormir une nuit (fictif)", "en": "A night’s sleep (fictitious)"},
            "about": {"fr": "Un lit, dans cet exemple seulement.", "en": "A bed, in this example only."},
            "for": "participants",
            "status": "to_confirm",
            "province_wide": True,
            "hours": [{"rule": "FREQ=DAILY", "from": "00:00", "to": "24:00"}],
        },
    ),
)


def _employer(fr: str, en: str) -> NewPartner:
    return NewPartner(
        {
            "name": {"fr": f"{fr} (fictif)", "en": f"{en} (fictitious)"},
            "kind": "community",
            "legal_regime": {"name": COMMUNITY_REGIME, "status": "to_confirm"},
            "status": "to_confirm",
        },
        {
            "role": "pivot_worker",
            "duty": {
                "fr": "Emploie une intervenante pivot, dans cet exemple seulement.",
                "en": "Employs a pivot worker, in this example only.",
            },
            "status": "to_confirm",
        },
    )


EMPLOYERS: Final = (
    _employer("Organisme Exemple", "Example Organization"),
    _employer("Milieu Exemple", "Example Community House"),
)
SINCE: Final = "2020-01-01"
"""Before anybody in the demo took part, so that services were asked of them on days of the past."""
SERVICES: Final = ("psychotherapy", "shelter")
"""Roles of an organization that services are asked of, the first that there is."""


async def add_fictional(ctx: Context) -> None:
    """Adds what an illustrated region has no organization for: a shelter, and employers of two pivot workers."""
    known = await organization_facts(ctx, ctx.today)
    if not any("shelter" in each.roles for each in known):
        await _add(ctx, SHELTER)
    employing = sum("pivot_worker" in each.roles for each in known)
    for missing in EMPLOYERS[employing:]:
        await _add(ctx, missing)


async def employers(ctx: Context) -> Mapping[str, str]:
    """Returns for whom each of the demo's people works, by the name in her account: keys of organizations."""
    known = await organization_facts(ctx, ctx.today)
    pivots = [each.key for each in known if "pivot_worker" in each.roles]
    regimes = {key: await legal_regime_of(ctx, key) for key in pivots}
    pivots.sort(key=lambda key: (regimes[key] != COMMUNITY_REGIME, key))
    service = next(
        (each.key for role in SERVICES for each in known if role in each.roles and each.key not in pivots[:2]), ""
    )
    found = {"first_pivot": pivots[0], "second_pivot": pivots[1]} if len(pivots) > 1 else {}
    return {**found, "service": service} if service else found


async def _add(ctx: Context, new: NewPartner) -> None:
    today = ctx.today.isoformat()
    services = tuple({**each, "verified_on": today} for each in new.services)
    await add_partner(ctx, structs.replace(new, role={**new.role, "from": SINCE}, services=services))
