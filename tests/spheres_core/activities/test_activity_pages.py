"""Pages of activities as a worker uses them, without JavaScript."""

from __future__ import annotations

import re

from tests.spheres_core.activities.conftest import AFTER, ask, plan, somebody
from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.followups.pages import Browser

ON_PAGE = {
    "activity": "museum", "day": "2026-11-25", "time": "18:30", "place": "Devant la porte", "seats": "3",
    "cost_cents": "12,50", "weeks": "1",
}  # fmt: skip


def test_an_activity_is_planned_changed_and_stands_in_the_list(team: Team) -> None:
    worker = Browser(team.pivot)
    wrong = worker.send("activities/new", **ON_PAGE | {"day": "bientôt", "seats": "", "cost_cents": "cher"})
    assert wrong.status_code == 422
    for name in ("day", "seats", "cost_cents"):
        assert f'id="{name}-problem"' in wrong.text
    assert 'value="Devant la porte"' in wrong.text, "what was typed is not lost"

    page = worker.done("activities/new", **ON_PAGE)

    assert "It is planned." in page
    assert "$12.50" in page
    assert "12,50\xa0$" in Browser(team.pivot, "fr").read(re.search(r"activities/[0-9a-f-]{36}", page)[0])  # type: ignore[index]
    assert "Devant la porte" in worker.read("activities")
    address = re.search(r"activities/[0-9a-f-]{36}/change", page)
    assert address
    changed = {**ON_PAGE, "place": "Ailleurs", "state": "planned", "version": "1"}
    assert "Ailleurs" in worker.done(address[0], **changed)
    behind = worker.send(address[0], **changed)
    assert behind.status_code == 409
    assert "What stands there now" in behind.text


def test_which_organization_offers_it_is_chosen_among_those_of_the_directory(team: Team) -> None:
    worker = Browser(team.pivot)
    chosen = worker.read("activities/new").partition('name="organization"')[2].partition("</select>")[0]
    assert 'value="en_marge_12_17"' in chosen
    wrong = worker.send("activities/new", **ON_PAGE | {"organization": "no_such_house"})
    assert (wrong.status_code, 'id="organization-problem"' in wrong.text) == (422, True)
    page = worker.done("activities/new", **ON_PAGE | {"organization": "en_marge_12_17"})
    assert "Offered by" in page
    assert "En Marge 12-17" in page


def test_she_is_asked_answers_and_says_how_it_was(team: Team) -> None:
    code, id = somebody(team), plan(team)
    worker, hers = Browser(team.pivot), f"participants/{code}/activities"
    refused = worker.send(hers, outing=id, how="phone", answer="yes", expects="Hm")
    assert refused.status_code == 422
    assert 'id="how-problem"' in refused.text
    assert ">Hm</textarea>" in refused.text

    asked = worker.done(hers, outing=id, how="encounter", answer="later", expects="  J’ai hâte")

    assert "Nothing was sent by this" in asked
    assert "J’ai hâte" in asked
    one = re.search(rf"{hers}/[0-9a-f-]{{36}}", asked)
    assert one
    day = worker.read("my-day")
    assert "Museum, 18:30" in day
    assert day.count("November 25, 2026") == 1, "the day stands once in its line"
    form = worker.read(one[0])
    assert [form.count(f">{each}<") for each in ("What she says", "Her answer")] == [1, 1]
    team.world.now = AFTER
    team.pivot.sign_in()
    assert "how was it?" in worker.read("my-day")
    said = worker.done(one[0], answer="yes", version="1", expects="  J’ai hâte", felt="C’était doux")
    assert "C’était doux" in said
    found = worker.done(f"{one[0]}/strengths", what="Elle regarde longtemps", identified_by="herself")
    assert "What she found there stands among her strengths." in found
    assert "Elle regarde longtemps" in worker.read(f"participants/{code}/plan")
    timeline = worker.read(f"participants/{code}/timeline")
    assert "Museum: She comes along" in timeline
    assert "doux" not in timeline, "an act is one line, without her words"


def test_who_came_is_saved_at_once(team: Team) -> None:
    id, codes = plan(team, seats=10), [somebody(team) for _ in range(3)]
    for code in codes:
        ask(team.pivot, code, id, answer="yes")
    worker = Browser(team.pivot)
    assert "Who came" not in worker.read(f"activities/{id}")
    team.world.now = AFTER
    team.pivot.sign_in()
    assert worker.read(f"activities/{id}").count('name="came"') == 3

    page = worker.done(f"activities/{id}/attendance", asked=codes, came=codes[:2])

    assert "It is noted who came." in page
    assert (page.count("She was there"), page.count("Not this time")) == (2, 1)


def test_a_page_of_an_activity_shows_no_code_that_its_reader_may_not_know(team: Team) -> None:
    other = Person(team, "pivot_worker")
    hidden, id = somebody(team, other), plan(team)
    ask(other, hidden, id, answer="yes")

    page = Browser(team.pivot).read(f"activities/{id}")

    assert hidden not in page
    assert "Others have seats too." in page


def test_two_are_kept_apart_on_her_page_and_a_refused_planner_sees_a_full_activity(team: Team) -> None:
    one, other, id = somebody(team), somebody(team), plan(team, seats=20)
    worker, hers = Browser(team.pivot), f"participants/{one}/activities"
    unknown = worker.send(f"participants/{one}/kept-apart", participant="XXXX-XXXX-XXXX")
    assert unknown.status_code == 422
    assert 'id="participant-problem"' in unknown.text
    page = worker.done(f"participants/{one}/kept-apart", participant=other)
    assert other in page
    ask(team.pivot, other, id, answer="yes")

    refused = worker.send(hers, outing=id, how="encounter", answer="yes")

    assert refused.status_code == 409
    assert "No seat is left on this outing." in refused.text
    assert "No seat is left." in worker.read(f"activities/{id}")
    end = re.search(rf"participants/{one}/kept-apart/[0-9a-f-]+/end", page)
    assert end
    assert "may meet again" in worker.done(end[0])


def test_money_is_for_the_coordinator(team: Team) -> None:
    id, desk = plan(team), Browser(team.coordinator)
    assert 'name="planned_cents"' not in Browser(team.pivot).read(f"activities/{id}")
    wrong = desk.send(f"activities/{id}/budget", version="1", planned_cents="beaucoup")
    assert wrong.status_code == 422
    assert 'id="planned_cents-problem"' in wrong.text
    desk.done(f"activities/{id}/budget", version="1", planned_cents="200", spent_cents="185,50")
    assert "$185.50" in desk.read("activities/budget")
    assert Browser(team.pivot).get("activities/budget").status_code == 403
