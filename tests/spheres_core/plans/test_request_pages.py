"""Services on pages: asked for in four clicks with what she agreed to, and answered by the partner's liaison."""

from __future__ import annotations

import pytest

from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.plans.test_plan_pages import leads, page_of, send, went
from tests.spheres_core.plans.test_requests import ORGANIZATION, REQUEST, SERVICE, WHAT, lets


@pytest.fixture(scope="module")
def liaison(team_of_module: Team) -> Person:
    return Person(team_of_module, "liaison", organization=ORGANIZATION)


@pytest.fixture
def code(team: Team) -> str:
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], "service_requests", "needs_and_plan", "own_words")
    return str(begun["participant"])


def test_a_service_is_asked_for_and_answered_on_pages(team: Team, code: str, liaison: Person) -> None:
    file = f"/participants/{code}"
    assert leads(page_of(team.pivot, file), f"{file}/requests")
    empty = page_of(team.pivot, f"{file}/requests")
    assert "Nothing was asked for yet." in empty
    assert leads(empty, f"{file}/requests/new")
    form = page_of(team.pivot, f"{file}/requests/new")
    assert SERVICE in form
    assert "conflict of interest" in form, "why one is not proposed stands beside it"
    sent = {name: str(value) for name, value in REQUEST.items()} | {"act": "send"}

    refused = send(team.pivot, f"{file}/requests/new", sent)
    assert refused.status_code == 403
    assert "Nothing that was agreed to lets this leave for that organization." in refused.text
    assert WHAT.split("’")[0] in refused.text, "what was typed stays"
    wrong = send(team.pivot, f"{file}/requests/new", sent | {"age": "many", "service": ""})
    assert wrong.status_code == 422
    assert 'id="age-problem"' in wrong.text

    lets(team, code, "service_requests", "participation")
    assert "That she takes part" in page_of(team.pivot, f"{file}/requests/new")
    weighed = send(team.pivot, f"{file}/requests/new", sent | {"act": "weigh"})
    assert weighed.status_code == 200
    assert "done=sent" in went(send(team.pivot, f"{file}/requests/new", sent | {"shares": "participation"}))
    made = team.pivot.read(f"{file}/requests")["items"][0]

    day = team.pivot.read("/my-day", **{"accept-language": "en"})
    (part,) = [each for each in day["more"] if each["name"] == "unanswered"]
    assert code in {each["participant"] for each in part["lines"]}
    asked = page_of(liaison, "/requests")
    assert WHAT.split("’")[0] in asked
    assert code not in asked, "she is known by a code only once it is accepted"
    nothing = send(liaison, f"/requests/{made['id']}", {"to": "declined", "version": "1"})
    assert nothing.status_code == 422
    assert "A reason goes with declining" in nothing.text
    assert nothing.text.count('id="reason-problem"') == 1, "said where it stands, and beside no other request"
    went(send(liaison, f"/requests/{made['id']}", {"to": "accepted", "version": "1", "words": "Mardi"}))
    assert code in page_of(liaison, "/requests")
    assert "Accepted" in page_of(liaison, f"{file}/requests")

    shown = page_of(team.pivot, f"{file}/requests")
    assert "Mardi" in shown
    went(send(team.pivot, f"{file}/requests/{made['id']}", {"to": "cancelled", "version": "2"}))
    page_of(liaison, file, status=404)
    assert WHAT.split("’")[0] not in page_of(liaison, "/requests")


def test_that_nobody_can_is_noted_from_the_same_form(team: Team, code: str) -> None:
    path = f"/participants/{code}/requests"
    gap = {"act": "gap", "need": "housing", "what": "Aucune place avant mars", "language": "", "area": "montreal"}
    assert "done=gap" in went(send(team.pivot, f"{path}/new", gap))
    assert "Aucune place avant mars" in page_of(team.pivot, path)


def test_pages_of_requests_are_for_whom_they_are(team: Team, code: str, liaison: Person) -> None:
    path = f"/participants/{code}/requests"
    page_of(liaison, path, status=404)
    page_of(team.pivot, "/requests", status=403)
    assert "Nothing waits" in page_of(Person(team, "liaison"), "/requests"), (
        "who works for no organization is asked nothing"
    )
    for person in (team.coordinator, Person(team, "pivot_worker")):
        page_of(person, path, status=404)
        page_of(person, f"{path}/new", status=404)
