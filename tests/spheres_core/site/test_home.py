"""The first page somebody meets."""

from __future__ import annotations

import pytest

from spheres_core.testing import MakeWorld, definition


@pytest.mark.parametrize(
    ("accepted", "short"),
    [("", "fr"), ("en-US,en;q=0.9", "en"), ("fr-FR", "fr"), ("de, en;q=0.1", "en"), ("x" * 9999, "fr")],
)
@pytest.mark.parametrize("address", ["/t/north", "/t/north/"])
def test_a_tenants_address_leads_to_its_home_in_the_readers_language(
    make_world: MakeWorld, address: str, accepted: str, short: str
) -> None:
    world = make_world(definition("north", "quebec", "montreal"))

    answered = world.get(address, headers={"Accept-Language": accepted})

    assert (answered.status_code, answered.headers["location"]) == (303, f"/t/north/{short}/")
    assert world.get(answered.headers["location"]).status_code == 200
