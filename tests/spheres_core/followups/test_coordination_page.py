"""A coordinator sees gaps, hand-overs that wait and who has how many files, and names a pivot worker."""

from __future__ import annotations

import re

from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.followups.pages import Browser


def files_of(page: str, name: str) -> str:
    """The row of a worker in the table, without its markup."""
    row = re.search(rf"<tr[^>]*><td[^>]*>{name}</td>(.*?)</tr>", page)
    assert row, page
    return re.sub(r"<[^>]+>", " ", row[1])


def test_a_gap_is_closed_on_the_page_and_counted_with_her_worker(team: Team) -> None:
    worker = Person(team, "pivot_worker", name="Alex Boisvert")
    code = str(team.begin()["participant"])
    browser = Browser(team.coordinator)
    page = browser.read("coordination")
    assert f"participants/{code}/pivot" in page
    assert files_of(page, "Alex Boisvert").split() == ["0", "–", "0"]
    nobody = browser.send(f"participants/{code}/pivot", staff="")
    assert (nobody.status_code, f'id="staff-{code}-problem"' in nobody.text) == (422, True)
    stranger = browser.send(f"participants/{code}/pivot", staff=team.coordinator.id)
    assert (stranger.status_code, f'id="staff-{code}-problem"' in stranger.text) == (422, True)
    page = browser.done(f"participants/{code}/pivot", staff=worker.id)
    assert "It is noted who follows her from now on." in page
    assert f"participants/{code}/pivot" not in page
    assert files_of(page, "Alex Boisvert").split() == ["1", "Under", "way:", "1", "0"]
    assert code in Browser(worker).read("my-day")


def test_a_hand_over_that_waits_is_seen_without_its_words_and_taken_back(team: Team) -> None:
    code, other = str(team.begin(pivot=team.pivot.id)["participant"]), Person(team, "pivot_worker")
    Browser(team.pivot).done("hand-overs/new", participants=code, to=other.id, word="Elle aime marcher", her_answer="")
    browser = Browser(team.coordinator)
    page = browser.read("coordination")
    assert code in page
    assert "She has not been told yet" in page
    assert "Elle aime marcher" not in page
    offer = re.search(rf'{code}.*?action="([^"]+/hand-overs/[0-9a-f-]{{36}})"', page, re.DOTALL)
    assert offer
    browser.done(offer[1], act="taken_back")
    assert code not in browser.read("coordination")


def test_it_is_for_coordinators_who_find_it_in_the_navigation_and_of_their_region(team: Team) -> None:
    code = str(team.begin()["participant"])
    assert "staff/coordination" in Browser(team.coordinator).read("coordination")
    follower = Browser(team.pivot)
    assert "staff/coordination" not in follower.read("my-day")
    assert follower.get("coordination").status_code == 403
    assert follower.send(f"participants/{code}/pivot", staff=team.pivot.id).status_code == 403
    south = Team(team.world, "south")
    assert code not in Browser(south.coordinator).read("coordination")
    elsewhere = Browser(south.coordinator).send(f"participants/{code}/pivot", staff=south.pivot.id)
    assert elsewhere.status_code == 404


def test_the_api_says_the_same_and_my_day_of_a_coordinator_names_gaps_only(team: Team) -> None:
    proposed = str(team.begin()["participant"])
    followed = str(team.begin(pivot=team.pivot.id)["participant"])
    found = team.coordinator.read("/coordination")
    assert proposed in {each["participant"] for each in found["without_pivot"]}
    assert followed not in {each["participant"] for each in found["without_pivot"]}
    assert {"staff": team.pivot.id, "pivot": {"active": 1}, "backup": 0} in found["caseloads"]
    assert proposed not in {each["participant"] for each in team.coordinator.read("/my-day")["without_pivot"]}
    assert team.pivot.get("/coordination").status_code == 403
