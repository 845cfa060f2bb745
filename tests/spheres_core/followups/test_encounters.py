"""Encounters are written in one calm place: her words apart, corrected on the same day, added to later."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.followups.corrections import may_become, may_correct
from tests.spheres_core.followups.conftest import TODAY, Person, Team

NOTE: Final = "Rencontre au parc, elle parlait de son logement"
HERS: Final = "« Je veux juste dormir chez moi »"
HELD: Final = {"state": "held", "kind": "in_person", "at": "2026-11-23T14:30:00Z", "place": "outside",
               "themes": ["housing_and_money"], "principles": ["harm_reduction"], "note": NOTE,
               "her_words": HERS}  # fmt: skip


@pytest.fixture
def code(team: Team) -> str:
    """Somebody whom the pivot worker follows, who lets encounters and her words be written."""
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], "encounters", "own_words")
    return str(begun["participant"])


def record(team: Team, code: str, **changed: Any) -> dict[str, Any]:
    return team.pivot.do(f"/participants/{code}/encounters", HELD | changed)  # type: ignore[no-any-return]


def test_an_encounter_is_read_as_it_was_written_and_sealed(team: Team, code: str) -> None:
    made = record(team, code)

    assert (made["note"], made["her_words"], made["version"]) == (NOTE, HERS, 1)
    assert team.pivot.read(f"/participants/{code}/encounters/{made['id']}") == made
    assert team.pivot.read(f"/participants/{code}/encounters")["items"] == [made]
    file = team.pivot.read(f"/participants/{code}")["classes"]
    assert file["encounters"]["encounters"]["items"] == [made]
    assert file["participation"]["participations"]["participations"][0]["state"] == "active"
    assert not file["participation"]["assignments"]["pivot_missing"]
    assert "encounters" not in team.coordinator.read(f"/participants/{code}")["classes"]
    rows = team.world.sql("SELECT information, words FROM encounter_texts WHERE encounter_id = %s", made["id"])
    assert {information for information, _ in rows} == {"encounters", "own_words"}
    assert not [words for _, words in rows if b"parc" in bytes(words) or b"dormir" in bytes(words)]


def test_its_themes_and_principles_are_the_regions_and_the_timeline_is_chosen_by_them(team: Team, code: str) -> None:
    made, other = record(team, code), record(team, code, themes=["family"], principles=[])
    assert (made["themes"], made["principles"]) == (["housing_and_money"], ["harm_reduction"])
    path = f"/participants/{code}/timeline"
    for asked, found in {"theme=family": other, "principle=harm_reduction": made}.items():
        assert [each["id"] for each in team.pivot.read(f"{path}?{asked}")["items"]] == [found["id"]], asked
    assert team.pivot.read(f"{path}?theme=family&principle=harm_reduction")["items"] == []
    assert team.pivot.get(f"{path}?theme=astrology").json()["code"] == "kind_unknown"
    refused = team.pivot.post(f"/participants/{code}/encounters", HELD | {"themes": ["astrology"]})
    assert (refused.json()["code"], refused.json()["errors"][0]["path"]) == ("catalogue_code_unknown", "themes")


def test_without_her_agreement_nothing_is_written_and_her_words_need_their_own(team: Team) -> None:
    code = team.begin(pivot=team.pivot.id)["participant"]
    path = f"/participants/{code}/encounters"
    nowhere = team.pivot.post("/participants/XXXX-XXXX-XXXX/encounters", HELD)
    refused = team.pivot.post(path, HELD)
    assert (refused.status_code, refused.content) == (404, nowhere.content)
    assert team.pivot.get(path).status_code == 404

    team.agree(code, "encounters")
    assert team.pivot.post(path, HELD).json()["code"] == "own_words_not_agreed"
    made = record(team, code, her_words="")
    assert made["her_words"] is None


def test_nothing_is_noted_on_a_minor_before_she_knows_what_stays_between_them(team: Team) -> None:
    code = team.begin(pivot=team.pivot.id)["participant"]
    lines = [{"recipient": "*team", "information": "encounters", "purpose": "follow_up"}]
    given = {"kind": "information", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": 19, "lines": lines}
    team.pivot.do(f"/participants/{code}/consents", given)
    path = f"/participants/{code}/encounters"
    for age, status in ((17, 409), (None, 409), (18, 201)):
        team.world.sql("UPDATE referrals SET age = %s, age_least = NULL, age_most = NULL", age)
        assert team.pivot.post(path, HELD | {"her_words": ""}).status_code == status
    team.world.sql("UPDATE referrals SET age = 15")
    assert team.pivot.post(path, HELD | {"her_words": "", "note": ""}).status_code == 201, "no word was noted"
    team.pivot.do(f"/participants/{code}/limits", {"on": TODAY})
    assert team.pivot.post(path, HELD | {"her_words": ""}).status_code == 201


def test_nobody_else_reads_or_writes_in_her_file(team: Team, code: str) -> None:
    made = record(team, code)
    nowhere = team.pivot.get("/participants/XXXX-XXXX-XXXX/encounters")
    for person in (
        Person(team, "pivot_worker"),
        Person(team, "clinical_support"),
        Person(Team(team.world, "south"), "pivot_worker"),
    ):
        for path in (f"/participants/{code}/encounters", f"/participants/{code}/encounters/{made['id']}"):
            answer = person.get(path)
            assert (answer.status_code, answer.content) == (404, nowhere.content)
        assert person.post(f"/participants/{code}/encounters", HELD).status_code == 404
    assert team.coordinator.get(f"/participants/{code}/encounters").status_code == 404, "coordination reads no notes"
    assert Person(team, "content_editor").get(f"/participants/{code}/encounters").status_code == 403


def test_what_is_taken_back_is_closed_at_once(team: Team, code: str) -> None:
    record(team, code)
    team.world.sql("UPDATE consent_entries SET ends = %s WHERE information = 'own_words'", team.world.now)
    (left,) = team.pivot.read(f"/participants/{code}/encounters")["items"]
    assert (left["note"], left["her_words"]) == (NOTE, None)
    team.world.sql("UPDATE consent_entries SET ends = %s WHERE information = 'encounters'", team.world.now)
    assert team.pivot.get(f"/participants/{code}/encounters").status_code == 404


def test_on_the_same_day_its_author_writes_it_anew_and_earlier_versions_stay(team: Team, code: str) -> None:
    made = record(team, code)
    path = f"/participants/{code}/encounters/{made['id']}"
    team.world.forward(minutes=20)

    anew = team.pivot.put(path, HELD | {"note": "Autrement dit", "version": 1})

    assert anew.status_code == 200, anew.text
    assert (anew.json()["note"], anew.json()["her_words"], anew.json()["version"]) == ("Autrement dit", HERS, 2)
    versions = team.pivot.read(f"{path}/versions")["versions"]
    assert [(each["version"], each["note"]) for each in versions] == [(2, "Autrement dit"), (1, NOTE)]
    backup = Person(team, "pivot_worker")
    team.coordinator.do(f"/participants/{code}/assignments", {"staff": backup.id, "part": "backup"})
    assert backup.put(path, HELD | {"version": 2}).json()["code"] == "too_late_to_correct"


def test_later_it_is_added_to(team: Team, code: str) -> None:
    made = record(team, code)
    path = f"/participants/{code}/encounters/{made['id']}"
    team.world.forward(days=1)
    team.pivot.sign_in()
    assert team.pivot.put(path, HELD | {"version": 1}).json()["code"] == "too_late_to_correct"

    team.pivot.do(f"{path}/addenda", {"text": "Elle a rappelé le lendemain"})
    found = team.pivot.do(f"{path}/addenda", {"text": HERS, "hers": True})

    assert [(each["text"], each["hers"]) for each in found["addenda"]] == [
        ("Elle a rappelé le lendemain", False), (HERS, True),
    ]  # fmt: skip
    assert found["note"] == NOTE


def test_of_two_who_write_at_once_the_second_sees_both_sides(team: Team, code: str) -> None:
    made = record(team, code)
    path = f"/participants/{code}/encounters/{made['id']}"
    first = team.pivot.put(path, HELD | {"note": "la première", "version": 1})
    second = team.pivot.put(path, HELD | {"note": "la deuxième", "version": 1})

    assert (first.status_code, second.status_code) == (200, 409)
    told = second.json()
    assert (told["yours"]["note"], told["theirs"]["note"], told["theirs"]["version"]) == (
        "la deuxième",
        "la première",
        2,
    )


def test_a_planned_encounter_is_held_or_missed_by_whoever_is_there(team: Team, code: str) -> None:
    planned = record(team, code, state="planned", at="2026-11-25T15:00:00-05:00", note="", her_words="")
    path = f"/participants/{code}/encounters/{planned['id']}"
    assert [each["id"] for each in team.pivot.read("/my-day")["promised"]] == [planned["id"]]
    assert (
        team.pivot.post(f"/participants/{code}/encounters", HELD | {"at": "2026-11-25T15:00:00-05:00"}).status_code
        == 422
    )
    team.world.forward(days=3)
    team.pivot.sign_in()
    assert team.pivot.read("/my-day")["promised"][0]["late"]

    missed = HELD | {"state": "missed", "at": "2026-11-25T15:00:00-05:00", "note": "", "her_words": "", "version": 1}
    assert team.pivot.put(path, missed).json()["state"] == "missed"

    assert team.pivot.read("/my-day")["promised"] == []
    again = team.pivot.put(path, missed | {"state": "planned", "version": 2})
    assert again.status_code == 409, "what did not come about is not planned again"


def test_the_same_key_writes_it_once(team: Team, code: str) -> None:
    path, key = f"/participants/{code}/encounters", {"idempotency-key": "0198-written-in-the-metro"}
    first, second = (team.pivot.post(path, HELD, **key) for _ in range(2))
    assert first.json() == second.json()
    assert len(team.pivot.read(path)["items"]) == 1
    assert team.pivot.post(path, HELD | {"note": "autre"}, **key).status_code == 409


@pytest.mark.parametrize("at", ["2026-11-23T09:30:00", "yesterday"])
def test_a_moment_without_its_offset_is_refused_at_its_place(team: Team, code: str, at: Any) -> None:
    attempt = {"channel": "phone", "outcome": "reached", "at": at}
    for path, body in (("encounters", HELD | {"at": at}), ("contact-attempts", attempt)):
        refused = team.pivot.post(f"/participants/{code}/{path}", body)
        assert refused.status_code in (400, 422)
        assert refused.json()["errors"][0]["path"] == "at"


states = st.sampled_from(["planned", "held", "missed", "cancelled"])


@given(states, st.uuids(), st.uuids(), st.dates(), st.dates())
def test_only_the_author_on_the_same_day_or_what_is_planned(
    state: Any, author: Any, actor: Any, written_on: Any, today: Any
) -> None:
    allowed = may_correct(state, author=author, written_on=written_on, actor=actor, today=today)
    assert allowed == (state == "planned" or (author == actor and written_on == today))
    assert may_correct(state, author=author, written_on=today, actor=author, today=today)
    assert may_correct(state, author=None, written_on=today, actor=None, today=today) == (state == "planned")


@given(states, states)
def test_what_took_place_is_never_planned_again(state: Any, to: Any) -> None:
    assert may_become(state, to) == (to != "planned" or state == "planned")
