"""Where she cannot get to is looked at in her plan, by the code of the region's own question and no word."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import MakeWorld, World, definition
from tests.spheres_core.followups.conftest import START, Team
from tests.spheres_core.followups.pages import Browser
from tests.spheres_core.plans.test_needs import NEED

OURS: Final = Path(__file__).parents[3] / "plugins"
FORM: Final = "on_need.outaouais"


@pytest.fixture(scope="module")
def region(make_module_world: MakeWorld) -> World:
    world: World = make_module_world(definition("north", "quebec", "outaouais", "regional_intake"), on=discover([OURS]))
    world.now = START
    assert world.loaded("north").plugins.left_out == {}
    return world


@pytest.fixture(scope="module")
def team(region: World) -> Team:
    return Team(region, "north")


@pytest.fixture
def code(team: Team) -> str:
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], "needs_and_plan", "own_words")
    return str(begun["participant"])


def need(team: Team, code: str, reach: str, **changed: Any) -> Any:
    extra = {"extra": {FORM: {"answers": {"reach": reach}}}}
    return team.pivot.post(f"/participants/{code}/needs", NEED | extra | changed)


def test_check_need_asks_once_about_an_urgent_need_out_of_reach_at_its_question(team: Team, code: str) -> None:
    doubted = need(team, code, "no")
    assert (doubted.status_code, doubted.json()["code"]) == (422, "doubted_by_check")
    assert doubted.json()["errors"][0]["path"] == f"extra.{FORM}.answers.reach"
    browser = Browser(team.pivot)
    said = {each: NEED[each] for each in ("need", "identified_by", "urgency", "strength", "what")}
    page = browser.send(f"participants/{code}/plan/need", **said | {f"{FORM}/reach": "no"})
    assert 'id="extra-on_need-outaouais-q-reach-problem"' in page.text
    assert "who could come to her?" in page.text
    assert 'name="confirmed"' in page.text

    assert need(team, code, "no", confirmed=True).status_code == 201
    for reach, changed in (("alone", {}), ("no", {"urgency": "soon"}), ("unknown", {})):
        assert need(team, code, reach, **changed).status_code == 201


def test_the_way_is_something_to_talk_about_and_stands_on_her_plan(team: Team, code: str) -> None:
    browser = Browser(team.pivot, "fr")
    assert need(team, code, "alone").status_code == 201
    assert "Le trajet" not in browser.read(f"participants/{code}/plan/goal")
    assert need(team, code, "no", urgency="soon").status_code == 201

    assert "par ses moyens" in browser.read(f"participants/{code}/plan/goal")
    plan = browser.read(f"participants/{code}/plan")
    assert "Là où elle ne peut pas se rendre pour le moment" in plan
    assert "1 besoin" in plan


def test_what_begins_where_she_is_is_proposed_and_pages_remind_of_the_way(team: Team, code: str) -> None:
    team.agree(code, "activities")
    browser, hers = Browser(team.pivot, "fr"), f"participants/{code}/activities"
    assert "là où elle est" not in browser.read(hers)
    assert need(team, code, "no", urgency="soon").status_code == 201
    proposed = browser.read(hers).partition("là où elle est")
    assert "Marche" in proposed[0]
    outing = {"activity": "walk", "at": "2026-12-02T16:00:00Z", "place": "Devant chez elle", "seats": 3}
    (made,) = team.coordinator.do("/activities", outing)["items"]
    assert "comment elle revient" in browser.read(f"activities/{made['id']}")
    meeting = team.coordinator.do("/meetings", {"body": "clinical", "at": "2026-12-03T14:00:00Z"})
    assert "participer par téléphone" in Browser(team.coordinator, "fr").read(f"committee/meetings/{meeting['id']}")
