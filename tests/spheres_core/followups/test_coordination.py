"""Coordinators know of everybody who takes part, from the moment on which they are one, and until they are none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spheres_core.followups.conftest import Person, Team


@pytest.fixture
def code(team: Team) -> str:
    return str(team.begin(pivot=team.pivot.id)["participant"])


def knows(person: Person, code: str) -> bool:
    answer = person.get(f"/participants/{code}/participations")
    assert answer.status_code in (200, 403, 404)
    return answer.status_code == 200


def administer(team: Team, person: Person, act: str, body: Any = None) -> None:
    done = Person(team, "administrator").post(f"/admin/staff/{person.id}/{act}", body)
    assert done.status_code == 200, done.text


def test_whoever_becomes_a_coordinator_knows_of_earlier_files_and_no_longer_when_the_role_ends(
    team: Team, code: str
) -> None:
    later, promoted = Person(team, "coordinator"), Person(team, "pivot_worker")
    assert (knows(later, code), knows(promoted, code)) == (True, False)
    assert "encounters" not in later.read(f"/participants/{code}")["classes"]

    administer(team, promoted, "roles", {"roles": ["pivot_worker", "coordinator"]})
    assert knows(promoted, code)
    team.world.forward(minutes=1)
    administer(team, promoted, "roles", {"roles": ["pivot_worker"]})
    assert not knows(promoted, code)


def test_a_coordinator_whose_account_was_closed_begins_anew_when_it_is_opened(team: Team, code: str) -> None:
    away = Person(team, "coordinator")
    team.world.forward(minutes=1)
    administer(team, away, "off")
    since = str(team.begin(pivot=team.pivot.id)["participant"])
    ((left,),) = team.world.sql(
        "SELECT count(*) FROM standings WHERE staff_id = %s AND ends > %s", away.id, team.world.now
    )
    assert left == 0
    team.world.forward(minutes=1)
    administer(team, away, "on")
    away.sign_in()
    assert knows(away, code)
    assert knows(away, since)


def test_it_is_in_the_trail_of_her_file_that_a_coordinator_may_know_of_her(team: Team, code: str) -> None:
    ((her,),) = team.world.sql("SELECT participant_id FROM participations ORDER BY id DESC LIMIT 1")
    opened = "SELECT count(*) FROM trail_entries WHERE verb = 'standing.opened' AND subject_id = %s"
    ((before,),) = team.world.sql(opened, her)
    Person(team, "coordinator")
    assert team.world.sql(opened, her) == [(before + 1,)]


@pytest.mark.parametrize(("information", "gap"), [("", True), ("participation", True), ("own_words", False)])
def test_keeping_her_pivot_worker_away_is_a_gap_and_closes_nothing(
    team: Team, code: str, information: str, gap: bool
) -> None:
    posted = {"kind": "conflict_of_interest", "staff": team.pivot.id, "information": information}
    recorded = Person(team, "pivot_worker")
    team.coordinator.do(f"/participants/{code}/assignments", {"staff": recorded.id, "part": "backup"})
    team.agree(code, "participation")
    team.world.forward(minutes=1)
    recorded.do(f"/participants/{code}/exclusions", posted)

    found = team.coordinator.read(f"/participants/{code}/assignments")
    assert found["pivot_missing"] == gap
    assert (code in {each["participant"] for each in team.coordinator.read("/my-day")["without_pivot"]}) == gap
    assert team.coordinator.read(f"/participants/{code}/participations")["participations"][0]["state"] == "active"
    assert knows(team.pivot, code) != gap
