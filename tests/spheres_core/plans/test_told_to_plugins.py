"""A plugin is told of what is done with a participant as far as the organization for which it acts may know it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import MakeWorld, World, definition
from spheres_core.testing.region_api import Region
from tests.documented import documented_code
from tests.plugins.planting import plant
from tests.spheres_core.followups.conftest import PHONE, START, TODAY, Person, Team
from tests.spheres_core.plans.conftest import put
from tests.spheres_core.plans.test_needs import CHANGED, NEED
from tests.spheres_core.plans.test_requests import ORGANIZATION, REQUEST, WHAT, answer, lets
from tests.spheres_core.safety.conftest import lets_open

OURS: Final = Path(__file__).parents[3] / "plugins"
DOCUMENTED: Final = documented_code("extension-points.md", "## What is done with participants")
TOLD: Final = {
    "on_participation_changed": {"participation.begun", "participation.moved"},
    "on_assignment_changed": {"assignment.begun", "assignment.ended", "pivot.missing"},
    "on_consent_changed": {"consent.given", "consent.withdrawn"},
    "on_exclusion_changed": {"exclusion.recorded"},
    "on_encounter_changed": {"encounter.recorded", "contact.attempted"},
    "on_accompaniment_changed": {"accompaniment.recorded", "legal_step.recorded"},
    "on_invitation_changed": {"outing_invitation.made"},
    "on_attendance_recorded": {"attendance.noted"},
    "on_date_changed": {"date.noted"},
    "on_plan_changed": {"need.recorded", "strength.recorded", "goal.recorded"},
    "on_emergency_plan_changed": {"emergency_plan.written", "emergency_plan.agreed", "emergency_plan.not_now"},
    "on_emergency_access_opened": {"emergency_access.opened"},
    "on_stage_changed": {"goal_stage.observed", "cycle_stage.observed"},
    "on_service_request_changed": {"service_request.sent", "service_request.moved"},
}
"""Each hook, and acts of its kind."""
ACTS_FOR: Final = {"told_team": "*team", "told_asked": ORGANIZATION, "told_police": "spvm"}


def written(id: str) -> str:
    """The plugin of the page under another name, which hears all of these hooks."""
    known = [name for name in TOLD if f"def {name}" in DOCUMENTED]
    more = "".join(
        f"\n\n@hookimpl\nasync def {name}(ctx, act):\n    await hear(ctx, act)\n" for name in TOLD if name not in known
    )
    return DOCUMENTED.replace("night_bus", id) + more


@pytest.fixture(scope="module")
def region(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("plugins")
    names = (*ACTS_FOR, "told_nobody")
    for name in names:
        plant(folder, name, written(name), declares=("register_trail_verbs", *TOLD))
    settings = {"consents": {"plugin_organizations": ACTS_FOR}}
    north = definition("north", "quebec", "montreal", *names, settings=settings)
    world: World = make_module_world(north, on=discover([folder, OURS]))
    world.now = START
    assert world.loaded("north").plugins.left_out == {}
    return world


def heard(team: Team, plugin: str) -> list[dict[str, Any]]:
    """What a plugin noted since it was last looked at, without the owner of the note."""
    told = Region(team.world, team.slug)
    told.deliver()
    assert told.failures() == []
    verb = f"{plugin}.heard"
    found = team.world.sql("SELECT details FROM trail_entries WHERE verb = %s ORDER BY id", verb)
    team.world.sql("DELETE FROM trail_entries WHERE verb = %s", verb)
    return [row[0] for row in found]


def test_the_teams_own_plugin_is_told_of_each_kind_of_act(team: Team, code: str) -> None:
    team.agree(code, "encounters", "safe_contact", "service_requests", "participation", "legal", "emergency_plan")
    team.agree(code, "activities")
    team.reach(code, PHONE)
    hers = f"/participants/{code}"
    need = team.pivot.do(f"{hers}/needs", NEED)
    goal = team.pivot.do(f"{hers}/goals", {"words": "Dormir chez moi", "proposed_by": "herself"})
    team.pivot.do(f"{hers}/goals/{goal['id']}/stages", {"placed_by": "both", "importance": 3})
    team.pivot.do(f"{hers}/cycle-stages", {"model": "cycle_of_exploitation", "stage": "crisis"})
    held = {"state": "held", "kind": "phone", "at": START.isoformat(), "note": "Une note", "her_words": "Ses mots"}
    team.pivot.do(f"{hers}/encounters", held)
    team.pivot.do(f"{hers}/contact-attempts", {"channel": "phone", "outcome": "no_answer"})
    for kind in ("clinic", "court"):
        team.pivot.do(f"{hers}/accompaniments", {"kind": kind, "at": START.isoformat(), "what": "Mot"})
    team.pivot.do(f"{hers}/emergency-plan", {"version": 0, "language": "fr-CA", "sections": {"helps": "Ses mots"}})
    team.pivot.do(f"{hers}/emergency-plan/agree", {"version": 1}, status=200)
    lets_open(team, code, ORGANIZATION)
    on_call = Person(team, "on_call_partner", organization=ORGANIZATION)
    on_call.do(f"{hers}/emergency-access", {"reason": "Elle appelle et dit qu’on la suit"})
    team.pivot.do(f"{hers}/emergency-plan/not-now", {"ask_again_on": "2027-01-01"}, status=200)
    team.pivot.do(f"{hers}/dates", {"kind": "rent", "on": TODAY, "repeats": "monthly"})
    soon = {"activity": "museum", "at": (START + dt.timedelta(seconds=30)).isoformat(), "place": "Au coin", "seats": 2}
    outing = team.pivot.do("/activities", soon)["items"][0]["id"]
    team.pivot.do(f"{hers}/activities", {"outing": outing, "how": "encounter", "expects": "Ses mots"})
    consent = lets(team, code, "service_requests")
    request = team.pivot.do(f"{hers}/requests", REQUEST)
    team.world.forward(minutes=1)
    team.pivot.do(f"/activities/{outing}/attendance", {"came": [code]}, status=200)
    team.pivot.do(f"{hers}/requests/{request['id']}/answer", {"to": "cancelled", "version": 1}, status=200)
    team.pivot.do(f"{hers}/consents/{consent}/withdraw", status=200)
    paused = {
        "to": "paused",
        "reason": "quiet",
        "version": team.pivot.read(f"{hers}/participations")["participations"][0]["version"],
    }
    team.pivot.do(f"{hers}/participations/steps", paused, status=200)
    other = Person(team, "pivot_worker")
    team.coordinator.do(f"{hers}/assignments", {"staff": other.id, "part": "backup"})
    other.do(f"{hers}/exclusions", {"kind": "her_wish", "staff": team.pivot.id})

    told = heard(team, "told_team")

    verbs = {each["verb"] for each in told}
    assert {hook: expected - verbs for hook, expected in TOLD.items() if expected - verbs} == {}
    assert {each["participant"] for each in told} == {code}
    recorded = next(each for each in told if each["verb"] == "need.recorded")
    assert recorded == {
        "verb": "need.recorded", "participant": code, "need": need["id"], "code": "housing", "urgency": "urgent",
    }  # fmt: skip
    whole = str(told)
    words = (NEED["what"], "Une note", "Ses mots", "Au coin", "Elle appelle", WHAT)
    for kept_back in (*words, "514-555", "no_answer", team.pivot.id, on_call.id):
        assert kept_back not in whole
    assert heard(team, "told_nobody") == []


def test_an_organizations_plugin_hears_of_its_own_requests_and_of_nothing_that_she_did_not_agree_to(
    team: Team, code: str
) -> None:
    heard(team, "told_asked")
    team.agree(code, "service_requests", "encounters")
    consent = lets(team, code, "service_requests", "needs_and_plan")
    need = team.pivot.do(f"/participants/{code}/needs", NEED)
    assert heard(team, "told_asked") == [], "a consent alone is no reason to hear of her"

    request = team.pivot.do(f"/participants/{code}/requests", REQUEST | {"shares": ["needs_and_plan"]})
    held = {"state": "held", "kind": "phone", "at": START.isoformat(), "note": "Une note"}
    team.pivot.do(f"/participants/{code}/encounters", held)
    sent = {"verb": "service_request.sent", "request": request["id"], "service": REQUEST["service"], "participant": ""}
    assert heard(team, "told_asked") == [sent]

    liaison = Person(team, "liaison", organization=ORGANIZATION)
    answer(liaison, request, "accepted")
    put(team.pivot, f"/participants/{code}/needs/{need['id']}", CHANGED | {"version": 1})
    assert [each["verb"] for each in heard(team, "told_asked")] == ["service_request.moved", "need.changed"]

    team.world.forward(minutes=1)
    team.pivot.do(f"/participants/{code}/needs", NEED)
    team.pivot.do(f"/participants/{code}/consents/{consent}/withdraw", status=200)
    assert heard(team, "told_asked") == [{"verb": "consent.withdrawn", "participant": ""}], (
        "what was written before is not told any more; that it ended is"
    )
    team.pivot.do(f"/participants/{code}/needs", NEED)
    assert heard(team, "told_asked") == []
    assert heard(team, "told_police") == []


def test_her_code_is_told_where_the_organization_may_know_that_she_takes_part(team: Team, code: str) -> None:
    team.agree(code, "service_requests")
    lets(team, code, "service_requests", "participation")
    request = team.pivot.do(f"/participants/{code}/requests", REQUEST | {"shares": ["participation"]})
    heard(team, "told_asked")
    answer(Person(team, "liaison", organization=ORGANIZATION), request, "accepted")

    (moved,) = [each for each in heard(team, "told_asked") if each["verb"] == "service_request.moved"]

    assert moved["participant"] == code
    assert (moved["from"], moved["to"], moved["by_partner"]) == ("sent", "accepted", True)
