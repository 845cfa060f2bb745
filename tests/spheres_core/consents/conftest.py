"""A region with a legal profile and organizations, and another."""

from __future__ import annotations

import pytest

from spheres_core.testing import World, definition
from tests.spheres_core.consents.acts import NOW


@pytest.fixture(scope="module")
def region(shared_world: World) -> World:
    return shared_world.renew(definition("north", "quebec", "montreal"), definition("south", "quebec"))


@pytest.fixture
def world(region: World) -> World:
    region.now = NOW
    return region
