"""Plugins show a panel on an emergency plan: told where she can go, and neither who she is nor a word of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import msgspec
import pytest

from spheres_core.facts.emergency_plans import EmergencyPlanFacts
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import MakeWorld, World, definition
from tests.documented import documented_code
from tests.plugins.planting import plant
from tests.spheres_core.followups.conftest import START, Person, Team
from tests.spheres_core.plans.test_plan_pages import page_of
from tests.spheres_core.safety.conftest import PLAN, WORDS, lets_open

OURS: Final = Path(__file__).parents[3] / "plugins"
DOCUMENTED: Final = documented_code("extension-points.md", "## A panel on an emergency plan")
TELLS: Final = """
from spheres_core.plugin import Panel, PanelFact

@hookimpl
def show_emergency_plan(plan):
    return Panel({"fr": "Tout", "en": "All that is told"}, (PanelFact({"en": "Told"}, repr(plan)),))
"""
ORGANIZATION: Final = "en_marge_12_17"
REASON: Final = "Elle appelle de la rue, quelqu’un la suit"
ID_OF: Final = "SELECT id FROM organizations WHERE key = %s"
NOTE: Final = "INSERT INTO shelter_beds_nights (tenant_id, organization_id, night, free) SELECT tenant_id, id, %s, %s"


@pytest.fixture(scope="module")
def region(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("plugins")
    plant(folder, "emergency_bus", DOCUMENTED, declares=("show_emergency_plan",))
    plant(folder, "emergency_teller", TELLS, declares=("show_emergency_plan",))
    north = definition("north", "quebec", "montreal", "shelter_beds", "emergency_bus", "emergency_teller")
    world: World = make_module_world(north, on=discover([folder, OURS]))
    world.now = START
    assert world.loaded("north").plugins.left_out == {}
    return world


@pytest.fixture
def planned(team: Team, code: str) -> str:
    path = f"/participants/{code}/emergency-plan"
    team.pivot.do(path, PLAN)
    team.pivot.do(f"{path}/agree", {"version": 1}, status=200)
    lets_open(team, code, ORGANIZATION)
    return code


@pytest.fixture
def pages(team: Team, planned: str) -> tuple[str, str]:
    """The page of her plan, and the one of somebody on call who opened it."""
    on_call = Person(team, "on_call_partner", organization=ORGANIZATION)
    on_call.do(f"/participants/{planned}/emergency-access", {"reason": REASON})
    return page_of(team.pivot, f"/participants/{planned}/emergency-plan"), page_of(on_call, f"/on-call/{planned}")


def panel(page: str, plugin: str) -> str:
    return page.partition(f'id="panel-{plugin}"')[2].partition("</section>")[0]


def test_a_panel_stands_on_the_plan_and_with_somebody_on_call_and_knows_nobody(
    team: Team, planned: str, pages: tuple[str, str]
) -> None:
    her = str(team.world.sql("SELECT id FROM participants ORDER BY id DESC LIMIT 1")[0][0])
    for page in pages:
        assert "stop in front" in panel(page, "emergency_bus")
        told = panel(page, "emergency_teller")
        assert "en_marge_shelter" in told
        assert [each for each in (planned, her, REASON, *WORDS) if each in told] == []
    shown = "SELECT count(*) FROM trail_entries WHERE verb = 'participant.panels_shown' AND details->'plugins' ? %s"
    assert team.world.sql(shown, "emergency_bus")[0][0] >= 2
    names = {each.name for each in msgspec.structs.fields(EmergencyPlanFacts)}
    assert names == {"places", "community"}


def test_nothing_is_asked_while_she_has_agreed_to_no_plan(team: Team, code: str) -> None:
    team.pivot.do(f"/participants/{code}/emergency-plan", PLAN)
    assert "panel-emergency" not in page_of(team.pivot, f"/participants/{code}/emergency-plan")


def test_free_beds_of_her_places_stand_on_the_plan_and_with_somebody_on_call(team: Team, planned: str) -> None:
    def both() -> tuple[str, str]:
        on_call = Person(team, "on_call_partner", organization=ORGANIZATION)
        on_call.do(f"/participants/{planned}/emergency-access", {"reason": REASON})
        found = page_of(team.pivot, f"/participants/{planned}/emergency-plan"), page_of(on_call, f"/on-call/{planned}")
        return tuple(panel(page, "shelter_beds") for page in found)  # type: ignore[return-value]

    for page in both():
        assert "En Marge 12-17" in page
        assert "Not noted tonight: call first." in page
    team.world.sql(f"{NOTE} FROM organizations WHERE key = %s", dt.date(2026, 11, 23), 2, ORGANIZATION)
    for page in both():
        assert page.count("2 beds are free tonight.") == 2, "in her place, and in all shelters"
