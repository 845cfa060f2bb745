"""Accompaniments: what she goes to with somebody beside her; steps of the law are a class of their own."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spheres_core.followups.operations import accompaniments as operations
from spheres_core.followups.queries import accompaniments as queries
from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.followups.pages import Browser

CLINIC: Final[dict[str, Any]] = {
    "kind": "clinic", "at": "2026-11-25T14:00:00-05:00", "what": "Bilan annuel", "wish": "nearby",
    "wish_words": "Attends-moi dehors", "who_goes": ["pivot"],
}  # fmt: skip
COURT: Final = CLINIC | {"kind": "court", "what": "Salle 4", "wish_words": "Reste à côté", "wish": "beside_her"}
HELD: Final = CLINIC | {"at": "2026-11-23T09:00:00-05:00", "state": "held", "how_it_went": "Correct"}
ON_PAGE: Final = {
    "information": "legal", "kind": "court", "state": "planned", "day": "2026-11-25", "time": "9 h 30",
    "what": "Salle 4", "wish": "nearby", "who_goes": "pivot",
}  # fmt: skip


@pytest.fixture
def code(team: Team) -> str:
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], "encounters", "own_words", "legal")
    return str(begun["participant"])


def path(code: str) -> str:
    return f"/participants/{code}/accompaniments"


def test_it_is_planned_with_her_wish_sealed_and_in_the_day_of_whoever_follows_her(team: Team, code: str) -> None:
    made = team.pivot.do(path(code), CLINIC)
    assert {
        name: made[name] for name in ("kind", "state", "what", "wish", "wish_words", "who_goes", "information")
    } == (
        {name: CLINIC[name] for name in ("kind", "what", "wish", "wish_words", "who_goes")}
        | {"state": "planned", "information": "encounters"}
    )
    (planned,) = team.pivot.read("/my-day")["accompaniments"]
    assert (planned["participant"], planned["id"], planned["late"]) == (code, made["id"], False)
    assert team.coordinator.read("/my-day")["accompaniments"] == []
    rows = team.world.sql(
        "SELECT information, words FROM accompaniment_texts WHERE accompaniment_id = %s ORDER BY part", made["id"]
    )
    assert [row[0] for row in rows] == ["encounters", "own_words"]
    assert not any(b"Bilan" in bytes(words) or b"Attends" in bytes(words) for _, words in rows)


def test_what_became_of_it_is_written_without_blame_and_her_words_stay_as_she_said_them(team: Team, code: str) -> None:
    made = team.pivot.do(path(code), CLINIC)
    later = HELD | {"version": 1}
    now = team.pivot.put(f"{path(code)}/{made['id']}", later)
    assert now.status_code == 200, now.text
    assert (now.json()["version"], now.json()["how_it_went"], now.json()["wish_words"]) == (
        2,
        "Correct",
        "Attends-moi dehors",
    )
    assert team.pivot.read("/my-day")["accompaniments"] == []
    planned_again = team.pivot.put(f"{path(code)}/{made['id']}", CLINIC | {"version": 2})
    assert (planned_again.status_code, planned_again.json()["code"]) == (409, "accompaniment_stays")
    team.world.forward(days=1)
    team.pivot.sign_in()
    late = team.pivot.put(f"{path(code)}/{made['id']}", later | {"version": 2, "state": "not_held"})
    assert (late.status_code, late.json()["code"]) == (409, "accompaniment_stays")


def test_of_two_who_write_at_once_the_second_is_shown_both_sides(team: Team, code: str) -> None:
    one = f"{path(code)}/{team.pivot.do(path(code), CLINIC)['id']}"
    assert team.pivot.put(one, CLINIC | {"version": 1, "what": "Bilan remis"}).status_code == 200
    second = team.pivot.put(one, CLINIC | {"version": 1, "what": "Vaccin"})
    assert (second.status_code, second.json()["code"]) == (409, "changed_meanwhile")
    assert (second.json()["yours"]["what"], second.json()["theirs"]["what"]) == ("Vaccin", "Bilan remis")


def test_a_repeated_request_with_its_key_records_it_once(team: Team, code: str) -> None:
    key = {"idempotency-key": "b7d0c1f29e8a4f63b51d7c2a90e4f8d6"}
    first, second = (team.pivot.post(path(code), CLINIC, **key) for _ in range(2))
    assert first.json() == second.json()
    assert len(team.pivot.read(path(code))["items"]) == 1


def test_whoever_may_read_of_encounters_sees_nothing_of_a_legal_step(team: Team) -> None:
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, "encounters", "own_words", "legal")
    clinic, court = (team.pivot.do(path(code), each) for each in (CLINIC, COURT))
    assert {each["id"] for each in team.pivot.read(path(code))["items"]} == {clinic["id"], court["id"]}
    timeline = team.pivot.read(f"/participants/{code}/timeline?kind=legal_step")["items"]
    assert [each["id"] for each in timeline] == [court["id"]]
    given = team.pivot.read(f"/participants/{code}/consents")["items"]
    (line,) = [line for each in given for line in each["lines"] if line["information"] == "legal"]
    consent = next(each["id"] for each in given if line in each["lines"])
    assert team.pivot.do(f"/participants/{code}/consents/{consent}/withdraw", {"line": line["id"]}, status=200)

    nowhere = team.pivot.get(f"{path(code)}/{'0' * 8}-0000-4000-8000-{'0' * 12}")
    gone = team.pivot.get(f"{path(code)}/{court['id']}")
    assert (gone.status_code, gone.content) == (404, nowhere.content)
    assert [each["id"] for each in team.pivot.read(path(code))["items"]] == [clinic["id"]]
    assert [each["id"] for each in team.pivot.read("/my-day")["accompaniments"]] == [clinic["id"]]
    assert team.pivot.post(path(code), COURT).status_code == 404
    worker = Browser(team.pivot)
    assert worker.get(f"participants/{code}/legal-steps").status_code == 404
    assert court["id"] not in worker.read(f"participants/{code}/accompaniments")
    assert court["id"] not in worker.read(f"participants/{code}/timeline")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"state": "held"}, "accompaniment_invalid"),
        ({"how_it_went": "Bien"}, "accompaniment_invalid"),
        ({"kind": "tribunal_martial"}, "catalogue_code_unknown"),
        ({"at": "2026-11-25T14:00:00"}, "encounter_invalid"),
        ({"file": "preuve.pdf"}, "malformed"),
        ({"what": "x" * 121}, "malformed"),
    ],
)
def test_nothing_is_kept_of_what_is_not_so_and_no_file_or_account_of_a_case(
    team: Team, code: str, changed: dict[str, Any], problem: str
) -> None:
    refused = team.pivot.post(path(code), CLINIC | changed)
    assert (refused.status_code in (400, 422), refused.json()["code"]) == (True, problem), refused.text
    assert team.pivot.read(path(code))["items"] == []


def test_a_legal_step_stays_one_and_the_region_adds_its_kinds(team: Team, code: str) -> None:
    kinds = {each["code"]: each["information"] for each in team.pivot.read("/accompaniment-kinds")["kinds"]}
    assert (
        kinds.items() >= {"clinic": "encounters", "school": "encounters", "court": "legal", "lawyer": "legal"}.items()
    )
    made = team.pivot.do(path(code), COURT)
    moved = team.pivot.put(f"{path(code)}/{made['id']}", COURT | {"kind": "clinic", "version": 1})
    assert (moved.status_code, moved.json()["code"]) == (422, "catalogue_code_unknown")
    assert team.pivot.put(f"{path(code)}/{made['id']}", COURT | {"kind": "lawyer", "version": 1}).status_code == 200


def test_without_her_agreement_to_her_own_words_her_wish_is_a_choice_only(team: Team) -> None:
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, "encounters")
    refused = team.pivot.post(path(code), CLINIC)
    assert (refused.json()["code"], refused.json()["errors"][0]["path"]) == ("own_words_not_agreed", "wish_words")
    made = team.pivot.do(path(code), CLINIC | {"wish_words": ""})
    assert (made["wish"], made["wish_words"], made["how_it_went"]) == ("nearby", None, None)


def test_it_goes_along_when_her_file_is_handed_over_as_far_as_she_lets_it(team: Team, code: str) -> None:
    team.pivot.do(path(code), CLINIC)
    team.pivot.do(path(code), COURT)
    other = Person(team, "pivot_worker")
    posted = {"to": other.id, "participants": [code], "her_answer": "agrees"}
    team.pivot.do("/hand-overs", posted)
    (offer,) = other.read("/hand-overs")["hand_overs"]
    assert [each["kind"] for each in offer["carried"]["accompaniments"]] == ["clinic", "court"]
    assert "Clinic or hospital" in Browser(other).read("hand-overs")


def test_on_pages_it_is_planned_and_closed_without_javascript(team: Team, code: str) -> None:
    worker = Browser(team.pivot)
    start = f"participants/{code}"
    assert "No legal step is written down yet" in worker.read(f"{start}/legal-steps")
    wrong = worker.send(f"{start}/accompaniments", **ON_PAGE | {"day": "bientôt"})
    assert wrong.status_code == 422
    assert 'id="day-problem"' in wrong.text
    assert "Salle 4" in wrong.text
    listed = worker.done(f"{start}/accompaniments", **ON_PAGE)
    assert "It is written down." in listed
    assert "Her wish: Somebody waits nearby" in listed
    found = re.search(rf"{start}/accompaniments/[0-9a-f-]+", worker.read("my-day"))
    assert found
    one = found[0]
    asked = worker.send(one, **ON_PAGE | {"version": "7", "state": "not_held"})
    assert asked.status_code == 409
    assert "As somebody has written it meanwhile" in asked.text
    after = worker.done(one, **ON_PAGE | {"version": "1", "state": "not_held"})
    assert "It was not done this time" in after
    assert "The court: It was not done this time" in worker.read(f"{start}/timeline")
    stranger = Browser(Person(team, "pivot_worker"))
    for page in ("accompaniments", "legal-steps", one.removeprefix(f"{start}/")):
        there, nowhere = (stranger.get(f"participants/{each}/{page}") for each in (code, "XXXX-XXXX-XXXX"))
        assert there.status_code == nowhere.status_code == 404, page


def test_a_correction_that_waited_too_long_is_shown_to_its_writer(team: Team, code: str) -> None:
    made = team.pivot.do(path(code), HELD)
    worker, page = Browser(team.pivot), f"participants/{code}/accompaniments/{made['id']}"
    typed = {"kind": "clinic", "state": "held", "day": "2026-11-23", "time": "9:00", "how_it_went": "Mieux que prévu"}
    worker.done(page, **typed, version="1", _draft_keep="yes")
    (draft,) = team.pivot.read(f"/participants/{code}/drafts")["drafts"]
    onward = f"{page}?draft={draft['copy']}"
    assert "Mieux que prévu</textarea>" in worker.read(onward)
    team.world.forward(days=1)
    team.pivot.sign_in()

    late = worker.read(onward)
    assert "You wrote this for a correction that can no longer be made" in late
    assert "Mieux que prévu</p>" in late
    assert "</textarea>" not in late


SIDES: Final = ("herself", "other_side")
PEER: Final[dict[str, Any]] = {"kind": "peer_meeting", "at": "2026-11-25T14:00:00-05:00", "who_goes": ["pivot"]}
OF_THE_OTHER: Final = "Café Lumen, avec Zoé"


def everywhere(team: Team, code: str) -> str:
    """What her worker can read of it: in the API, on the pages, in her file and in the day."""
    api = ("", "/accompaniments", "/timeline")
    found = [team.pivot.get(f"/participants/{code}{each}").text for each in api]
    pages = [Browser(team.pivot).read(f"participants/{code}{each}") for each in api]
    return "\n".join([*found, team.pivot.get("/my-day").text, *pages])


def names_in(team: Team, code: str) -> set[str]:
    return {each for each in ("Lumen", "Maïka") if each in everywhere(team, code)}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(agreed=st.lists(st.sets(st.sampled_from(SIDES)), min_size=1, max_size=3))
def test_of_the_other_side_nothing_is_shown_while_not_both_have_said_yes(
    team: Team, code: str, agreed: list[set[str]]
) -> None:
    made = team.pivot.do(path(code), PEER | {"agreed": []})
    version = made["version"]
    for sides in agreed:
        both = sides == {*SIDES}
        words = {"what": OF_THE_OTHER, "first_name": "Zoé"} if both else {}
        posted = PEER | {"agreed": sorted(sides), "version": version}
        if not both:
            told = team.pivot.put(f"{path(code)}/{made['id']}", posted | {"what": OF_THE_OTHER})
            assert (told.status_code, told.json()["code"]) == (422, "not_agreed_yet")
            named = team.pivot.put(f"{path(code)}/{made['id']}", posted | {"first_name": "Zoé"})
            assert [each["path"] for each in named.json()["errors"]] == ["first_name"]
            met = team.pivot.put(f"{path(code)}/{made['id']}", posted | {"state": "held", "at": HELD["at"]})
            assert (met.status_code, met.json()["code"]) == (422, "not_agreed_yet")
        changed = team.pivot.put(f"{path(code)}/{made['id']}", posted | words)
        assert changed.status_code == 200, changed.text
        version = changed.json()["version"]
        (shown,) = [each for each in team.pivot.read(path(code))["items"] if each["id"] == made["id"]]
        assert (shown["what"], shown["first_name"]) == ((OF_THE_OTHER, "Zoé") if both else ("", ""))


def test_when_one_side_takes_the_yes_back_no_page_and_no_route_says_anything_of_the_other(
    team: Team, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_both = {"what": OF_THE_OTHER, "first_name": "Maïka"}
    made = team.pivot.do(path(code), PEER | {"agreed": [*SIDES]} | of_both)
    assert names_in(team, code) == {"Lumen", "Maïka"}
    back = {"agreed": ["herself"], "version": 1}
    for module in (operations, queries):
        monkeypatch.setattr(module, "all_agree", lambda *_: True)  # the control: without the rule it stays
    assert team.pivot.put(f"{path(code)}/{made['id']}", PEER | back | of_both).status_code == 200
    assert names_in(team, code) == {"Lumen", "Maïka"}
    monkeypatch.undo()
    assert names_in(team, code) == set()
    assert team.pivot.put(f"{path(code)}/{made['id']}", PEER | back | {"version": 2}).status_code == 200
    assert names_in(team, code) == set()
    again = team.pivot.put(f"{path(code)}/{made['id']}", PEER | {"agreed": [*SIDES], "version": 3})
    assert (again.json()["what"], again.json()["first_name"]) == ("", ""), "with both again it begins empty"
    assert names_in(team, code) == set()


def test_the_police_are_met_only_when_she_asks_and_nothing_is_sent(team: Team, code: str) -> None:
    police = COURT | {"kind": "police"}
    for agreed in ([], ["other_side"]):
        refused = team.pivot.post(path(code), police | {"agreed": agreed})
        assert (refused.status_code, refused.json()["code"]) == (422, "not_agreed_yet")
    no_yes = team.pivot.post(path(code), police | {"agreed": ["herself"], "wish": "not_now"})
    assert no_yes.status_code == 422
    before = team.world.sql("SELECT count(*) FROM disclosures")
    made = team.pivot.do(path(code), police | {"agreed": ["herself"]})
    assert made["information"] == "legal", "a consent of its own"
    assert team.world.sql("SELECT count(*) FROM disclosures") == before
    verbs = team.world.sql("SELECT verb FROM trail_entries ORDER BY id DESC LIMIT 5")
    assert ("legal_step.recorded",) in verbs
    somebody = Person(team, "liaison", organization="spvm")
    assert somebody.get(path(code)).status_code == 404


def test_a_first_name_is_sealed_short_and_only_of_a_peer(team: Team, code: str) -> None:
    for kind in (CLINIC, COURT):
        refused = team.pivot.post(path(code), kind | {"first_name": "Zoé"})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "first_name")
    assert team.pivot.post(path(code), PEER | {"agreed": [*SIDES], "first_name": "Z" * 41}).status_code == 400
    made = team.pivot.do(path(code), PEER | {"agreed": [*SIDES], "first_name": "Zoé"})
    ((information, words),) = team.world.sql(
        "SELECT information, words FROM accompaniment_texts WHERE accompaniment_id = %s", made["id"]
    )
    assert information == "encounters"
    assert "Zoé".encode() not in bytes(words)
    browser = Browser(team.pivot)
    assert "She meets Zoé" in browser.read(f"participants/{code}/accompaniments/{made['id']}")
    typed = ON_PAGE | {"information": "encounters", "kind": "peer_meeting", "first_name": "Ana", "agreed": "herself"}
    early = browser.send(f"participants/{code}/accompaniments", **typed)
    assert early.status_code == 422
    assert 'id="what-problem"' in early.text
    del typed["what"]
    assert 'id="first_name-problem"' in browser.send(f"participants/{code}/accompaniments", **typed).text
    done = browser.done(f"participants/{code}/accompaniments", **typed | {"agreed": [*SIDES]})
    assert "She meets Ana" in done
