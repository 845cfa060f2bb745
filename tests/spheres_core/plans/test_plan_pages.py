"""Her plan on pages: strengths first, goals hers first, nothing chosen for her, and few clicks to each act."""

from __future__ import annotations

import re
from typing import Any, Final

import httpx
import pytest

from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.plans.test_goals import HERS, MODEL
from tests.spheres_core.plans.test_needs import NEED, STRENGTH, WHAT

WANTED: Final = "Dormir chez moi"
CHECKED: Final = re.compile(r"<input[^>]*\bchecked\b[^>]*>|<option[^>]*\bselected\b[^>]*>")
ADDRESSES: Final = re.compile(r'<(?:a|form)\b[^>]*?(?:href|action)="([^"]+)"')


def page_of(person: Person, path: str, *, status: int = 200) -> str:
    answer = person.team.world.get(f"/t/{person.team.slug}/en/staff{path}", headers=person.headers)
    assert answer.status_code == status, answer.text
    return answer.text


def send(person: Person, path: str, values: dict[str, Any]) -> httpx.Response:
    body = values | {"_csrf": person.headers["x-csrf-token"]}
    address = f"/t/{person.team.slug}/en/staff{path}"
    return person.team.world.post(address, data=body, headers={"cookie": person.headers["cookie"]})


