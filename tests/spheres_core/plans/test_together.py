"""A worker and a young person look at one screen: hers and nothing else, no way to the file, no trace on the device."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import httpx
import pytest
from msgspec import Meta, Struct

from spheres_core.plans.schemas.needs import Need
from spheres_core.plans.schemas.together import SHARED, Together, Whose
from tests.spheres_core.followups.conftest import TODAY, Person, Team
from tests.spheres_core.plans.test_goals import MODEL
from tests.spheres_core.plans.test_needs import NEED
from tests.spheres_core.plans.test_plan_pages import leads, page_of, send

HERS: Final = {"strength": "Je dessine bien", "goal": "Dormir chez moi", "said": "Je veux qu’on m’écoute"}
THEIRS: Final = {
    "strength": "Tenace, dit l’intervenante", "goal": "Stabiliser le logement", "proposed": "Porter plainte",
    "note": "Semble sous emprise", "need": "Menaces du proxénète", "stage_note": "Minimise le danger",
    "cycle_note": "Retour probable",
}  # fmt: skip


class NotMarked(Exception):
    """A field that does not say by its type what it holds."""


def marks(kind: Any, path: str = "") -> Iterator[tuple[str, str, Whose]]:
    """Yields each field of a struct that holds no struct: its path, its class of information and whose it is."""
    for name, hint in get_type_hints(kind, include_extras=True).items():
        yield from _marks_of(hint, f"{path}.{name}")


def _marks_of(hint: Any, path: str) -> Iterator[tuple[str, str, Whose]]:
    if get_origin(hint) is Annotated:
        (extra,) = [each.extra for each in hint.__metadata__ if isinstance(each, Meta) and each.extra] or [None]
        if extra is None:
            raise NotMarked(path)
        yield path, extra["information"], extra["whose"]
        return
    inner = [each for each in get_args(hint) if each is not type(None)] or [hint]
    for each in inner:
        if isinstance(each, type) and issubclass(each, Struct):
            yield from marks(each, path)
        elif each is hint:
            raise NotMarked(path)
        else:
            yield from _marks_of(each, path)


def test_no_field_of_the_screen_can_hold_a_risk_or_a_workers_words() -> None:
    found = list(marks(Together))
    assert len(found) == 24
    assert {information for _, information, _ in found} == SHARED
    assert SHARED.isdisjoint({"encounters", "identity", "safe_contact", "committee", "legal", "emergency_plan"})
    assert {whose for _, _, whose in found} <= set(get_args(Whose))
    assert {path.rpartition(".")[2] for path, _, _ in found}.isdisjoint(
        {"note", "urgency", "gap", "exception", "met_by", "author", "reason"}
    )


def test_a_field_that_does_not_say_what_it_holds_is_noticed() -> None:
    class Further(Together, frozen=True):
        needs: list[Need]

    class Bare(Struct):
        note: str

    for kind in (Further, Bare):
        with pytest.raises(NotMarked):
            list(marks(kind))


def screen(person: Person, *, language: str = "en") -> httpx.Response:
    cookie = {"cookie": person.headers["cookie"]}
    return person.team.world.get(f"/t/{person.team.slug}/{language}/together", headers=cookie)


def say(person: Person, path: str, **values: Any) -> httpx.Response:
    body = values | {"_csrf": person.headers["x-csrf-token"]}
    address = f"/t/{person.team.slug}/en/together{path}"
    return person.team.world.post(address, data=body, headers={"cookie": person.headers["cookie"]})


@pytest.fixture
def file(team: Team, code: str) -> str:
    """A file in which hers stands beside what a worker wrote."""
    file = f"/participants/{code}"
    team.agree(code, "encounters")
    do = team.pivot.do
    do(f"{file}/strengths", {"what": HERS["strength"], "identified_by": "herself"})
    do(f"{file}/strengths", {"what": THEIRS["strength"], "identified_by": "worker"})
    do(f"{file}/needs", NEED | {"what": THEIRS["need"], "urgency": "urgent"})
    goal = do(f"{file}/goals", {"words": HERS["goal"], "proposed_by": "herself"})
    do(f"{file}/goals", {"words": THEIRS["proposed"], "proposed_by": "worker"})
    wanted = do(f"{file}/goals", {"words": THEIRS["goal"], "proposed_by": "worker", "template": "safer"})
    wants = {"version": 1, "state": "active", "words": THEIRS["goal"], "hers": False, "she_wants_it": True}
    assert team.pivot.put(f"{file}/goals/{wanted['id']}", wants).status_code == 200
    do(f"{file}/goals/{goal['id']}/stages", {"placed_by": "both", "progress": 4, "note": THEIRS["stage_note"]})
    do(f"{file}/goals/{goal['id']}/stages", {"placed_by": "worker", "progress": 1})
    do(
        f"{file}/cycle-stages",
        {"model": MODEL, "stage": "crisis", "her_stage": "beginnings", "note": THEIRS["cycle_note"]},
    )
    do(f"{file}/encounters", {
        "state": "held", "kind": "in_person", "at": f"{TODAY}T10:00:00-05:00", "note": THEIRS["note"],
        "her_words": HERS["said"],
    })  # fmt: skip
    return file


def opened(team: Team, file: str) -> httpx.Response:
    return send(team.pivot, f"{file}/together", {})


def test_the_screen_shows_what_is_hers_and_nothing_that_a_worker_sees_alone(team: Team, file: str) -> None:
    assert leads(page_of(team.pivot, f"{file}/plan"), f"{file}/together")
    assert leads(page_of(team.pivot, f"{file}/together"), f"{file}/together"), "the third click opens it"
    read = team.pivot.read(f"{file}/together")
    assert [each["words"] for each in read["goals"]] == [None, HERS["goal"]]
    assert read["goals"][1]["stage"]["progress"] == 4, "where she placed herself, not where her worker did"
    assert [each["stage"] for each in read["places"]] == ["beginnings"]

    opened(team, file)
    html = screen(team.pivot).text
    for shown in (html, str(read)):
        assert [each for each in HERS.values() if each.replace("’", "’") not in shown.replace("&#39;", "'")] == []
        assert [each for each in THEIRS.values() if each in shown or each.replace("’", "&#8217;") in shown] == []
    assert "Being safer" in html, "a goal that she wants, by the name that the region gives it"
    assert "on my way: 4 of 10" in html
    assert "That you come here" in html
    for never in (file.rpartition("/")[2], "Camille Roy", "Urgent", "urgent", "Montréal"):
        assert never not in html.partition("Who may know")[0], never


def test_nothing_but_the_screen_can_be_reached_until_somebody_signs_in_again(team: Team, file: str) -> None:
    before = screen(team.pivot)
    assert before.status_code == 303, "an open file is no reason to show it"
    assert page_of(team.pivot, file)

    answer = opened(team, file)
    assert answer.headers["location"].endswith("/en/together"), "the address names nobody"
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    shown = screen(team.pivot)
    assert shown.headers["cache-control"] == "no-store"
    assert re.findall(r"<title[^>]*>(.*?)</title>", shown.text) == ["Information"]
    own = re.findall(r'(?:href|action)="(/[^"#?]*)', shown.text)
    there = {each.partition("/en/")[2] or each.partition("/fr/")[2] for each in own if "/static/" not in each}
    assert {each.partition("/")[0] for each in there} == {"together", "leave"}
    assert "localStorage" not in shown.text

    code = file.rpartition("/")[2]
    for path in (file, f"{file}/plan", f"{file}/timeline", "/my-day", "/participants"):
        led = team.world.get(f"/t/{team.slug}/en/staff{path}", headers=team.pivot.headers)
        assert (led.status_code, code in led.headers["location"], code in led.text) == (303, False, False), path
    for path in (file, f"{file}/together", f"{file}/consents", "/participants", "/my-day"):
        assert team.pivot.get(path).status_code == 401, path
    assert team.pivot.post(f"{file}/strengths", {"what": "x", "identified_by": "both"}).status_code == 401

    closed = say(team.pivot, "/done")
    assert (closed.status_code, closed.headers["location"].rpartition("/")[2]) == (303, "sign-in")
    assert closed.headers["clear-site-data"] == '"cache", "storage"'
    assert screen(team.pivot).status_code == 303
    team.pivot.sign_in()
    assert HERS["goal"] in page_of(team.pivot, f"{file}/plan")


def test_leaving_ends_the_screen_and_leads_elsewhere_but_signs_nobody_else_out(team: Team, file: str) -> None:
    def leave() -> httpx.Response:
        cookie = {"cookie": team.pivot.headers["cookie"]}
        return team.world.get(f"/t/{team.slug}/fr/leave", headers=cookie)

    assert leave().headers["location"] == "https://meteo.gc.ca/"
    assert page_of(team.pivot, file), "a file that is not shared stays open"
    opened(team, file)
    assert screen(team.pivot, language="fr").status_code == 200
    left = leave()
    assert (left.status_code, left.headers["location"]) == (303, "https://meteo.gc.ca/")
    assert "Max-Age=0" in left.headers["set-cookie"]
    assert screen(team.pivot).status_code == 303


def test_what_she_says_there_is_written_as_hers(team: Team, file: str) -> None:
    opened(team, file)
    html = screen(team.pivot).text
    goals = re.findall(r"/together/goals/([0-9a-f-]{36})/words", html)
    assert say(team.pivot, "/strengths", words="Je cours vite").status_code == 303
    assert say(team.pivot, "/goals", words="Revoir ma sœur").status_code == 303
    assert say(team.pivot, f"/goals/{goals[0]}/words", words="Me sentir en paix", version="2").status_code == 303
    assert say(team.pivot, f"/goals/{goals[1]}/stages", confidence="7", stage="preparation").status_code == 303
    assert say(team.pivot, "/place", model=MODEL, stage="honeymoon").status_code == 303

    nothing = say(team.pivot, "/goals", words=" ")
    assert nothing.status_code == 422
    assert 'aria-describedby="problem-goal"' in nothing.text
    late = say(team.pivot, f"/goals/{goals[0]}/words", words="Encore autre chose", version="1")
    assert (late.status_code, "Encore autre chose" in late.text) == (409, True), "what was typed stays"
    assert THEIRS["goal"] not in late.text

    team.pivot.sign_in()
    read = team.pivot.read(f"{file}/together")
    assert [each["what"] for each in read["strengths"]][::2] == ["Je cours vite", HERS["strength"]]
    assert [each["words"] for each in read["goals"]] == ["Revoir ma sœur", "Me sentir en paix", HERS["goal"]]
    assert (read["goals"][2]["stage"]["confidence"], read["places"][0]["stage"]) == (7, "honeymoon")
    stage = team.pivot.read(f"{file}/goals/{goals[1]}/stages")["items"][0]
    assert stage["placed_by"] == "herself"


def test_a_goal_that_only_a_worker_proposed_cannot_be_answered_there(team: Team, file: str) -> None:
    (proposed,) = [each for each in team.pivot.read(f"{file}/goals")["items"] if each["words"] == THEIRS["proposed"]]
    opened(team, file)
    assert say(team.pivot, f"/goals/{proposed['id']}/words", words="Oui", version="1").status_code == 404
    assert say(team.pivot, f"/goals/{proposed['id']}/stages", progress="3").status_code == 404


def test_one_act_ends_one_line_and_says_what_had_left(team: Team, file: str) -> None:
    open_to = team.pivot.read(f"{file}/together")["open_to"]
    lines = {each["information"]: each["id"] for each in open_to if each["purpose"] == "follow_up"}
    opened(team, file)
    ended = say(team.pivot, f"/lines/{lines['own_words']}/end")
    assert ended.status_code == 200
    assert "Nothing. It never left this place." in ended.text
    assert leads(ended.text, "/together")
    html = screen(team.pivot).text
    assert HERS["said"] not in html
    assert lines["own_words"] not in html

    last = say(team.pivot, f"/lines/{lines['participation']}/end")
    assert "Go on together" not in last.text, "nobody may open her file any more"
    assert screen(team.pivot).status_code == 404
    assert say(team.pivot, "/done").status_code == 303


def test_only_whoever_follows_her_opens_the_screen_and_no_token_does(team: Team, file: str) -> None:
    other = Person(team, "pivot_worker")
    for person in (other, team.coordinator):
        page_of(person, f"{file}/together", status=404)
        assert send(person, f"{file}/together", {}).status_code == 404
        assert person.get(f"{file}/together").status_code == 404
        assert screen(person).status_code == 303
