"""Somebody on call opens a plan with a reason, where she agreed to it: the plan classes only, for hours, reviewed."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import httpx
import pytest

from tests.spheres_core.followups.conftest import PHONE, START, Person, Team
from tests.spheres_core.plans.test_plan_pages import page_of, send, went
from tests.spheres_core.safety.conftest import PLAN, WORDS, lets_open
from tests.spheres_core.safety.test_plans import lines_of

ORGANIZATION: Final = "en_marge_12_17"
REASON: Final = "Elle appelle de la rue, quelqu’un la suit"
NOBODYS: Final = "KH4T-7R3X-8WPD"


@pytest.fixture
def on_call(team: Team) -> Person:
    """Somebody who is on call at night in a partner's house."""
    return Person(team, "on_call_partner", organization=ORGANIZATION, name="Noa Garde")


@pytest.fixture
def planned(team: Team, code: str) -> str:
    """Somebody with a plan, who lets a partner open it in an emergency."""
    team.pivot.do(f"/participants/{code}/emergency-plan", PLAN)
    team.pivot.do(f"/participants/{code}/emergency-plan/agree", {"version": 1}, status=200)
    team.pivot.do(f"/participants/{code}/emergency-plan", PLAN | {"version": 1, "sections": {"helps": "Ébauche"}})
    lets_open(team, code, ORGANIZATION)
    return code


def ask(person: Person, code: str, reason: str = REASON) -> httpx.Response:
    return person.post(f"/participants/{code}/emergency-access", {"reason": reason})


def read(person: Person, code: str) -> httpx.Response:
    return person.get(f"/participants/{code}/emergency-plan?purpose=emergency")


def test_without_an_own_reason_nothing_opens_and_it_is_said_in_words(on_call: Person, planned: str) -> None:
    for short in ("", "urgence", " " * 40, "x" * 19):
        refused = ask(on_call, planned, short)
        assert (refused.status_code, refused.json()["code"]) == (422, "reason_too_short")
        assert "20" in refused.json()["title"]
        assert ask(on_call, NOBODYS, short).json()["title"] == refused.json()["title"]
    assert read(on_call, planned).status_code == 404


def test_it_opens_the_plan_to_which_she_agreed_and_ends_by_itself(team: Team, on_call: Person, planned: str) -> None:
    assert read(on_call, planned).status_code == 404
    until = on_call.do(f"/participants/{planned}/emergency-access", {"reason": REASON})["until"]
    assert dt.datetime.fromisoformat(until) - team.world.now == dt.timedelta(hours=8)

    found = read(on_call, planned).json()
    assert found["agreed"]["sections"][0]["words"] == PLAN["sections"]["safety"]
    assert found["draft"] is None, "somebody on call goes by what she agreed to"
    assert [word for word in WORDS if word not in str(found)] == []
    team.world.forward(hours=7, minutes=59)
    on_call.sign_in()
    assert read(on_call, planned).status_code == 200
    team.world.forward(minutes=1)
    assert read(on_call, planned).status_code == 404


def test_nothing_else_opens_with_it(team: Team, on_call: Person, planned: str) -> None:
    lets_open(team, planned, ORGANIZATION, "encounters", "participation", "identity", "needs_and_plan")
    assert ask(on_call, planned).status_code == 201
    for path in ("", "/encounters", "/goals", "/timeline", "/safe-contact", "/consents", "/emergency-plan"):
        for query in ("", "?purpose=emergency"):
            if (path, query) != ("/emergency-plan", "?purpose=emergency"):
                assert on_call.get(f"/participants/{planned}{path}{query}").status_code in (403, 404), path
    assert on_call.post(f"/participants/{planned}/emergency-plan", PLAN | {"version": 2}).status_code in (403, 404)
    rows = team.world.sql("SELECT kind, classes, acts FROM standings ORDER BY id DESC LIMIT 1")
    assert rows == [("emergency_access", ["emergency_plan", "safe_contact"], ["read"])]


def test_unknown_codes_and_those_who_did_not_agree_are_one_answer(team: Team, on_call: Person, code: str) -> None:
    team.pivot.do(f"/participants/{code}/emergency-plan", PLAN)
    lets_open(team, code, "marie_vincent")
    answers = [ask(on_call, each) for each in (code, NOBODYS, "x")]
    assert {(each.status_code, each.json()["code"], each.json()["title"]) for each in answers} == {
        (404, answers[0].json()["code"], answers[0].json()["title"])
    }
    tried = "SELECT count(*) FROM trail_entries WHERE verb = 'emergency_access.refused' AND actor_id = %s"
    assert team.world.sql(tried, on_call.id) == [(3,)], "each try stays in the trail"
    assert ask(team.pivot, code).status_code == 403, "that is a role of its own"


def test_what_she_takes_back_and_who_is_kept_away_beat_it(team: Team, on_call: Person, code: str) -> None:
    team.pivot.do(f"/participants/{code}/emergency-plan", PLAN)
    team.pivot.do(f"/participants/{code}/emergency-plan/agree", {"version": 1}, status=200)
    consent = lets_open(team, code, ORGANIZATION)
    ask(on_call, code)
    assert read(on_call, code).status_code == 200
    team.pivot.do(f"/participants/{code}/consents/{consent}/withdraw", status=200)
    team.world.forward(minutes=1)
    assert read(on_call, code).status_code == 404
    assert ask(on_call, code).status_code == 404
    lets_open(team, code, ORGANIZATION)
    assert read(on_call, code).status_code == 200, "the access still runs"
    team.pivot.do(f"/participants/{code}/exclusions", {"kind": "her_wish", "staff": on_call.id})
    assert read(on_call, code).status_code == 404
    assert ask(on_call, code).status_code == 404


