"""Goals are hers: none is preset, several stand at once, going back is a step, and safer is as good as stopping."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.plans.goal_states import LEADS_TO, refusal
from spheres_core.plans.schemas.goals import ChangeStage, GoalState
from spheres_core.plans.stage_gap import gap
from tests.spheres_core.followups.conftest import Team
from tests.spheres_core.plans.conftest import put

WORDS: Final = "  Dormir chez moi, pour vrai "
HERS: Final = {"words": WORDS, "proposed_by": "herself"}
MODEL: Final = "cycle_of_exploitation"
STAGES: Final = ("beginnings", "honeymoon", "crisis", "questioning")
states = st.sampled_from(get_args(GoalState))


def record(team: Team, code: str, **changed: Any) -> dict[str, Any]:
    return team.pivot.do(f"/participants/{code}/goals", HERS | changed)  # type: ignore[no-any-return]


def change(team: Team, code: str, goal: dict[str, Any], **changed: Any) -> Any:
    body = {name: goal[name] for name in ("version", "state", "words", "hers", "needs")}
    return put(team.pivot, f"/participants/{code}/goals/{goal['id']}", body | changed)


def test_nothing_is_a_goal_before_she_says_so_and_several_stand_side_by_side(team: Team, code: str) -> None:
    assert team.pivot.read(f"/participants/{code}/goals")["items"] == []
    templates = team.pivot.read("/plan-catalogue")["goal_templates"]
    assert {"safer", "stop"} <= {each["code"] for each in templates}
    for each in templates:
        for empty in ({}, {"words": "   "}):
            body = {"template": each["code"], "proposed_by": "herself", **empty}
            assert team.pivot.post(f"/participants/{code}/goals", body).status_code in (400, 422), "words make a goal"

    goals = [record(team, code, template=each["code"], needs=each["needs"]) for each in templates]

    assert team.pivot.read(f"/participants/{code}/goals")["items"] == goals[::-1]
    assert {(each["state"], each["steps"] == goals[0]["steps"]) for each in goals} == {("active", True)}
    assert {(each["words"], each["hers"], each["stage"]) for each in goals} == {(WORDS, True, None)}


def test_what_a_worker_proposes_is_under_way_only_when_she_wants_it(team: Team, code: str) -> None:
    goal = record(team, code, proposed_by="worker")
    assert (goal["state"], goal["hers"], goal["wanted_on"]) == ("proposed", False, None)

    refused = change(team, code, goal, state="active")
    assert (refused.status_code, refused.json()["code"]) == (422, "her_wish_missing")
    wanted = change(team, code, goal, state="active", she_wants_it=True)

    assert (wanted.json()["state"], wanted.json()["wanted_on"]) == ("active", goal["on"])


def test_she_takes_up_again_what_she_left_and_earlier_words_stay(team: Team, code: str) -> None:
    goal = record(team, code)
    for state in ("set_aside", "active", "partly", "active", "dropped", "active", "reached"):
        changed = change(team, code, goal, state=state)
        assert changed.status_code == 200, changed.text
        goal = changed.json()
    assert change(team, code, goal, state="proposed").json()["code"] == "step_forbidden"
    said = change(team, code, goal, words="Autrement dit", hers=False).json()
    assert (said["words"], said["hers"], said["version"]) == ("Autrement dit", False, 9)
    rows = team.world.sql("SELECT hers FROM plan_texts WHERE about = %s ORDER BY version", goal["id"])
    assert rows == [(True,), (False,)], "hers are kept as hers"


def test_of_two_who_write_at_once_the_second_sees_both_sides(team: Team, code: str) -> None:
    goal = record(team, code)
    first, second = (change(team, code, goal, words=words) for words in ("la première", "la deuxième"))
    assert (first.status_code, second.status_code) == (200, 409)
    assert (second.json()["yours"]["words"], second.json()["theirs"]["words"]) == ("la deuxième", "la première")


def test_where_she_stands_goes_forth_and_back_and_changes_nothing_else(team: Team, code: str) -> None:
    goal = record(team, code)
    path = f"/participants/{code}/goals/{goal['id']}/stages"
    before = _everything_else(team, code)
    told = []
    for number, stage in enumerate([*get_args(ChangeStage), *get_args(ChangeStage)[::-1]]):
        body = {"placed_by": "both", "stage": stage, "importance": number % 11, "confidence": 10 - number % 11}
        told.append(team.pivot.do(path, body | {"note": "dit en marchant", "her_words": WORDS}))
    for stage in (*STAGES, *STAGES[::-1]):
        observed = {"model": MODEL, "stage": stage, "her_stage": "beginnings"}
        team.pivot.do(f"/participants/{code}/cycle-stages", observed)

    assert team.pivot.read(path)["items"] == told[::-1]
    assert told[0]["her_words"] == WORDS
    assert team.pivot.read(f"/participants/{code}/goals/{goal['id']}")["stage"] == told[-1]
    assert _everything_else(team, code) == before


def test_each_ruler_stands_alone_and_something_is_said(team: Team, code: str) -> None:
    path = f"/participants/{code}/goals/{record(team, code)['id']}/stages"
    for ruler in ("importance", "confidence", "progress"):
        assert team.pivot.do(path, {"placed_by": "herself", ruler: 0})[ruler] == 0
        for wrong in (-1, 11, 3.5):
            assert team.pivot.post(path, {"placed_by": "herself", ruler: wrong}).status_code in (400, 422)
    assert team.pivot.post(path, {"placed_by": "herself"}).json()["code"] == "nothing_observed"
    assert team.pivot.post(path, {"placed_by": "herself", "importance": 3, "on": "2026-11-24"}).json()["code"] == (
        "day_to_come"
    )


def test_her_own_placement_stands_beside_the_workers_with_the_gap(team: Team, code: str) -> None:
    path = f"/participants/{code}/cycle-stages"
    told = [
        team.pivot.do(path, {"model": MODEL, **each, "her_words": "C’est moi qui décide"})
        for each in (
            {"stage": "crisis", "her_stage": "beginnings"}, {"stage": "crisis", "her_stage": "crisis"},
            {"stage": "crisis"}, {"her_stage": "honeymoon"},
        )
    ]  # fmt: skip

    assert [each["gap"] for each in told] == [2, 0, None, None]
    assert {(each["model"], each["model_version"]) for each in told} == {(MODEL, "public-page")}
    assert team.pivot.read(path)["items"] == told[::-1]
    for wrong in ({"model": MODEL}, {"model": "none", "stage": "crisis"}, {"model": MODEL, "stage": "cured"}):
        assert team.pivot.post(path, wrong).status_code == 422


def test_what_was_observed_is_never_changed(team: Team, code: str) -> None:
    team.pivot.do(f"/participants/{code}/cycle-stages", {"model": MODEL, "stage": "crisis"})
    goal = record(team, code)
    team.pivot.do(f"/participants/{code}/goals/{goal['id']}/stages", {"placed_by": "both", "importance": 3})

    async def tampering(ctx: Any, statement: str) -> None:
        await ctx.db.sql(statement)

    for table in ("cycle_stages", "goal_stages", "plan_texts"):
        for statement in (f"UPDATE {table} SET dated_on = dated_on", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match="permission denied"):
                team.act(lambda ctx, statement=statement: tampering(ctx, statement))


def test_stages_are_a_class_of_their_own(team: Team) -> None:
    code = team.begin(pivot=team.pivot.id)["participant"]
    team.agree(code, "needs_and_plan")
    goal = record(team, code)
    nowhere = team.pivot.get("/participants/XXXX-XXXX-XXXX/cycle-stages")
    for path in ("cycle-stages", f"goals/{goal['id']}/stages"):
        answer = team.pivot.get(f"/participants/{code}/{path}")
        assert (answer.status_code, answer.content) == (404, nowhere.content)
    body = {"placed_by": "both", "importance": 3}
    assert team.pivot.post(f"/participants/{code}/goals/{goal['id']}/stages", body).status_code == 404
    assert "stages" in team.pivot.read(f"/participants/{code}")["withheld"]


@given(states, states, st.booleans())
def test_a_goal_moves_by_her_wish_alone(state: Any, to: Any, wanted: bool) -> None:
    refused = refusal(state, to, wanted=wanted)
    assert (refused == "step_forbidden") == (to != state and to not in LEADS_TO[state])
    if refused is None and to in ("active", "reached", "partly"):
        assert wanted
    if wanted and to in LEADS_TO[state]:
        assert refused is None


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.sampled_from("abcdefg"), st.sampled_from("abcdefg"))
def test_a_gap_has_no_direction_and_none_is_none(stages: list[str], one: str, other: str) -> None:
    found = gap(stages, one, other)
    assert found == gap(stages, other, one)
    assert (found == 0) == (one == other)
    assert gap(stages, one, None) is None
    assert all(gap(stages, *pair) == 1 for pair in pairwise(stages))


def _everything_else(team: Team, code: str) -> Any:
    tables = ("participations", "participation_moves", "assignments", "standings", "needs", "goals")
    return [team.world.sql(f"SELECT * FROM {each} ORDER BY id") for each in tables]
