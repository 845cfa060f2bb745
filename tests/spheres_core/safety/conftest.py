"""A region where somebody takes part, has a pivot worker, and lets her emergency plan be written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from spheres_core.testing import World, definition
from tests.spheres_core.followups.conftest import START, TODAY, Team

PLAN: Final[dict[str, Any]] = {
    "version": 0,
    "language": "fr-CA",
    "community": "montreal",
    "sections": {
        "safety": "Dormir sans qu’on cogne à la porte",
        "signs": "Il écrit sans arrêt\nJe ne mange plus",
        "code_word": "Pluie",
        "not_wanted": "N’appelez pas ma mère",
    },
    "people": [{"name": "Tante Lou", "ways": "par texto", "times": "le soir"}],
    "places": ["en_marge_shelter"],
}
WORDS: Final = ("cogne à la porte", "sans arrêt", "Pluie", "ma mère", "Tante Lou", "par texto", "le soir")


@pytest.fixture(scope="module")
def region(shared_world: World) -> World:
    return shared_world.renew(
        definition("north", "quebec", "montreal"), definition("south", "quebec", "montreal"), now=START
    )


@pytest.fixture(scope="module")
def team_of_module(region: World) -> Team:
    region.now = START
    return Team(region, "north")


@pytest.fixture
def team(team_of_module: Team) -> Iterator[Team]:
    """The region's people, on the first day."""
    team_of_module.world.now = START
    for person in (team_of_module.coordinator, team_of_module.pivot):
        person.sign_in()
    yield team_of_module
    team_of_module.world.now = START


@pytest.fixture
def code(team: Team) -> str:
    """Somebody whom the pivot worker follows, who lets her emergency plan be written."""
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], "emergency_plan")
    return str(begun["participant"])


def lets_open(team: Team, code: str, organization: str, *classes: str) -> str:
    """She lets somebody on call of an organization open her plan in an emergency."""
    lines = [
        {"recipient": organization, "information": each, "purpose": "emergency"}
        for each in classes or ("emergency_plan",)
    ]
    given = {"kind": "information", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": 19, "lines": lines}
    return str(team.pivot.do(f"/participants/{code}/consents", given)["id"])