def test_who_follows_her_and_who_coordinates_see_it_in_their_day_without_a_word(
    team: Team, on_call: Person, planned: str
) -> None:
    ask(on_call, planned)

    def told(person: Person) -> list[str]:
        parts = person.read("/my-day")["more"]
        return [line["participant"] for part in parts if part["name"] == "emergency_accesses" for line in part["lines"]]

    assert planned in told(team.pivot)
    page = team.world.get("/t/north/en/staff/coordination", headers=team.coordinator.headers).text
    part = page.partition("Opened in an emergency")[2].partition("</section>")[0]
    assert planned in part
    for each in (REASON, "Noa Garde", *WORDS):
        assert each not in page
        assert each not in str(team.pivot.read("/my-day"))


def test_each_access_is_looked_at_by_name_once_and_never_by_who_opened_it(
    team: Team, on_call: Person, planned: str
) -> None:
    ask(on_call, planned)
    officer = Person(team, "privacy_officer", name="Pascale Exemple")
    listed = officer.read("/emergency-accesses")
    (found,) = [each for each in listed["accesses"] if each["by"] == "Noa Garde" and each["reviewed_by"] is None][:1]
    assert (found["reason"], found["overdue"], found["finding"]) == (REASON, False, None)
    assert listed["of_last_30_days"] >= 1
    assert listed["per_100_files"] > 0
    assert planned not in str(listed), "whose plan it was is not said"
    assert [word for word in WORDS if word in str(listed)] == []

    team.world.forward(days=8)
    for each in (officer, on_call):
        each.sign_in()
    assert next(e for e in officer.read("/emergency-accesses")["accesses"] if e["id"] == found["id"])["overdue"]
    path = f"/emergency-accesses/{found['id']}/review"
    both = Person(team, "privacy_officer", "on_call_partner", organization=ORGANIZATION)
    own = both.post(f"/participants/{planned}/emergency-access", {"reason": REASON})
    assert own.status_code == 201
    newest = next(e for e in both.read("/emergency-accesses")["accesses"] if e["opened_at"] == _now(team))
    refused = both.post(f"/emergency-accesses/{newest['id']}/review", {"finding": "in_order"})
    assert (refused.status_code, refused.json()["code"]) == (409, "own_access")
    officer.do(path, {"finding": "to_talk_about"}, status=200)
    again = officer.post(path, {"finding": "in_order"})
    assert (again.status_code, again.json()["code"]) == (409, "already_reviewed")
    after = next(e for e in officer.read("/emergency-accesses")["accesses"] if e["id"] == found["id"])
    assert (after["reviewed_by"], after["finding"], after["overdue"]) == ("Pascale Exemple", "to_talk_about", False)
    assert on_call.get("/emergency-accesses").status_code == 403


def _now(team: Team) -> Any:
    return next(
        e["opened_at"]
        for e in Person(team, "privacy_officer").read("/emergency-accesses")["accesses"]
        if dt.datetime.fromisoformat(e["opened_at"]) == team.world.now
    )


def test_reasons_are_sealed_and_stand_in_no_trail(team: Team, on_call: Person, planned: str) -> None:
    ask(on_call, planned)
    rows = team.world.sql("SELECT reason FROM emergency_accesses ORDER BY id DESC LIMIT 1")
    assert REASON.encode() not in bytes(rows[0][0])
    assert REASON not in str(team.world.sql("SELECT details FROM trail_entries ORDER BY id DESC LIMIT 20"))


def test_on_pages_the_first_page_is_the_form_and_one_press_opens_the_plan(
    team: Team, on_call: Person, planned: str
) -> None:
    assert "Why you open it" in page_of(on_call, "/on-call")
    short = send(on_call, "/on-call", {"code": planned, "reason": "vite"})
    assert (short.status_code, 'id="reason-problem"' in short.text) == (422, True)
    wrong = send(on_call, "/on-call", {"code": NOBODYS, "reason": REASON})
    assert (wrong.status_code, 'id="code-problem"' in wrong.text) == (422, True)
    assert REASON.split("’")[0] in wrong.text, "what was typed stays"

    place = went(send(on_call, "/on-call", {"code": planned.lower().replace("-", " "), "reason": REASON}))
    assert place.endswith(f"/staff/on-call/{planned}")
    page = page_of(on_call, f"/on-call/{planned}")
    for said in ("Open to you until", "sans arrêt", "Tante Lou", "Verified on"):
        assert said in page, said
    page_of(on_call, f"/on-call/{NOBODYS}", status=404)


def test_how_to_reach_her_is_shown_only_where_she_agreed_to_that_too(team: Team, on_call: Person, planned: str) -> None:
    team.agree(planned, "safe_contact")
    team.reach(planned, PHONE)
    ask(on_call, planned)
    assert "How she can be reached is not shared with you" in page_of(on_call, f"/on-call/{planned}")
    lets_open(team, planned, ORGANIZATION, "safe_contact")
    assert "How she can be reached is not shared with you" not in page_of(on_call, f"/on-call/{planned}")


def test_on_its_page_an_access_is_reviewed_with_one_press(team: Team, on_call: Person, planned: str) -> None:
    ask(on_call, planned)
    officer = Person(team, "privacy_officer", name="Pascale Exemple")
    page = page_of(officer, "/emergency-accesses")
    id = page.partition("/staff/emergency-accesses/")[2][:36]
    assert "done=access_reviewed" in went(send(officer, f"/emergency-accesses/{id}", {"finding": "in_order"}))
    assert "Pascale Exemple" in page_of(officer, "/emergency-accesses")
    again = send(officer, f"/emergency-accesses/{id}", {"finding": "in_order"})
    assert again.status_code == 409
    assert lines_of(team.pivot) is not None
    assert team.world.now >= START
