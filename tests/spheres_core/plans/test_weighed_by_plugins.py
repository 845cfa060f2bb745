"""Plugins check, weigh and suggest in her file: at the field, with a reason, and never against her wish."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import MakeWorld, World, definition
from tests.documented import documented_code
from tests.plugins.planting import plant
from tests.spheres_core.followups.conftest import START, Person, Team
from tests.spheres_core.followups.pages import Browser
from tests.spheres_core.plans.test_needs import NEED
from tests.spheres_core.plans.test_requests import ORGANIZATION, REQUEST, SERVICE, lets

OURS: Final = Path(__file__).parents[3] / "plugins"
DOCUMENTED: Final = documented_code("extension-points.md", "## Weigh what is written of a participant")
WEIGHS: Final = DOCUMENTED.replace("far_house", ORGANIZATION)
HOOKS: Final = ("check_encounter", "check_need", "check_participation_step", "assess_services", "suggest_goals")
GUARDS: Final = """
@hookimpl
def check_encounter(encounter):
    if encounter.kind == "video":
        raise ValueError
    if encounter.kind == "group":
        return [Problem({"fr": "Pas en groupe.", "en": "Not in a group."}, path="kind")]
"""
SHOWS: Final = """
from spheres_core.plugin import Panel, PanelFact

@hookimpl
def show_plan(plan):
    said = ", ".join([plan.participant.code, *plan.needs])
    return Panel({"fr": "Le bus et son plan", "en": "The bus and her plan"}, (PanelFact({"en": "Read"}, said),))

@hookimpl
def show_together(together):
    said = ", ".join([*together.templates, *(f"{model}={stage}" for model, stage in together.places.items())])
    return Panel({"fr": "Le bus pour toi", "en": "The bus for you"}, (PanelFact({"en": "Told"}, said),),
                 template="weighing_panels/panel.html")

@hookimpl
def show_encounter_form(participant):
    return Panel({"fr": "Le bus ce soir", "en": "The bus tonight"}, (PanelFact({"en": "For"}, participant.code),))
"""
LEADS: Final = """
from spheres_core.plugin import Panel, PanelLink

@hookimpl
def show_together(together):
    return Panel({"fr": "Une sortie", "en": "A way out"}, links=(PanelLink({"en": "Away"}, "my_day"),))
