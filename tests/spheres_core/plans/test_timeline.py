"""What is done with a plan stands in the timeline of her file, for whoever may read its class and for nobody else."""

from __future__ import annotations

from typing import Any, Final

import pytest

from spheres_core.foundation.plugins.registrations import TimelineActs
from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.plans.test_needs import CHANGED, NEED
from tests.spheres_core.plans.test_requests import ORGANIZATION, answer, lets, send

ENGLISH: Final = {"accept-language": "en"}
GOAL: Final = {"words": "Avoir une place à moi", "proposed_by": "herself"}
OF_A_PLAN: Final = {"need", "strength", "goal", "goal_stage", "cycle_stage", "service_request"}


@pytest.fixture
def code(team: Team) -> str:
    """Somebody with a plan, of whom one partner was asked for a service, and another one too."""
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, "needs_and_plan", "stages", "own_words", "service_requests")
    path = f"/participants/{code}"
    need = team.pivot.do(f"{path}/needs", NEED)
    goal = team.pivot.do(f"{path}/goals", GOAL)
    team.pivot.do(f"{path}/goals/{goal['id']}/stages", {"stage": "preparation", "placed_by": "herself"})
    done = team.pivot.put(f"{path}/needs/{need['id']}", {**CHANGED, "state": "met", "version": 1})
    assert done.status_code == 200, done.text
    return code


def lines(person: Person, code: str, query: str = "") -> list[tuple[str, str]]:
    found = person.read(f"/participants/{code}/timeline{query}", **ENGLISH)["items"]
    return [(each["kind"], each["line"]) for each in found]


def change(team: Team, path: str, sent: dict[str, object]) -> None:
    done = team.pivot.put(path, sent)
    assert done.status_code == 200, done.text


def of_a_plan(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [each for each in found if each[0] in OF_A_PLAN]


def test_each_act_of_a_plan_is_one_readable_line_without_its_words(team: Team, code: str) -> None:
    lets(team, code, "service_requests")
    made = send(team, code)
    cancelled = {"to": "cancelled", "version": 1}
    team.pivot.do(f"/participants/{code}/requests/{made['id']}/answer", cancelled, status=200)
    model = team.pivot.read("/plan-catalogue", **ENGLISH)["stage_models"][0]
    stage, hers = model["stages"][0], model["stages"][1]
    observed = {"model": model["key"], "stage": stage["code"], "her_stage": hers["code"]}
    team.pivot.do(f"/participants/{code}/cycle-stages", observed)

    found = lines(team.pivot, code)

    assert of_a_plan(found) == [
        ("cycle_stage", f"Where she stands: {stage['label']}. Where she places herself: {hers['label']}"),
        ("service_request", "Psychotherapy: Request taken back"),
        ("service_request", "Psychotherapy: Request sent"),
        ("need", "Need: Housing, shelter. Met"),
        ("goal_stage", "Where she stands with a goal: Getting ready"),
        ("goal", "A goal that she named. She is at it"),
        ("need", "Need: Housing, shelter. Not met yet"),
        ("strength", "A strength of hers was noted"),
    ]
    for words in (NEED["what"], NEED["strength"], GOAL["words"]):
        assert words not in str(found)
    assert lines(team.pivot, code, "?kind=need") == [
        ("need", "Need: Housing, shelter. Met"),
        ("need", "Need: Housing, shelter. Not met yet"),
    ]
    assert {kind for kind, _ in lines(team.pivot, code, "?class=stages")} == {"goal_stage", "cycle_stage"}


def test_what_became_of_a_plan_stands_act_by_act_where_it_was_done(team: Team, code: str) -> None:
    path = f"/participants/{code}"
    need, goal = (team.pivot.read(f"{path}/{kind}")["items"][0] for kind in ("needs", "goals"))
    strength = team.pivot.read(f"{path}/strengths")["items"][0]
    for version, state in enumerate(("open", "open", "set_aside"), 2):
        change(team, f"{path}/needs/{need['id']}", {**CHANGED, "state": state, "version": version})
    said = {"what": "Elle dessine", "identified_by": "herself", "version": 1}
    change(team, f"{path}/strengths/{strength['id']}", said)
    for version, state in enumerate(("reached", "active", "active", "dropped"), 1):
        changed = {"words": GOAL["words"], "hers": True, "state": state, "version": version}
        change(team, f"{path}/goals/{goal['id']}", changed)

    assert [line for _, line in lines(team.pivot, code, "?class=needs_and_plan")] == [
        "A goal that she named. No longer wanted",
        "A goal that she named. What was written was changed",
        "A goal that she named. Taken up again",
        "A goal that she named. Reached",
        "A strength of hers was said in other words",
        "Need: Housing, shelter. Set aside for now",
        "Need: Housing, shelter. What was written was changed",
        "Need: Housing, shelter. Not met any more",
        "Need: Housing, shelter. Met",
        "A goal that she named. She is at it",
        "Need: Housing, shelter. Not met yet",
        "A strength of hers was noted",
    ]


def test_without_the_class_none_of_it_stands_there(team: Team, code: str) -> None:
    assert {kind for kind, _ in lines(team.coordinator, code)} == {"participation", "assignment"}
    consents = team.pivot.read(f"/participants/{code}/consents")["items"]
    of = next(each for each in consents if any(line["information"] == "needs_and_plan" for line in each["lines"]))
    assert of_a_plan(lines(team.pivot, code))
    team.pivot.do(f"/participants/{code}/consents/{of['id']}/withdraw", status=200)
    assert of_a_plan(lines(team.pivot, code)) == []


def test_a_partner_sees_steps_of_its_own_requests_only(team: Team, code: str) -> None:
    lets(team, code, "service_requests", "participation")
    lets(team, code, "service_requests", recipient="spvm")
    send(team, code, service="les_survivantes")
    made = send(team, code, shares=["participation"])
    liaison = Person(team, "liaison", organization=ORGANIZATION)
    answer(liaison, made, "accepted")

    assert lines(liaison, code, "?kind=service_request") == [
        ("service_request", "Psychotherapy: Accepted"),
        ("service_request", "Psychotherapy: Request sent"),
    ]
    assert len(lines(team.pivot, code, "?kind=service_request")) == 3


def test_a_room_adds_acts_to_it_by_registering_them(team: Team, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    acts: dict[str, TimelineActs] = team.world.loaded(team.slug).plugins.timeline_acts
    assert of_a_plan(lines(team.pivot, code, "?kind=goal"))
    monkeypatch.delitem(acts, "goal")
    assert "goal" not in {kind for kind, _ in lines(team.pivot, code)}
    refused: Any = team.pivot.get(f"/participants/{code}/timeline?kind=goal")
    assert (refused.status_code, "goal" in refused.json()["known"]) == (422, False)
