"""A region in which outings are planned, and young people who let the team keep what they go to."""

from __future__ import annotations

from typing import Any, Final

import pytest

from spheres_core.testing import World, definition
from tests.spheres_core.followups.conftest import START, Person, Team

CLASSES: Final = ("activities", "own_words", "needs_and_plan", "safe_contact")
OUTING: Final[dict[str, Any]] = {
    "activity": "museum", "at": "2026-11-25T18:30:00-05:00", "place": "Devant la grande porte", "seats": 3,
    "purposes": ["self_discovery"], "transport": "En métro, ensemble", "accessibility": "Ascenseur", "cost_cents": 0,
}  # fmt: skip
AFTER: Final = START.replace(day=26)


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
def team(team_of_module: Team) -> Team:
    """The region's people, on the first day."""
    team_of_module.world.now = START
    for person in (team_of_module.coordinator, team_of_module.pivot):
        person.sign_in()
    return team_of_module


def somebody(team: Team, follower: Person | None = None) -> str:
    """The code of somebody whom a worker follows, who lets the team keep what she goes to."""
    follower = follower or team.pivot
    code = str(team.begin(pivot=follower.id)["participant"])
    lines = [{"recipient": "*team", "information": each, "purpose": "follow_up"} for each in CLASSES]
    given = {"kind": "information", "given_on": "2026-11-23", "how": "spoken", "giver": "herself", "age": 19,
             "lines": lines}  # fmt: skip
    follower.do(f"/participants/{code}/consents", given)
    follower.do(f"/participants/{code}/limits", {"on": "2026-11-23"})
    return code


def plan(team: Team, **changed: Any) -> str:
    """The id of an outing to come."""
    made = team.coordinator.do("/activities", OUTING | changed)
    return str(made["items"][0]["id"])


def ask(follower: Person, code: str, outing: str, *, status: int = 201, **changed: Any) -> Any:
    """Somebody is asked to an outing while her worker is with her."""
    posted = {"outing": outing, "how": "encounter"} | changed
    return follower.do(f"/participants/{code}/activities", posted, status=status)
