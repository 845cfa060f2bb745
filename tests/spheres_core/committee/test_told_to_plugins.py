"""Plugins are told of meetings, the team's own of recommendations by codes; a plugin may bring a body of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import MakeWorld, World, definition
from spheres_core.testing.region_api import Region
from tests.plugins.planting import plant
from tests.spheres_core.committee.conftest import QUESTION, Committee
from tests.spheres_core.committee.test_recommendations import WHAT
from tests.spheres_core.followups.conftest import START
from tests.spheres_core.followups.pages import Browser

OURS: Final = Path(__file__).parents[3] / "plugins"
ACTS_FOR: Final = {"meeting_team": "*team", "meeting_member": "marie_vincent"}
HOOKS: Final = """
from spheres_core.plugin import Body, Panel, PanelFact, record

@hookimpl
def register_trail_verbs():
    return [TrailVerb("{id}.heard", {{"fr": "Entendu", "en": "Heard"}})]

@hookimpl
def register_bodies():
    return [Body("{id}:table", {{"fr": "Table des adjointes", "en": "Round table"}})]

@hookimpl
def show_meeting(meeting):
    told = f"told {{meeting.body}} {{meeting.state}} {{len(meeting.__struct_fields__)}}"
    return Panel({{"fr": "Salle de {id}", "en": "Room of {id}"}}, (PanelFact({{"en": "Told"}}, told),))

@hookimpl
async def on_meeting_changed(ctx, act):
    await record(ctx, "{id}.heard", details={{**act.details, "verb": act.verb}})

@hookimpl
async def on_recommendation_changed(ctx, act):
    code = act.participant.code if act.participant else ""
    await record(ctx, "{id}.heard", details={{**act.details, "verb": act.verb, "participant": code}})
"""


@pytest.fixture(scope="module")
def committee(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> Committee:
    folder = tmp_path_factory.mktemp("plugins")
    hooks = (
        "register_trail_verbs",
        "register_bodies",
        "show_meeting",
        "on_meeting_changed",
        "on_recommendation_changed",
    )
    for name in (*ACTS_FOR, "meeting_nobody"):
        plant(folder, name, HOOKS.format(id=name), declares=hooks)
    settings = {"consents": {"plugin_organizations": ACTS_FOR}}
    north = definition("north", "quebec", "montreal", *ACTS_FOR, "meeting_nobody", settings=settings)
    world: World = make_module_world(north, on=discover([folder, OURS]))
    world.now = START
    assert world.loaded("north").plugins.left_out == {}
    return Committee(world, "north")


def heard(committee: Committee, plugin: str) -> list[dict[str, Any]]:
    region = Region(committee.world, committee.slug)
    region.deliver()
    assert region.failures() == []
    found = committee.world.sql("SELECT details FROM trail_entries WHERE verb = %s ORDER BY id", f"{plugin}.heard")
    committee.world.sql("DELETE FROM trail_entries WHERE verb = %s", f"{plugin}.heard")
    return [row[0] for row in found]


def test_meetings_are_told_to_every_plugin_and_recommendations_to_the_teams_own(committee: Committee) -> None:
    code = committee.followed("committee", "own_words", "participation")
    for organization in ("marie_vincent", "*team"):
        committee.lets(code, organization)
    meeting = committee.plan()
    committee.put(code, meeting, shares=[])
    committee.coordinator.do(f"/meetings/{meeting['id']}/presence", {"staff": [committee.chair.id]}, status=200)
    posted = {"item": 1, "what": WHAT, "owner": committee.chair.id, "due_on": "2026-12-10"}
    made = committee.chair.do(f"/meetings/{meeting['id']}/recommendations", posted)
    committee.coordinator.do(f"/meetings/{meeting['id']}/end", {"to": "held", "version": 1}, status=200)

    told = {plugin: heard(committee, plugin) for plugin in (*ACTS_FOR, "meeting_nobody")}

    recommended = {"verb": "recommendation.made", "recommendation": made["id"], "state": "open", "participant": code}
    assert recommended in told["meeting_team"]
    for plugin, acts in told.items():
        assert [each["verb"] for each in acts if each["verb"].startswith("meeting.")] == [
            "meeting.planned", "meeting.ended"
        ]  # fmt: skip
        assert plugin == "meeting_team" or len(acts) == 2, "no organization's plugin is told of her"
        assert not any(word in str(acts) for word in (QUESTION, WHAT))


def test_a_panel_on_a_meetings_pages_is_told_nothing_of_its_agenda(committee: Committee) -> None:
    meeting, member = committee.plan(), committee.members["marie_vincent"]
    member.sign_in()
    address = f"committee/meetings/{meeting['id']}"
    before = Browser(member).read(address)
    panel = before.partition("Room of meeting_team")[2].partition("</section>")[0]
    assert "told clinical planned 4" in panel
    code = committee.followed("committee", "own_words", "participation")
    committee.lets(code, "anonyme")
    committee.put(code, meeting, shares=[])
    assert Browser(member).read(address) == before, "an item that is not hers changes nothing"
    assert "Room of meeting_nobody" in Browser(committee.coordinator).read(f"{address}/record")


def test_a_plugin_brings_a_body_of_its_own(committee: Committee) -> None:
    meeting = committee.plan(body="meeting_team:table")
    committee.seat(committee.members["anonyme"], "meeting_team:table")
    code = committee.followed("committee", "own_words", "participation")
    committee.lets(code, "anonyme")
    committee.put(code, meeting, shares=[])
    (seen,) = committee.brief(committee.members["anonyme"], meeting)
    assert seen["question"] == QUESTION
    assert committee.brief(committee.members["marie_vincent"], meeting) == [], "who has no seat there gets nothing"
    refused = committee.coordinator.post("/meetings", {"body": "no_such_body", "at": "2026-12-09T14:00:00Z"})
    assert (refused.status_code, refused.json()["code"]) == (422, "body_unknown")
