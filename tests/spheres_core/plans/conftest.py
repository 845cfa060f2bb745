"""A region where somebody takes part, has a pivot worker, and lets her plan be written."""

from __future__ import annotations

from typing import Any, Final

import pytest

from spheres_core.testing import World, definition
from tests.spheres_core.followups.conftest import START, Person, Team

KIN: Final = {"organization": "en_marge_12_17"}
"""In this region somebody there is kin of whom it is about: nobody is led to it."""
CLASSES: Final = ("needs_and_plan", "stages", "own_words")


def put(person: Person, path: str, body: Any) -> Any:
    return person.team.world.request("PUT", f"/t/{person.team.slug}/api{path}", json=body, headers=person.headers)


@pytest.fixture(scope="module")
def region(shared_world: World) -> World:
    return shared_world.renew(
        definition("north", "quebec", "montreal", settings={"partners": {"not_proposed": [KIN]}}),
        definition("south", "quebec", "montreal"),
        now=START,
    )


@pytest.fixture(scope="module")
def team_of_module(region: World) -> Team:
    region.now = START
    return Team(region, "north")


@pytest.fixture
def team(team_of_module: Team) -> Team:
    """The region's people, on the first day."""
    team_of_module.world.now = START
    for person in (team_of_module.coordinator, team_of_module.pivot):
        person.sign_in()
    return team_of_module


@pytest.fixture
def code(team: Team) -> str:
    """Somebody whom the pivot worker follows, who lets her plan, stages and her words be written."""
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], *CLASSES)
    return str(begun["participant"])
