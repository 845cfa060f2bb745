"""Coordinators see how often plans are opened in an emergency, and whether that is looked at in time; of nobody."""

from __future__ import annotations

from typing import Any, Final

from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.plans.test_plan_pages import page_of
from tests.spheres_core.safety.conftest import PLAN, WORDS, lets_open

ORGANIZATION: Final = "en_marge_12_17"
REASON: Final = "Elle appelle de la rue, quelqu’un la suit"


def opened(team: Team, code: str) -> str:
    """Somebody on call opens her plan; returns the access's id."""
    on_call = Person(team, "on_call_partner", organization=ORGANIZATION)
    on_call.do(f"/participants/{code}/emergency-access", {"reason": REASON})
    return str(team.world.sql("SELECT id FROM emergency_accesses ORDER BY id DESC LIMIT 1")[0][0])


def rate(team: Team) -> Any:
    team.coordinator.sign_in()
    return team.coordinator.read("/emergency-accesses/rate")


def test_it_counts_what_was_opened_and_what_was_looked_at_in_time(team: Team, code: str) -> None:
    path = f"/participants/{code}/emergency-plan"
    team.pivot.do(path, PLAN)
    team.pivot.do(f"{path}/agree", {"version": 1}, status=200)
    lets_open(team, code, ORGANIZATION)
    officer = Person(team, "privacy_officer")
    before = rate(team)
    first, second, _ = opened(team, code), opened(team, code), opened(team, code)

    def review(id: str) -> None:
        officer.sign_in()
        officer.do(f"/emergency-accesses/{id}/review", {"finding": "in_order"}, status=200)

    team.world.forward(days=7)
    review(first)
    now = rate(team)
    grown = {name: now[name] - before[name] for name in ("opened", "reviewed_in_time", "waiting", "overdue")}
    assert grown == {"opened": 3, "reviewed_in_time": 1, "waiting": 2, "overdue": 0}
    team.world.forward(days=1)
    review(second)
    now = rate(team)
    grown = {name: now[name] - before[name] for name in ("reviewed_in_time", "reviewed_late", "waiting", "overdue")}
    assert grown == {"reviewed_in_time": 1, "reviewed_late": 1, "waiting": 0, "overdue": 1}
    assert now["per_100_files"] == round(100 * now["opened"] / now["files"], 1)

    page = page_of(team.coordinator, "/coordination")
    part = page.partition("Opened in an emergency")[2].partition("</section>")[0]
    assert f"Plans opened in an emergency in the last 90 days: {now['opened']}, that is" in part
    assert "Looked at in time: 1. Late: 1. Not yet looked at: 1, of which overdue: 1." in part
    sentences = part.partition("<ul")[0]
    assert [each for each in (code, REASON, *WORDS) if each in str(now) + sentences] == []
    team.world.forward(days=90)
    assert rate(team)["opened"] == 0


def test_it_is_for_whoever_coordinates(team: Team) -> None:
    for person in (team.pivot, Person(team, "on_call_partner", organization=ORGANIZATION)):
        assert person.get("/emergency-accesses/rate").status_code == 403
