"""What partners are asked for ends with her participation, and with it what they may read of her."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given

from spheres_core.plans.request_states import ENDED, LEADS_TO, WITH_OUTCOME, end_from
from tests.spheres_core.followups.conftest import TODAY, Person, Team
from tests.spheres_core.plans.test_requests import ORGANIZATION, answer, asked_of, lets, send, states

CLOSED: Final = {"to": "closed", "reason": "goals_reached_for_now", "conversation_on": TODAY}


@pytest.fixture(scope="module")
def liaison(team_of_module: Team) -> Person:
    return Person(team_of_module, "liaison", organization=ORGANIZATION)


def asks(team: Team, liaison: Person) -> tuple[str, dict[str, dict[str, Any]]]:
    """Somebody new, and by state a request for her: one that nobody answered, and one that is being served."""
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, "service_requests", "needs_and_plan")
    lets(team, code, "service_requests", "participation", "needs_and_plan")
    served = send(team, code, shares=["participation", "needs_and_plan"])
    answer(liaison, answer(liaison, served, "accepted"), "in_service")
    return code, {"sent": send(team, code), "in_service": served}


def step(team: Team, code: str, **step: str) -> None:
    version = team.coordinator.read(f"/participants/{code}/participations")["participations"][0]["version"]
    team.coordinator.do(f"/participants/{code}/participations/steps", {"version": version, **step}, status=200)


def close(team: Team, code: str) -> None:
    step(team, code, to="closing")
    step(team, code, **CLOSED)


def consent_to(team: Team, code: str, information: str, recipient: str = "*team") -> dict[str, Any]:
    """The consent by which somebody may know this of her."""
    given = team.pivot.read(f"/participants/{code}/consents")["items"]
    return next(  # type: ignore[no-any-return]
        each
        for each in given
        if any((line["recipient"], line["information"]) == (recipient, information) for line in each["lines"])
    )


def ends_of(team: Team, asked: dict[str, dict[str, Any]]) -> dict[str, tuple[str, str | None, int]]:
    """By first state: the state and outcome of each request now, and how many standings it still gives."""
    found = {}
    for name, each in asked.items():
        ((state, outcome),) = team.world.sql("SELECT state, outcome FROM service_requests WHERE id = %s", each["id"])
        open_now = "SELECT count(*) FROM standings WHERE opened_by_id = %s AND ends > %s"
        ((left,),) = team.world.sql(open_now, each["id"], team.world.now)
        found[name] = (state, outcome, left)
    return found


def test_open_requests_end_when_her_participation_closes(team: Team, liaison: Person) -> None:
    code, asked = asks(team, liaison)
    _, others = asks(team, liaison)
    step(team, code, to="paused", reason="quiet")
    step(team, code, to="active")
    assert len(asked_of(liaison, *asked.values())) == 2, "a pause ends nothing"

    close(team, code)

    assert asked_of(liaison, *asked.values()) == []
    assert liaison.get(f"/participants/{code}/needs").status_code == 404
    assert ends_of(team, asked) == {"sent": ("cancelled", None, 0), "in_service": ("ended_early", "not_known", 0)}
    assert len(asked_of(liaison, *others.values())) == 2, "nobody else's end with hers"
    moves = "SELECT by_partner FROM service_request_moves WHERE request_id = %s AND to_state = 'ended_early'"
    assert team.world.sql(moves, asked["in_service"]["id"]) == [(False,)]


@pytest.mark.parametrize("line", [False, True], ids=["all of it", "one line"])
def test_open_requests_end_when_she_takes_back_that_she_takes_part(team: Team, liaison: Person, line: bool) -> None:
    code, asked = asks(team, liaison)
    read = consent_to(team, code, "needs_and_plan")
    team.pivot.do(f"/participants/{code}/consents/{read['id']}/withdraw", status=200)
    assert len(asked_of(liaison, *asked.values())) == 2, "another consent ends no request"

    agreed = consent_to(team, code, "participation")
    follow_up = next(each for each in agreed["lines"] if each["purpose"] == "follow_up")
    body = {"line": follow_up["id"]} if line else None
    team.pivot.do(f"/participants/{code}/consents/{agreed['id']}/withdraw", body, status=200)

    assert asked_of(liaison, *asked.values()) == []
    assert ends_of(team, asked) == {"sent": ("cancelled", None, 0), "in_service": ("ended_early", "her_wish", 0)}


def test_control_a_partner_would_go_on_reading_where_nothing_followed_from_the_end(
    team: Team, liaison: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    effects = team.world.loaded(team.slug).plugins.trail_effects
    monkeypatch.delitem(effects, "participation.moved")
    code, asked = asks(team, liaison)
    close(team, code)
    assert len(asked_of(liaison, *asked.values())) == 2


@given(states)
def test_each_open_request_can_be_ended_by_the_team(state: Any) -> None:
    if state in ENDED:
        return
    to = end_from(state)
    assert to in ENDED
    assert to in LEADS_TO[state]
    assert (to in WITH_OUTCOME) == (state == "in_service")
