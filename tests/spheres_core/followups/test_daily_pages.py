"""A pivot worker's pages: her day, reaching somebody, writing a note, the timeline, dates. All without JavaScript."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from tests.spheres_core.followups.conftest import PASSWORD, PHONE, Person, Team
from tests.spheres_core.followups.pages import Browser

NOTE: Final = {
    "state": "held", "kind": "in_person", "day": "2026-11-23", "time": "9:30", "place": "outside",
    "note": "Elle parlait de son logement", "her_words": "Je veux dormir chez moi", "from": "my_day",
}  # fmt: skip


@pytest.fixture
def code(team: Team) -> str:
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], "encounters", "own_words", "safe_contact", "needs_and_plan")
    return str(begun["participant"])


@pytest.fixture
def worker(team: Team) -> Browser:
    return Browser(team.pivot)


def main(page: str) -> str:
    return page[page.index("<main") : page.index("</main")]


def test_her_day_is_the_first_page_after_signing_in_and_calm_when_nothing_waits(team: Team) -> None:
    person = Person(team, "pivot_worker")
    sent = {"email": person.email, "password": PASSWORD}
    entered = team.world.post(f"/t/{team.slug}/en/sign-in", data=sent)
    assert entered.headers["location"] == f"/t/{team.slug}/en/staff/my-day"
    assert "You follow nobody yet" in Browser(person).read("my-day")
    french = Browser(person, "fr").read("my-day")
    assert "Vous ne suivez encore personne" in french


def test_an_attempt_is_two_presses_from_her_day_and_says_only_what_she_allows(
    team: Team, worker: Browser, code: str
) -> None:
    team.reach(code, PHONE | {"voicemail": False})
    day = worker.read("my-day")
    address = re.search(r'href="([^"]+/contact\?from=my_day)"', day)
    assert address, "one press from her day"
    page = worker.read(address[1])
    assert "514-555-0101" in main(page)
    outcomes = re.findall(r'name="outcome" value="(\w+)"', page)
    assert "reached" in outcomes
    assert "voicemail_left" not in outcomes

    after = worker.done(f"participants/{code}/contact", channel="phone", outcome="no_answer", **{"from": "my_day"})
    assert "It is noted how you tried to reach her." in after
    assert "Telephone call: No answer" in worker.read(f"participants/{code}/timeline")
    refused = worker.send(f"participants/{code}/contact", channel="phone", outcome="voicemail_left")
    assert refused.status_code == 422
    assert 'id="problem-phone"' in refused.text


def test_without_a_safe_way_no_number_and_no_outcome_stand_there(team: Team, worker: Browser, code: str) -> None:
    assert "There is no safe way yet" in worker.read(f"participants/{code}/contact")
    team.reach(code, PHONE | {"confirmed_on": "2026-01-01"})
    page = main(worker.read(f"participants/{code}/contact"))
    assert "514-555-0101" not in page
    assert re.findall(r'name="outcome" value="(\w+)"', page) == ["she_reached_us", "she_reached_us"]
    assert "May safely be reached now" not in worker.read("my-day")


def test_a_note_is_two_presses_and_the_words(worker: Browser, code: str) -> None:
    form = worker.read(f"participants/{code}/encounters/new?from=my_day")
    assert re.search(r'value="held" checked', form), "nothing has to be chosen"
    assert (
        worker.send(f"participants/{code}/encounters", **NOTE)
        .headers["location"]
        .endswith("/staff/my-day?done=recorded#done")
    )
    listed = worker.read(f"participants/{code}/encounters")
    assert NOTE["note"] in listed
    assert "In her words" in listed


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [("day", "demain", "day"), ("time", "25:00", "time"), ("day", "2027-01-01", "day"), ("state", "", "state")],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    worker: Browser, code: str, field: str, value: str, place: str
) -> None:
    answer = worker.send(f"participants/{code}/encounters", **NOTE | {field: value})
    assert answer.status_code == 422
    assert NOTE["note"] in answer.text
    assert NOTE["her_words"] in answer.text
    assert f'id="{place}-problem"' in answer.text or place == "state"


def encounter(team: Team, code: str, **changed: Any) -> str:
    posted = {"state": "held", "kind": "phone", "at": "2026-11-23T14:30:00Z", "note": "La première", **changed}
    return str(team.pivot.do(f"/participants/{code}/encounters", posted)["id"])


def test_of_two_who_write_at_once_the_second_sees_both_and_loses_nothing(
    team: Team, worker: Browser, code: str
) -> None:
    path = f"participants/{code}/encounters/{encounter(team, code)}"
    first = {**NOTE, "version": "1", "note": "La deuxième"}
    assert worker.send(path, **first).status_code == 303
    second = worker.send(path, **NOTE | {"version": "1", "note": "La troisième"})
    assert second.status_code == 409
    assert "La deuxième" in second.text
    assert "La troisième" in second.text
    version = re.search(r'name="version" value="(\d+)"', second.text[second.text.index('id="correct"') :])
    assert version
    page = worker.done(path, **NOTE | {"version": version[1], "note": "Les deux"})
    assert "Earlier versions" in page
    assert "La première" in page


def test_later_it_is_added_to_and_what_was_typed_too_late_is_offered_as_an_addition(
    team: Team, worker: Browser, code: str
) -> None:
    path = f"participants/{code}/encounters/{encounter(team, code)}"
    team.world.forward(days=1)
    team.pivot.sign_in()
    late = worker.send(path, **NOTE | {"version": "1", "note": "Trop tard"})
    assert late.status_code == 409
    assert "Trop tard" in late.text
    assert f"{path}/addenda" in late.text
    assert worker.send(f"{path}/addenda", text="").status_code == 422
    page = worker.done(f"{path}/addenda", text="Elle a rappelé", hers="yes")
    assert "Added later" in page
    assert "La première" in page


def test_what_it_was_about_is_ticked_from_the_regions_lists_and_stays_when_it_is_corrected(
    team: Team, worker: Browser, code: str
) -> None:
    form = worker.read(f"participants/{code}/encounters/new")
    assert "Housing and money" in form
    assert "Harm reduction" in form
    worker.send(f"participants/{code}/encounters", **NOTE, themes=["family", "own_value"], principles="motivational")
    (made,) = team.pivot.read(f"/participants/{code}/encounters")["items"]
    assert (made["themes"], made["principles"]) == (["family", "own_value"], ["motivational"])
    one = f"participants/{code}/encounters/{made['id']}"
    assert 'value="own_value" checked' in worker.read(one)
    after = worker.done(one, **NOTE, version="1", themes="family")
    assert "Family relationships" in main(after)
    filtered = worker.read(f"participants/{code}/timeline?theme=family")
    assert f"/encounters/{made['id']}" in filtered
    assert "Nothing here with these filters" in worker.read(f"participants/{code}/timeline?theme=trauma")


def test_the_timeline_is_filtered_and_links_to_each_encounter(team: Team, worker: Browser, code: str) -> None:
    id = encounter(team, code)
    page = worker.read(f"participants/{code}/timeline?kind=encounter")
    assert f"/encounters/{id}" in page
    assert "Her participation: Under way" not in page
    assert "Her participation: Under way" in worker.read(f"participants/{code}/timeline?class=participation")
    team.world.forward(minutes=1)
    assert "Nothing here with these filters" in worker.read(f"participants/{code}/timeline?since=last")
    coordinator = Browser(team.coordinator).read(f"participants/{code}/timeline")
    assert id not in coordinator
    assert "Write a note" not in coordinator


def test_help_is_offered_from_her_day(worker: Browser, code: str) -> None:
    path = f"participants/{code}/dates"
    assert 'id="on-problem"' in worker.send(path, kind="rent", on="bientôt", repeats="monthly").text
    assert "The date is noted." in worker.done(path, kind="rent", on="2026-11-27", repeats="monthly", note="")
    day = worker.read("my-day")
    assert "Days that are coming up" in day
    offered = re.search(r'action="([^"]+/offered)"', day)
    assert offered
    after = worker.done(offered[1], **{"from": "my_day"})
    assert "It is noted that you offered help." in after
    assert "Days that are coming up" not in after


def test_her_pages_are_not_there_for_whoever_has_nothing_to_do_with_her(team: Team, code: str) -> None:
    stranger = Browser(Person(team, "pivot_worker"))
    for page in ("timeline", "encounters", "encounters/new", "contact", "dates"):
        there, nowhere = (stranger.get(f"participants/{each}/{page}") for each in (code, "XXXX-XXXX-XXXX"))
        assert there.status_code == nowhere.status_code == 404, page
