"""One world with three regions: one that has the plugin, one that has it too, and one that does not."""

from __future__ import annotations

import pytest

from spheres_core.testing import MakeWorld, World, definition

SETTINGS = {"regional_intake": {"travel_communities": ["pontiac"], "other_law_communities": ["ontario"]}}


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    with_it = ("quebec", "outaouais", "regional_intake")
    return make_world(
        definition("east", *with_it, settings=SETTINGS),
        definition("north", *with_it, settings=SETTINGS),
        definition("west", "quebec", "outaouais"),
    )
