"""Packs and plugins propose activities by codes; panels on an outing's page are told nothing of who comes along."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import MakeWorld, World, definition
from tests.plugins.planting import plant
from tests.spheres_core.activities.conftest import ask, plan, somebody
from tests.spheres_core.followups.conftest import START, Team
from tests.spheres_core.followups.pages import Browser
from tests.spheres_core.plans.test_needs import NEED

OURS: Final = Path(__file__).parents[3] / "plugins"
PROPOSES: Final = """
from spheres_core.plugin import ActivityProposal, Panel, PanelFact

@hookimpl
def propose_activities(plan):
    said = {"fr": "Le bus y va", "en": "The bus goes there"}
    near = {"en": f"For {plan.participant.code}: {', '.join(plan.needs)}"}
    return [ActivityProposal("library", said), ActivityProposal("no_such_activity", said),
            ActivityProposal("drawing", near)]

@hookimpl
def show_activity(activity):
    said = f"told {activity.activity} {activity.category} {activity.state} {len(activity.__struct_fields__)}"
    return Panel({"fr": "Le bus de la sortie", "en": "The bus of the outing"}, (PanelFact({"en": "Told"}, said),))
"""
ROOM: Final = """
from spheres_core.plugin import ActivityProposal

@hookimpl
def propose_activities(plan):
    raise ValueError
"""
PACK: Final = """
format = 1
[[activities]]
code = "driving_range"
label = {fr = "Karting", en = "Go-karting"}
category = "athletic"
needs = ["transport"]
"""


@pytest.fixture(scope="module")
def region(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("plugins")
    plant(
        folder, "outing_bus", PROPOSES, declares=("propose_activities", "show_activity"),
        files={"catalogue.toml": PACK}, content=["catalogue.toml"],
    )  # fmt: skip
    plant(folder, "outing_broken", ROOM, declares=("propose_activities",))
    north = definition("north", "quebec", "montreal", "outing_bus", "outing_broken")
    world: World = make_module_world(north, on=discover([folder, OURS]))
    world.now = START
    assert world.loaded("north").plugins.left_out == {}
    return world


def test_what_a_plugin_and_a_pack_propose_stands_beside_the_form_and_in_no_field(team: Team) -> None:
    code = somebody(team)
    browser, address = Browser(team.pivot), f"participants/{code}/activities"
    before = browser.read(address)
    assert "The bus goes there" in before
    assert "Go-karting" not in before
    team.pivot.do(f"/participants/{code}/needs", NEED | {"need": "transport"})

    above, _, form = browser.read(address).partition(f'action="/t/north/en/staff/{address}"')

    assert f"For {code}: transport" in above
    assert "Go-karting" in above.partition("names it for a need of hers")[0]
    assert "no_such_activity" not in above
    assert "could not answer" in above, "who fails is named, and the form is there all the same"
    assert form.count(" checked") == before.partition(f'staff/{address}"')[2].count(" checked"), "nothing is chosen"
    assert team.pivot.read(f"/participants/{code}/activities")["items"] == []

    outing = plan(team)
    shown = browser.read(f"activities/{outing}").partition("The bus of the outing")[2].partition("</section>")[0]
    assert "told museum cultural planned 7" in shown
    ask(team.pivot, code, outing)
    again = browser.read(f"activities/{outing}").partition("The bus of the outing")[2].partition("</section>")[0]
    assert again == shown, "that somebody comes along is not told"