def went(answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def leads(html: str, path: str) -> bool:
    """Whether a page links to an address, or has a form that goes there."""
    return any(each.partition("?")[0].endswith(path) for each in ADDRESSES.findall(html))


@pytest.fixture
def file(code: str) -> str:
    return f"/participants/{code}"


def test_an_empty_plan_says_where_to_begin_and_every_act_is_two_clicks_from_her_file(team: Team, file: str) -> None:
    overview, plan = page_of(team.pivot, file), page_of(team.pivot, f"{file}/plan")
    assert "Begin with what she can build on" in overview
    assert "Begin here: a need stands beside a strength." in plan
    for start, path in ((overview, "/plan"), (overview, "/cycle-stages"), (plan, "/plan/need"), (plan, "/plan/goal")):
        assert leads(start, f"{file}{path}")
    for path in ("/plan/need", "/plan/goal", "/plan/strength", "/cycle-stages"):
        assert leads(page_of(team.pivot, f"{file}{path}"), f"{file}{path}"), "its own form: the third click saves it"


def test_no_goal_is_chosen_or_written_before_she_says_one(team: Team, file: str) -> None:
    html = page_of(team.pivot, f"{file}/plan/goal")
    assert "Stopping" in html
    assert "Being safer" in html
    chosen = CHECKED.findall(html)
    assert not [each for each in chosen if 'value=""' not in each and each.startswith("<input")], chosen
    assert not [each for each in chosen if each.startswith("<option") and 'value=""' not in each], chosen
    assert re.search(r'<textarea[^>]*name="words"[^>]*></textarea>', html)

    refused = send(team.pivot, f"{file}/plan/goal", {"template": "stop", "proposed_by": "herself", "words": ""})

    assert refused.status_code == 422
    assert 'id="words-problem"' in refused.text
    assert "No goal yet" in page_of(team.pivot, f"{file}/plan")


def test_what_is_noted_stands_on_the_plan_with_strengths_first(team: Team, file: str) -> None:
    need = {name: NEED[name] for name in ("need", "identified_by", "urgency", "what", "met_by", "her_words")}
    refused = send(team.pivot, f"{file}/plan/need", need)
    assert refused.status_code == 422
    assert 'id="strength-problem"' in refused.text
    assert WHAT in refused.text, "what was typed stays"

    assert "done=need" in went(send(team.pivot, f"{file}/plan/need", need | {"strength": STRENGTH}))
    went(send(team.pivot, f"{file}/plan/goal", {"words": WANTED, "proposed_by": "herself", "needs": "housing"}))
    html = page_of(team.pivot, f"{file}/plan")

    assert html.index(STRENGTH.split("’")[0]) < html.index(WANTED) < html.index(WHAT)
    overview = page_of(team.pivot, file)
    assert "Urgent need:" in overview
    assert WANTED in overview
    ((id,),) = team.world.sql("SELECT id FROM needs WHERE participant_id = (SELECT participant_id FROM goals"
                              " ORDER BY id DESC LIMIT 1)")  # fmt: skip
    changed = need | {"state": "met", "met_by": "Son bail", "version": "1"}
    went(send(team.pivot, f"{file}/plan/needs/{id}", changed))
    conflict = send(team.pivot, f"{file}/plan/needs/{id}", changed | {"met_by": "Autre chose"})
    assert conflict.status_code == 409
    assert "What stands there now" in conflict.text
    assert "Son bail" in conflict.text
    assert "Autre chose" in conflict.text


def test_a_strength_is_said_in_other_words_and_of_two_who_do_so_at_once_nobody_is_overwritten(
    team: Team, file: str
) -> None:
    made = team.pivot.do(f"{file}/strengths", {"what": STRENGTH, "identified_by": "both"})
    form = f"{file}/plan/strength?strength={made['id']}"
    assert form.split("/plan")[1].replace("&", "&amp;") in page_of(team.pivot, f"{file}/plan")
    assert STRENGTH.split("’")[0] in page_of(team.pivot, form)

    said = {"what": "Elle sait dire non", "identified_by": "herself", "version": "1"}
    assert "done=strength" in went(send(team.pivot, f"{file}/plan/strengths/{made['id']}", said))
    conflict = send(team.pivot, f"{file}/plan/strengths/{made['id']}", said | {"what": "Autre chose"})
    missing = send(team.pivot, f"{file}/plan/strengths/{made['id']}", said | {"what": "", "version": "2"})

    assert "Elle sait dire non" in page_of(team.pivot, f"{file}/plan")
    assert (conflict.status_code, missing.status_code) == (409, 422)
    for words in ("What stands there now", "Elle sait dire non", "Autre chose"):
        assert words in conflict.text
    assert 'id="what-problem"' in missing.text
    versions = team.pivot.read(f"{file}/strengths/{made['id']}/versions")["versions"]
    assert [each["what"] for each in versions] == ["Elle sait dire non", STRENGTH]


def test_where_she_stands_is_noted_by_buttons_and_goes_back_without_a_word(team: Team, file: str) -> None:
    goal = team.pivot.do(f"{file}/goals", HERS)
    path = f"{file}/plan/goals/{goal['id']}"
    where = f"{file}/plan/goal?goal={goal['id']}"
    assert not CHECKED.findall(page_of(team.pivot, where).partition("Change the goal")[0])
    empty = send(team.pivot, f"{path}/stages", {"placed_by": "herself"})
    assert empty.status_code == 422
    for stage, number in (("action", "7"), ("contemplation", "0")):
        went(send(team.pivot, f"{path}/stages", {"placed_by": "herself", "stage": stage, "importance": number}))
    html = page_of(team.pivot, where)
    assert html.index("Thinking about it · matters: 0 of 10") < html.index("Doing it · matters: 7 of 10")
    went(send(team.pivot, path, {"version": "1", "state": "reached", "words": "Dormir", "hers": "yes"}))
    assert "Reached" in page_of(team.pivot, where)


def test_her_placement_stands_beside_the_workers(team: Team, file: str) -> None:
    sent = {"model": MODEL, "stage": "crisis", "her_stage": "beginnings", "her_words": "C’est moi qui décide"}
    assert "done=stage" in went(send(team.pivot, f"{file}/cycle-stages", sent))
    html = page_of(team.pivot, f"{file}/cycle-stages")
    for said in ("She places herself:", "Beginnings", "Her worker sees:", "Crisis", "Stages between the two: 2"):
        assert said in html
    assert not CHECKED.findall(html), "the next observation begins from nothing"
    assert send(team.pivot, f"{file}/cycle-stages", {"model": MODEL}).status_code == 422


def test_a_page_shows_only_what_its_reader_may_read(team: Team, file: str) -> None:
    team.world.sql("UPDATE consent_entries SET ends = %s WHERE information = 'stages'", team.world.now)
    goal = team.pivot.do(f"{file}/goals", HERS)
    page_of(team.pivot, f"{file}/cycle-stages", status=404)
    assert "Where she stands today" not in page_of(team.pivot, f"{file}/plan/goal?goal={goal['id']}")
    stranger = Person(team, "pivot_worker")
    for path in ("/plan", "/plan/need", "/plan/goal", "/cycle-stages"):
        page_of(stranger, f"{file}{path}", status=404)
        page_of(team.coordinator, f"{file}{path}", status=404)


def test_an_urgent_need_stands_in_a_workers_day(team: Team, code: str, file: str) -> None:
    team.pivot.do(f"{file}/needs", NEED)
    day = team.pivot.read("/my-day", **{"accept-language": "en"})
    (part,) = [each for each in day["more"] if each["name"] == "urgent_needs"]
    assert (code, "Housing, shelter") in [(each["participant"], each["text"]) for each in part["lines"]]
