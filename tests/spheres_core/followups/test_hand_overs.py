"""A file goes from one worker to another when the other accepts, and she was told and did not say no."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from tests.spheres_core.followups.conftest import Person, Team

WORD: Final = "Elle préfère marcher en parlant"


def offered(team: Team, to: Person, code: str, **more: object) -> str:
    body = {"to": to.id, "participants": [code], "word": WORD, **more}
    (made,) = team.pivot.do("/hand-overs", body)["hand_overs"]
    return str(made["id"])


def following(person: Person, code: str) -> dict[str, str]:
    found = person.read(f"/participants/{code}/assignments")["assignments"]
    return {each["part"]: each["staff"] for each in found if each["ends"] is None}


def test_a_file_is_handed_over_with_a_word_when_it_is_accepted(team: Team) -> None:
    code = team.begin(pivot=team.pivot.id)["participant"]
    other, stranger = Person(team, "pivot_worker"), Person(team, "pivot_worker")
    id = offered(team, other, code)

    (waiting,) = other.read("/my-day")["hand_overs"]
    assert (waiting["participant"], waiting["word"], waiting["her_answer"]) == (code, WORD, None)
    assert following(other, code) == {"pivot": team.pivot.id}, "whoever follows her goes on"
    assert other.post(f"/hand-overs/{id}/accept").json()["code"] == "she_was_not_told"
    unknown, others = stranger.post(f"/hand-overs/{stranger.id}/accept"), stranger.post(f"/hand-overs/{id}/accept")
    assert (unknown.status_code, unknown.content) == (404, others.content)

    team.pivot.do(f"/hand-overs/{id}/told", {"her_answer": "agrees"}, status=200)
    team.world.forward(minutes=5)
    assert other.do(f"/hand-overs/{id}/accept", status=200)["hand_overs"] == []

    assert following(other, code) == {"pivot": other.id}
    assert team.pivot.get(f"/participants/{code}/assignments").status_code == 404, "her file is no longer his"
    assert other.post(f"/hand-overs/{id}/accept").status_code == 404, "it was answered"
    assert [each["participant"] for each in other.read("/my-day")["files"]] == [code]


def test_who_declines_sees_nothing_of_her_afterwards(team: Team) -> None:
    code = team.begin(pivot=team.pivot.id)["participant"]
    other = Person(team, "pivot_worker")
    id = offered(team, other, code)
    assert other.get(f"/participants/{code}/assignments").status_code == 200

    team.world.forward(minutes=5)
    other.do(f"/hand-overs/{id}/decline", status=200)

    assert other.get(f"/participants/{code}/assignments").status_code == 404
    assert following(team.pivot, code) == {"pivot": team.pivot.id}
    assert offered(team, other, code) != id, "it can be offered again"


def test_she_may_say_no(team: Team) -> None:
    code = team.begin(pivot=team.pivot.id)["participant"]
    other = Person(team, "pivot_worker")
    id = offered(team, other, code)

    assert team.pivot.do(f"/hand-overs/{id}/told", {"her_answer": "refuses"}, status=200)["hand_overs"] == []

    assert other.post(f"/hand-overs/{id}/accept").status_code == 404
    refused = team.pivot.post("/hand-overs", {"to": other.id, "participants": [code], "her_answer": "refuses"})
    assert (refused.status_code, refused.json()["code"]) == (409, "she_refuses")
    assert following(team.pivot, code) == {"pivot": team.pivot.id}


def test_a_whole_caseload_is_offered_at_once_and_then_the_account_may_close(team: Team) -> None:
    leaving, other, administrator = (Person(team, role) for role in ("pivot_worker", "pivot_worker", "administrator"))
    codes = {team.begin(pivot=leaving.id)["participant"] for _ in range(4)}
    made = leaving.do("/hand-overs", {"to": other.id, "word": WORD, "her_answer": "agrees"})["hand_overs"]
    assert {each["participant"] for each in made} == codes
    again = leaving.post("/hand-overs", {"to": other.id})
    assert (again.status_code, again.json()["code"]) == (409, "already_offered")
    off = f"/admin/staff/{leaving.id}/off"
    assert administrator.post(off).json()["duties"] == {"files": 4}

    team.world.forward(minutes=5)
    for each in made:
        other.do(f"/hand-overs/{each['id']}/accept", status=200)

    assert {each["participant"] for each in other.read("/my-day")["files"]} == codes
    assert administrator.post(off).status_code == 200


def test_only_ones_own_files_are_handed_over_and_a_coordinator_may_offer_every_one(team: Team) -> None:
    code = team.begin(pivot=team.pivot.id)["participant"]
    other, stranger = Person(team, "pivot_worker"), Person(team, "pivot_worker")
    body = {"to": other.id, "participants": [code], "her_answer": "not_reached"}
    assert stranger.post("/hand-overs", body).status_code == 404
    assert stranger.post("/hand-overs", {"to": other.id}).json()["code"] == "nothing_to_hand_over"

    (made,) = team.coordinator.do("/hand-overs", body)["hand_overs"]

    assert made["from_staff"] == team.pivot.id
    team.coordinator.do(f"/hand-overs/{made['id']}/withdraw", status=200)
    assert team.coordinator.read("/hand-overs")["hand_overs"] == []
    team.world.forward(minutes=1)
    assert other.get(f"/participants/{code}/assignments").status_code == 404


def test_the_word_is_sealed(team: Team) -> None:
    code = team.begin(pivot=team.pivot.id)["participant"]
    id = offered(team, Person(team, "pivot_worker"), code)
    ((word,),) = team.world.sql("SELECT word FROM hand_overs WHERE id = %s", id)
    assert WORD.encode() not in bytes(word)


def test_what_was_promised_to_her_goes_along_as_far_as_she_lets_the_team_read_it(team: Team) -> None:
    code = team.begin(pivot=team.pivot.id)["participant"]
    team.agree(code, "encounters", "needs_and_plan")
    planned = {
        "state": "planned",
        "kind": "in_person",
        "at": "2026-11-25T15:00:00-05:00",
        "note": "Elle apporte le bail",
    }
    team.pivot.do(f"/participants/{code}/encounters", planned)
    team.pivot.do(f"/participants/{code}/dates", {"kind": "rent", "on": "2026-11-01", "repeats": "monthly"})
    carried = {
        "promised": [{"at": "2026-11-25T20:00:00Z", "kind": "in_person"}],
        "dates": [{"on": "2026-12-01", "kind": "rent"}],
        "drafts": 0,
        "accompaniments": [],
    }
    (mine,) = team.pivot.read("/hand-overs/preview")["files"]
    assert (mine["participant"], mine["carried"], mine["offered_to"]) == (code, carried, None)
    other = Person(team, "pivot_worker")
    offered(team, other, code)

    assert team.pivot.read("/hand-overs/preview")["files"][0]["offered_to"] == other.id
    (waiting,) = other.read("/my-day")["hand_overs"]
    assert waiting["carried"] == carried
    assert "bail" not in str(waiting)
    assert other.get(f"/participants/{code}/encounters").status_code == 404, "nothing is open before it is accepted"
    team.world.sql("UPDATE consent_entries SET ends = %s WHERE information = 'encounters'", team.world.now)
    (waiting,) = other.read("/hand-overs")["hand_overs"]
    assert waiting["carried"] == carried | {"promised": []}


def test_a_coordinator_hands_over_what_she_does_not_read(team: Team) -> None:
    code = team.begin(pivot=team.pivot.id)["participant"]
    team.agree(code, "encounters")
    planned = {"state": "planned", "kind": "phone", "at": "2026-11-25T15:00:00-05:00"}
    team.pivot.do(f"/participants/{code}/encounters", planned)
    other = Person(team, "pivot_worker")
    (made,) = team.coordinator.do("/hand-overs", {"to": other.id, "participants": [code]})["hand_overs"]
    assert made["carried"] == {"promised": [], "dates": [], "drafts": 0, "accompaniments": []}


def test_what_was_begun_about_her_goes_along_and_is_then_the_next_workers_alone(team: Team) -> None:
    code = team.begin(pivot=team.pivot.id)["participant"]
    team.agree(code, "encounters", "own_words")
    other = Person(team, "pivot_worker")
    typed = {"note": "Elle cherche un logement", "her_words": "Ma clé"}
    body = {"form": "encounter", "values": typed, "number": 1}
    copy = str(uuid4())
    assert team.pivot.put(f"/participants/{code}/drafts/{copy}", body).status_code == 200
    id = offered(team, other, code, her_answer="agrees")
    (waiting,) = other.read("/hand-overs")["hand_overs"]
    assert waiting["carried"]["drafts"] == 1
    assert other.read(f"/participants/{code}/drafts")["drafts"] == [], "nothing goes before it is accepted"
    other.do(f"/hand-overs/{id}/accept", status=200)

    (draft,) = other.read(f"/participants/{code}/drafts")["drafts"]
    assert (draft["form"], draft["values"]) == ("encounter", typed)
    assert team.pivot.get(f"/participants/{code}/drafts").status_code == 404
    late = team.pivot.put(f"/participants/{code}/drafts/{copy}", {**body, "number": 2})
    assert late.status_code == 404, "a page that is still open writes nothing over"
    assert other.read(f"/participants/{code}/drafts")["drafts"] == [draft]
    again = {**body, "values": {**typed, "note": "Et un travail"}, "number": 3}
    assert other.put(f"/participants/{code}/drafts/{draft['copy']}", again).status_code == 200
    (draft,) = other.read(f"/participants/{code}/drafts")["drafts"]
    assert draft["values"]["note"] == "Et un travail"