"""
MET: Final[dict[str, Any]] = {"state": "held", "kind": "in_person", "at": START.isoformat()}


@pytest.fixture(scope="module")
def region(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("plugins")
    plant(folder, "weighing_bus", WEIGHS, declares=HOOKS)
    plant(folder, "weighing_guard", GUARDS, declares=("check_encounter",), safeguards=["check_encounter"])
    plant(
        folder,
        "weighing_panels",
        SHOWS,
        declares=("show_plan", "show_together", "show_encounter_form"),
        files={"templates/weighing_panels/panel.html": '<p>A <a href="/t/north/en/staff/my-day">stop</a></p>'},
    )
    plant(folder, "weighing_leads", LEADS, declares=("show_together",))
    north = definition(
        "north", "quebec", "montreal", "weighing_bus", "weighing_guard", "weighing_panels", "weighing_leads"
    )
    world: World = make_module_world(north, on=discover([folder, OURS]))
    world.now = START
    assert world.loaded("north").plugins.left_out == {}
    return world


@pytest.fixture
def hers(team: Team, code: str) -> str:
    team.agree(code, "encounters", "service_requests", "participation")
    return f"/participants/{code}"


def refused(team: Team, path: str, body: dict[str, Any]) -> tuple[int, str, list[tuple[str, str]]]:
    answer = team.pivot.post(path, body, **{"accept-language": "en"})
    told = answer.json()
    return answer.status_code, told["code"], [(each["path"], each["message"]) for each in told["errors"]]


def test_what_a_check_says_stands_at_its_field_and_is_heeded_once(team: Team, hers: str) -> None:
    said = (422, "doubted_by_check", [("place", "Say where, for the bus.")])
    assert refused(team, f"{hers}/encounters", MET) == said
    assert team.pivot.read(f"{hers}/encounters")["items"] == []

    team.pivot.do(f"{hers}/encounters", MET | {"confirmed": True})
    team.pivot.do(f"{hers}/encounters", MET | {"place": "school"})

    need = NEED | {"need": "transport"}
    assert refused(team, f"{hers}/needs", need) == (
        422, "doubted_by_check", [("urgency", "The bus leaves at 8 p.m. only.")],
    )  # fmt: skip
    made = team.pivot.do(f"{hers}/needs", need | {"confirmed": True})
    assert made["urgency"] == "urgent"


def test_a_safeguard_refuses_whatever_is_confirmed_also_when_it_fails(team: Team, hers: str) -> None:
    group = MET | {"kind": "group", "place": "school", "confirmed": True}
    assert refused(team, f"{hers}/encounters", group) == (422, "refused_by_check", [("kind", "Not in a group.")])

    status, code, errors = refused(team, f"{hers}/encounters", group | {"kind": "video"})

    assert (status, code, [path for path, _ in errors]) == (422, "refused_by_check", [""])
    assert team.pivot.read(f"{hers}/encounters")["items"] == []


def test_a_step_is_held_up_but_never_her_own_wish(team: Team, hers: str) -> None:
    def step(**more: Any) -> dict[str, Any]:
        (episode,) = team.pivot.read(f"{hers}/participations")["participations"]
        return {"version": episode["version"], **more}

    path = f"{hers}/participations/steps"
    assert refused(team, path, step(to="closing")) == (
        422, "doubted_by_check", [("to", "A ride is still planned.")],
    )  # fmt: skip
    assert team.pivot.do(path, step(to="paused", reason="her_wish"), status=200)["state"] == "paused"
    assert team.pivot.do(path, step(to="closing", confirmed=True), status=200)["state"] == "closing"


def test_a_service_that_a_plugin_says_does_not_fit_is_asked_for_with_a_reason(team: Team, code: str, hers: str) -> None:
    lets(team, code, "service_requests")
    offered = team.pivot.read(f"{hers}/requests/services?age=19&language=fr&area=montreal", **{"accept-language": "en"})
    (weighed,) = [each for each in offered["services"] if each["service"] == SERVICE]
    assert {"aspect": "plugin", "stands": "against", "text": "The bus does not go there."} in weighed["reasons"]
    assert weighed["verdict"] == "no"

    asked = team.pivot.post(f"{hers}/requests", REQUEST, **{"accept-language": "en"})
    assert (asked.status_code, asked.json()["code"]) == (422, "service_does_not_fit")
    assert "The bus does not go there." in asked.json()["reasons"]
    team.pivot.do(f"{hers}/requests", REQUEST | {"exception": "Elle peut y aller à pied"})


def test_what_is_suggested_stands_beside_the_form_and_in_no_field(team: Team, code: str, hers: str) -> None:
    browser = Browser(team.pivot, "fr")
    address = f"participants/{code}/plan/goal"
    assert "Un premier trajet" not in browser.read(address)
    team.pivot.do(f"{hers}/needs", NEED)

    above, _, form = browser.read(address).partition('method="post" action="/t/north/fr/staff/participants')

    assert "Un premier trajet" in above
    assert "Le bus mène aux logements." in above
    assert form
    assert "Un premier trajet" not in form


def test_what_a_check_says_is_shown_on_the_page_with_a_box_to_keep_it(team: Team, code: str, hers: str) -> None:
    browser = Browser(team.pivot)
    note = {"state": "held", "kind": "in_person", "day": "2026-11-23", "time": "10:00", "place": "", "note": "Noté"}

    answer = browser.send(f"participants/{code}/encounters", **note)
    assert answer.status_code == 422
    assert "Say where, for the bus." in answer.text
    assert 'name="confirmed"' in answer.text
    assert "Noté" in answer.text
    browser.done(f"participants/{code}/encounters", **note, confirmed="yes")

    assert [each["note"] for each in team.pivot.read(f"{hers}/encounters")["items"]] == ["Noté"]


def test_panels_stand_on_plan_and_encounter_form_and_say_no_class_that_the_reader_may_not_read(
    team: Team, code: str, hers: str
) -> None:
    team.pivot.do(f"{hers}/needs", NEED)
    pivot, coordinator = Browser(team.pivot), Browser(team.coordinator)

    assert f"{code}, housing" in pivot.read(f"participants/{code}/plan").partition("The bus and her plan")[2]
    assert code in pivot.read(f"participants/{code}/encounters/new").partition("The bus tonight")[2]
    assert coordinator.get(f"participants/{code}/plan").status_code == 404, "she knows of the file, not of the plan"
    shown = "SELECT count(*) FROM trail_entries WHERE verb = 'participant.panels_shown' AND details->>'plugins' = %s"
    assert team.world.sql(shown, '["weighing_panels"]') == [(2,)]


def test_a_panel_on_the_screen_of_both_is_told_her_codes_and_leads_nowhere(team: Team, code: str, hers: str) -> None:
    team.agree(code, "stages")
    team.pivot.do(f"{hers}/needs", NEED)
    for who, words, template in (("herself", "Dormir chez moi", "rent"), ("worker", "Porter plainte", "job")):
        team.pivot.do(f"{hers}/goals", {"words": words, "proposed_by": who, "template": template})
    both = Person(team, "pivot_worker")
    team.coordinator.do(f"{hers}/assignments", {"staff": both.id, "part": "backup"})
    browser = Browser(both)
    browser.send(f"participants/{code}/together")
    page = browser.read("/t/north/en/together")

    panel = page.partition("The bus for you")[2]
    assert "rent" in panel.partition("</section>")[0]
    assert "<p>A stop</p>" in panel.partition("</section>")[0], "what is written stays, and its link is taken out"
    assert "job" not in panel.partition("</section>")[0], "a worker's proposal is not hers"
    assert code not in page, "the screen names nobody"
    assert "A way out" not in page, "a link there is refused, and of a panel that is refused nothing is said"
    assert "weighing_leads" not in page
    shown = "SELECT count(*) FROM trail_entries WHERE verb = 'participant.panels_shown' AND actor_id = %s"
    assert team.world.sql(shown, both.id) == [(1,)]
