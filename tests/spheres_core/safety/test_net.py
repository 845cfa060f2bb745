"""Her safety net: whom she trusts, places, services and numbers, by the region's clock, as far as a reader may know."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest

from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.plans.test_plan_pages import page_of
from tests.spheres_core.plans.test_together import opened, screen
from tests.spheres_core.safety.conftest import PLAN, lets_open

ORGANIZATION: Final = "en_marge_12_17"
LIAISON, SERVICE = "marie_vincent", "marie_vincent_psychotherapy"


@pytest.fixture
def planned(team: Team, code: str) -> str:
    """Somebody with a plan, a draft of another, and a service of a partner that said yes."""
    path = f"/participants/{code}"
    team.pivot.do(f"{path}/emergency-plan", PLAN)
    team.pivot.do(f"{path}/emergency-plan/agree", {"version": 1}, status=200)
    team.pivot.do(f"{path}/emergency-plan", PLAN | {"version": 1, "people": [{"name": "Ébauche"}]})
    team.agree(code, "service_requests")
    return code


def accepted(team: Team, code: str) -> None:
    """A partner says yes to what was asked for her."""
    lines = [{"recipient": LIAISON, "information": "service_requests", "purpose": "service"}]
    given = {"kind": "information", "given_on": "2026-11-23", "how": "spoken", "giver": "herself", "age": 19,
             "lines": lines}  # fmt: skip
    team.pivot.do(f"/participants/{code}/consents", given)
    asked = {"service": SERVICE, "need": "mental_health", "what": "Parler", "age": 17, "language": "fr",
             "area": "montreal", "shares": [], "exception": "Elle y tient"}  # fmt: skip
    made = team.pivot.do(f"/participants/{code}/requests", asked)
    liaison = Person(team, "liaison", organization=LIAISON)
    liaison.do(f"/requests/{made['id']}/answer", {"to": "accepted", "version": made["version"]}, status=200)


def net_of(person: Person, code: str, query: str = "") -> Any:
    return person.read(f"/participants/{code}/safety-net{query}")


def test_it_holds_those_she_trusts_and_what_is_open_first(team: Team, planned: str) -> None:
    found = net_of(team.pivot, planned)
    assert found["people"] == [{"name": "Tante Lou", "ways": "par texto", "times": "le soir"}], "not the draft's"
    assert [each["service"] for each in found["places"]] == ["en_marge_shelter"]
    for kind in ("places", "services", "numbers"):
        states = [(True, None, False).index(each["open_now"]) for each in found[kind]]
        assert states == sorted(states), kind
    assert found["services"] == []
    assert dt.datetime.fromisoformat(found["at"]) == team.world.now


def test_a_service_is_there_once_its_partner_says_yes(team: Team, planned: str) -> None:
    accepted(team, planned)
    (service,) = net_of(team.pivot, planned)["services"]
    assert service["service"] == SERVICE
    page = page_of(team.pivot, f"/participants/{planned}/emergency-plan")
    assert "A service that she has" in page


def test_open_or_closed_goes_by_the_regions_clock(team: Team, planned: str) -> None:
    accepted(team, planned)
    hours = '[{"rule": "FREQ=DAILY", "from": "09:00", "to": "11:00"}]'
    team.world.sql(
        "UPDATE services SET content = jsonb_set(content, '{hours}', %s::jsonb) WHERE key = %s", hours, SERVICE
    )
    path = f"/participants/{planned}/emergency-plan"
    (service,) = net_of(team.pivot, planned)["services"]
    assert service["open_now"] is True, "it is ten in the morning in Montréal"
    assert "Not open now" not in page_of(team.pivot, path)
    team.world.forward(hours=2)
    team.pivot.sign_in()
    (service,) = net_of(team.pivot, planned)["services"]
    assert service["open_now"] is False
    page = page_of(team.pivot, path)
    assert page.index("A service that she has") > page.index("Not open now, or hours not stated")
    assert page.count("Tante Lou") == 1, "in her net, and not once more in the plan below"


def test_somebody_on_call_sees_her_plans_part_of_it_and_no_service(team: Team, planned: str) -> None:
    accepted(team, planned)
    lets_open(team, planned, ORGANIZATION, "emergency_plan", "service_requests", "participation")
    on_call = Person(team, "on_call_partner", organization=ORGANIZATION, name="Noa Garde")
    assert on_call.get(f"/participants/{planned}/safety-net?purpose=emergency").status_code == 404
    on_call.do(f"/participants/{planned}/emergency-access", {"reason": "Elle appelle de la rue, on la suit"})
    found = net_of(on_call, planned, "?purpose=emergency")
    assert [each["name"] for each in found["people"]] == ["Tante Lou"]
    assert found["places"]
    assert found["services"] == []
    page = page_of(on_call, f"/on-call/{planned}")
    assert page.index("Who and what is there for her now") < page.index("sans arrêt")
    assert "A service that she has" not in page


def test_both_look_at_it_on_one_screen(team: Team, planned: str) -> None:
    accepted(team, planned)
    opened(team, f"/participants/{planned}")
    page = screen(team.pivot).text
    for said in ("Open now for me", "People I trust", "Tante Lou", "sans arrêt"):
        assert said in page, said
    assert page.count("Tante Lou") == 1
    assert "Ébauche" not in page


def test_who_may_not_read_her_plan_finds_no_net(team: Team, planned: str) -> None:
    stranger = Person(team, "pivot_worker")
    answers = {stranger.get(f"/participants/{each}/safety-net").status_code for each in (planned, "KH4T-7R3X-8WPD")}
    assert answers == {404}
