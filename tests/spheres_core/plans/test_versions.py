"""What was said of a need, a goal or a strength before: each version whole, cut to class, and every reading kept."""

from __future__ import annotations

from typing import Any

from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.plans.conftest import put
from tests.spheres_core.plans.test_needs import CHANGED, HERS, NEED, STRENGTH, WHAT


def change(team: Team, path: str, **body: Any) -> None:
    answer = put(team.pivot, path, body)
    assert answer.status_code == 200, answer.text


def versions(team: Team, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = team.pivot.read(f"{path}/versions")["versions"]
    return found


def test_each_version_of_a_need_stands_whole_and_a_change_of_codes_is_none(team: Team, code: str) -> None:
    path = f"/participants/{code}/needs/{team.pivot.do(f'/participants/{code}/needs', NEED)['id']}"
    change(team, path, **CHANGED | {"version": 1, "met_by": ""})
    change(team, path, **CHANGED | {"version": 2, "met_by": "", "urgency": "soon"})
    change(team, path, **CHANGED | {"version": 3, "met_by": "", "her_words": "Autrement"})

    found = versions(team, path)
    assert [(each["version"], each["met_by"], each["her_words"]) for each in found] == [
        (4, "", "Autrement"), (2, "", HERS), (1, NEED["met_by"], HERS),
    ]  # fmt: skip
    assert {each["what"] for each in found} == {WHAT}
    assert {each["by"] for each in found} == {team.pivot.id}


def test_her_words_of_before_are_hers_to_close_and_what_changed_only_them_is_not_told(team: Team) -> None:
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, "needs_and_plan")
    team.agree(code, "own_words")
    path = f"/participants/{code}/needs/{team.pivot.do(f'/participants/{code}/needs', NEED)['id']}"
    change(team, path, **CHANGED | {"version": 1, "her_words": "Autrement"})
    assert [each["her_words"] for each in versions(team, path)] == ["Autrement", HERS]
    consents = team.pivot.read(f"/participants/{code}/consents")["items"]
    (of_her_words,) = [
        each["id"] for each in consents if [line["information"] for line in each["lines"]] == ["own_words"]
    ]
    team.pivot.do(f"/participants/{code}/consents/{of_her_words}/withdraw", {}, status=200)

    assert [(each["version"], each["what"], each["her_words"]) for each in versions(team, path)] == [(1, WHAT, None)]


def test_goals_and_strengths_say_theirs_with_whose_words_they_were(team: Team, code: str) -> None:
    start = f"/participants/{code}"
    goal = f"{start}/goals/{team.pivot.do(f'{start}/goals', {'words': 'Un bail', 'proposed_by': 'worker'})['id']}"
    change(team, goal, version=1, state="active", words="Ma porte à moi", hers=True, she_wants_it=True)
    strength = team.pivot.do(f"{start}/strengths", {"what": STRENGTH, "identified_by": "worker"})
    of_strength = f"{start}/strengths/{strength['id']}"
    change(team, of_strength, version=1, what="Elle appelle", identified_by="both")

    assert [(each["words"], each["hers"]) for each in versions(team, goal)] == [
        ("Ma porte à moi", True), ("Un bail", False),
    ]  # fmt: skip
    assert [(each["version"], each["what"]) for each in versions(team, of_strength)] == [
        (2, "Elle appelle"), (1, STRENGTH),
    ]  # fmt: skip


def test_whoever_may_not_read_her_plan_learns_nothing_and_each_reading_is_in_the_trail(team: Team, code: str) -> None:
    start = f"/participants/{code}"
    made = {
        "needs": team.pivot.do(f"{start}/needs", NEED),
        "goals": team.pivot.do(f"{start}/goals", {"words": "Un bail", "proposed_by": "worker"}),
        "strengths": team.pivot.do(f"{start}/strengths", {"what": STRENGTH, "identified_by": "worker"}),
    }
    other = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(other, "needs_and_plan")
    stranger = Person(team, "pivot_worker")
    for kind, each in made.items():
        read = "SELECT count(*) FROM trail_entries WHERE tenant_id = %s AND verb = %s AND %s = ANY (shown)"
        before = team.world.sql(read, team.tenant, f"{kind}.read", each["id"])[0][0]
        assert stranger.get(f"{start}/{kind}/{each['id']}/versions").status_code == 404
        assert team.coordinator.get(f"{start}/{kind}/{each['id']}/versions").status_code == 404
        assert team.pivot.get(f"/participants/{other}/{kind}/{each['id']}/versions").status_code == 404
        assert team.world.sql(read, team.tenant, f"{kind}.read", each["id"]) == [(before,)]
        assert len(versions(team, f"{start}/{kind}/{each['id']}")) == 1
        assert team.world.sql(read, team.tenant, f"{kind}.read", each["id"]) == [(before + 1,)]
