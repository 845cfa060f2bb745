"""Each region's pack shows in her file: its own needs and goals, and whom it leads nobody to."""

from __future__ import annotations

from typing import Any, Final

import pytest

from spheres_core.testing import MakeWorld, World, definition
from tests.spheres_core.followups.conftest import START, Person, Team

AWAY: Final = {"organization": "sapummijiit"}
"""Nobody is led there: in this test somebody there is kin."""
SETTINGS: Final[dict[str, dict[str, Any]]] = {"nunavik": {"partners": {"not_proposed": [AWAY]}}}
OWN_NEEDS: Final[dict[str, set[str]]] = {
    "montreal": set(), "outaouais": {"between_provinces"}, "nunavik": {"near_home", "on_the_land"},
}  # fmt: skip
OWN_GOALS: Final[dict[str, set[str]]] = {"montreal": set(), "outaouais": {"near_my_people"}, "nunavik": {"back_home"}}


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld) -> World:
    made: World = make_module_world(
        *(definition(name, "quebec", name, settings=SETTINGS.get(name, {})) for name in OWN_NEEDS)
    )
    made.now = START
    return made


def codes(team: Team, name: str) -> set[str]:
    return {each["code"] for each in team.pivot.read("/plan-catalogue")[name]}


def need(code: str) -> dict[str, str]:
    return {"need": code, "identified_by": "herself", "what": "Un mot", "strength": "Une force"}


@pytest.mark.parametrize("name", OWN_NEEDS)
def test_a_plan_names_what_its_own_region_lists_and_nothing_of_another(world: World, name: str) -> None:
    team = Team(world, name)
    her = team.begin(pivot=team.pivot.id)["participant"]
    team.agree(her, "needs_and_plan")

    for listed, own in (("needs", OWN_NEEDS), ("goal_templates", OWN_GOALS)):
        there = codes(team, listed)
        assert own[name] <= there
        assert there.isdisjoint(set().union(*(found for other, found in own.items() if other != name)))
    for each in OWN_NEEDS[name] or {"housing"}:
        team.pivot.do(f"/participants/{her}/needs", need(each))
    for foreign in set().union(*OWN_NEEDS.values()) - OWN_NEEDS[name]:
        refused = team.pivot.post(f"/participants/{her}/needs", need(foreign))
        assert (refused.status_code, refused.json()["code"]) == (422, "catalogue_code_unknown")


def test_in_nunavik_nobody_is_led_to_kin_nor_followed_by_one(world: World) -> None:
    team = Team(world, "nunavik")
    her = team.begin(pivot=team.pivot.id)["participant"]
    team.agree(her, "service_requests", "participation")
    lines = [{"recipient": "sapummijiit", "information": "service_requests", "purpose": "service"}]
    given = {"kind": "information", "given_on": "2026-11-23", "how": "spoken", "giver": "herself", "age": 19}
    team.pivot.do(f"/participants/{her}/consents", {**given, "lines": lines})
    request = {"service": "sapummijiit_offices", "what": "Un mot", "exception": "Quand même", "area": "kuujjuaq"}

    refused = team.pivot.post(f"/participants/{her}/requests", request)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict_of_interest")
    assert team.pivot.read(f"/participants/{her}/requests")["items"] == []

    kin = Person(team, "pivot_worker", organization="sapummijiit")
    tie = {"kind": "conflict_of_interest", "organization": "sapummijiit"}
    team.pivot.do(f"/participants/{her}/exclusions", tie)
    named = team.coordinator.post(f"/participants/{her}/assignments", {"staff": kin.id, "part": "backup"})
    assert named.status_code == 422
    assert kin.get(f"/participants/{her}").status_code == 404
    other = Person(team, "pivot_worker", organization="ungava_tulattavik")
    team.coordinator.do(f"/participants/{her}/assignments", {"staff": other.id, "part": "backup"})
