"""Incidents that wait in a process reach the database of their tenant, whichever server of the process writes first."""

from __future__ import annotations

from collections.abc import Sequence

from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.isolation.fault_location import FaultLocation
from spheres_core.foundation.isolation.incidents import Incident
from spheres_core.foundation.tenancy.context import Context
from spheres_core.testing import MakeWorld, World, definition


def kept(world: World, slug: str) -> list[tuple[str, str]]:
    async def asking(ctx: Context) -> Sequence[Incident]:
        return await incidents.of_tenant(ctx.db)

    return [(each.plugin, each.kind) for each in world.act(slug, asking)]


def test_a_server_of_another_database_does_not_lose_what_it_does_not_know(make_world: MakeWorld) -> None:
    own, other = make_world(definition("east", "quebec")), make_world(definition("west", "quebec"))
    tenant = str(own.loaded("east").tenant.id)
    incidents.clear()
    incidents.record(tenant, "quebec", "assess_eligibility", FaultLocation("ValueError", "hooks.py:1"))

    other.run(incidents.write(other.runtime.database))
    assert kept(other, "west") == []
    own.run(incidents.write(own.runtime.database))

    assert kept(own, "east") == [("quebec", "ValueError")]
    incidents.clear()
