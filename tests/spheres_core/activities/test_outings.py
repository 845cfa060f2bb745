"""Outings name nobody: each reader sees those of whom she may know, and that others come, never how many."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from spheres_core.activities.outing_states import season_days, season_of
from tests.spheres_core.activities.conftest import AFTER, OUTING, ask, plan, somebody
from tests.spheres_core.followups.conftest import PHONE, START, Person, Team


def test_an_outing_is_planned_with_its_place_sealed_and_stands_among_those_to_come(team: Team) -> None:
    later, sooner = plan(team, at="2026-12-02T18:30:00-05:00"), plan(team)

    listed = [each["id"] for each in team.pivot.read("/activities")["items"]]
    read = team.pivot.read(f"/activities/{sooner}")

    assert listed.index(sooner) < listed.index(later), "the next one first"
    assert (read["place"], read["category"], read["state"], read["open"]) == (
        OUTING["place"],
        "cultural",
        "planned",
        True,
    )
    assert (read["people"], read["others"], read["planned_cents"]) == ([], False, None)
    ((content,),) = team.world.sql("SELECT content FROM outings WHERE id = %s", sooner)
    assert b"porte" not in bytes(content)
    assert team.pivot.post("/activities", OUTING | {"activity": "skydiving"}).json()["code"] == "catalogue_code_unknown"
    assert team.pivot.post("/activities", OUTING | {"at": "2026-11-20T10:00:00Z"}).status_code == 422


def test_a_group_meets_at_the_same_hour_also_when_the_clock_is_set(team: Team) -> None:
    made = team.pivot.do("/activities", OUTING | {"at": "2027-03-09T17:00:00-05:00", "weeks": 2})["items"]

    assert [each["at"] for each in made] == ["2027-03-09T22:00:00Z", "2027-03-16T21:00:00Z"]
    assert made[0]["group"] == made[1]["group"] is not None


def test_whoever_has_nothing_to_do_with_outings_does_not_see_them(team: Team) -> None:
    id = plan(team)
    for roles in (("liaison",), ("evaluator",), ("administrator",)):
        person = Person(team, *roles)
        assert person.get("/activities").status_code == 403
        assert person.get(f"/activities/{id}").status_code == 403
    assert team.pivot.get("/activity-budget").status_code == 403


def test_each_reader_sees_those_of_whom_she_may_know_and_only_that_there_are_others(team: Team) -> None:
    other = Person(team, "pivot_worker")
    ours, theirs, id = somebody(team), somebody(team, other), plan(team)
    ask(team.pivot, ours, id)
    ask(other, theirs, id, answer="yes")

    for reader, known in ((team.pivot, ours), (other, theirs)):
        read = reader.read(f"/activities/{id}")
        assert ([each["participant"] for each in read["people"]], read["others"]) == ([known], True)
    text = team.pivot.get(f"/activities/{id}").text
    assert theirs not in text
    assert team.coordinator.read(f"/activities/{id}")["people"] == [], "a role alone opens nobody's file"


def test_what_she_takes_back_is_seen_no_more(team: Team) -> None:
    code, id = somebody(team), plan(team)
    made = ask(team.pivot, code, id)
    consents = team.pivot.read(f"/participants/{code}/consents")["items"]
    information = next(each["id"] for each in consents if each["kind"] == "information")
    team.pivot.do(f"/participants/{code}/consents/{information}/withdraw", {}, status=200)

    assert team.pivot.get(f"/participants/{code}/activities/{made['id']}").status_code == 404
    read = team.pivot.read(f"/activities/{id}")
    assert (read["people"], read["others"]) == ([], True), "her seat stays hers"


def test_a_coordinator_alone_changes_the_number_of_seats(team: Team) -> None:
    id = plan(team)
    changed = {name: OUTING[name] for name in ("at", "place", "seats")} | {"state": "planned", "version": 1, "seats": 9}
    refused = team.pivot.put(f"/activities/{id}", changed)
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "seats")
    assert team.coordinator.put(f"/activities/{id}", changed).json()["seats"] == 9


def test_of_two_who_change_an_outing_the_second_sees_both_sides(team: Team) -> None:
    id = plan(team)
    changed = {name: OUTING[name] for name in ("at", "place", "seats")} | {"state": "planned", "version": 1}
    first, second = (team.pivot.put(f"/activities/{id}", changed | {"place": each}) for each in ("Un", "Deux"))

    assert (first.status_code, second.status_code) == (200, 409)
    assert (second.json()["yours"]["place"], second.json()["theirs"]["place"]) == ("Deux", "Un")
    off = team.pivot.put(f"/activities/{id}", changed | {"state": "called_off", "version": 2})
    assert off.json()["state"] == "called_off"
    again = team.pivot.put(f"/activities/{id}", changed | {"version": 3})
    assert (again.status_code, again.json()["code"]) == (409, "outing_stays")


def test_she_is_asked_only_in_a_way_that_her_safe_contact_allows(team: Team) -> None:
    code, id = somebody(team), plan(team)
    path = f"/participants/{code}/activities"
    refused = team.pivot.post(path, {"outing": id, "how": "phone"})
    assert (refused.status_code, refused.json()["code"]) == (422, "way_not_safe")
    assert refused.json()["errors"][0]["path"] == "how"

    closed = PHONE | {"hours": [{"days": ["MO"], "opens": "00:00", "closes": "00:30"}]}
    team.reach(code, closed)
    assert team.pivot.post(path, {"outing": id, "how": "phone"}).json()["code"] == "way_not_safe", "not at this hour"
    team.reach(code, PHONE, version=1)

    made = team.pivot.do(path, {"outing": id, "how": "phone"})
    assert (made["how"], made["answer"]) == ("phone", "open")
    assert team.pivot.post(path, {"outing": id, "how": "phone"}).json()["code"] == "asked_already"
    assert team.world.sql("SELECT count(*) FROM trail_entries WHERE verb = 'contact.attempted'")[0][0] == 0


def test_she_answers_in_her_pace_and_her_words_stay_verbatim_and_sealed(team: Team) -> None:
    code, id = somebody(team), plan(team)
    made = ask(team.pivot, code, id, expects="  « J’ai un peu peur »  ")
    path = f"/participants/{code}/activities/{made['id']}"
    for version, answer in enumerate(("later", "no", "yes"), start=1):
        said = team.pivot.put(path, {"version": version, "answer": answer, "expects": made["expects"]})
        assert (said.status_code, said.json()["answer"]) == (200, answer)
    too_soon = team.pivot.put(path, {"version": 4, "answer": "yes", "felt": "Bien"})
    assert (too_soon.status_code, too_soon.json()["code"]) == (422, "told_too_soon")
    assert team.pivot.put(path, {"version": 1, "answer": "no"}).json()["code"] == "changed_meanwhile"

    team.world.now = AFTER
    team.pivot.sign_in()
    felt = team.pivot.put(path, {"version": 4, "answer": "yes", "expects": made["expects"], "felt": "J’ai ri !"}).json()

    assert (felt["expects"], felt["felt"], felt["version"]) == ("  « J’ai un peu peur »  ", "J’ai ri !", 5)
    rows = team.world.sql("SELECT part, version, words FROM outing_texts WHERE invitation_id = %s", made["id"])
    assert sorted((part, version) for part, version, _ in rows) == [("expects", 1), ("felt", 5)]
    assert not [
        words for *_, words in rows if any(said.encode() in bytes(words) for said in ("un peu peur", "J’ai ri"))
    ]


def test_a_strength_found_there_stands_among_those_of_her_plan(team: Team) -> None:
    code, id = somebody(team), plan(team)
    made = ask(team.pivot, code, id)
    path = f"/participants/{code}/activities/{made['id']}"
    found = team.pivot.do(f"{path}/strengths", {"what": "Elle dessine", "identified_by": "herself"})

    assert [each["what"] for each in team.pivot.read(f"/participants/{code}/strengths")["items"]] == ["Elle dessine"]
    assert team.pivot.read(path)["strength"] == found["id"]
    need = team.pivot.do(f"/participants/{code}/needs", {"need": "leisure", "identified_by": "both"})
    said = team.pivot.put(path, {"version": 2, "answer": "yes", "need": need["id"]}).json()
    assert said["need"] == need["id"]
    elsewhere = somebody(team)
    other = ask(team.pivot, elsewhere, id)
    refused = team.pivot.put(
        f"/participants/{elsewhere}/activities/{other['id']}", {"version": 1, "answer": "yes", "need": need["id"]}
    )
    assert refused.status_code == 404, "another one's need is none of hers"


def test_who_came_is_noted_at_once_without_blame_and_the_outing_is_then_held(team: Team) -> None:
    other = Person(team, "pivot_worker")
    first, second, unknown, id = somebody(team), somebody(team), somebody(team, other), plan(team)
    for follower, code in ((team.pivot, first), (team.pivot, second), (other, unknown)):
        ask(follower, code, id, answer="yes")
    path = f"/activities/{id}/attendance"
    assert team.pivot.post(path, {"came": [first]}).json()["code"] == "outing_not_begun"

    team.world.now = AFTER
    for person in (team.pivot, other):
        person.sign_in()
    refused = team.pivot.post(path, {"came": [first, unknown]})
    nowhere = team.pivot.post(path, {"came": [first, "XXXX-XXXX-XXXX"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_among_them")
    assert refused.content == nowhere.content
    noted = team.pivot.do(path, {"came": [first], "not_this_time": [second]}, status=200)
    again = team.pivot.do(path, {"came": [first], "not_this_time": [second]}, status=200)

    assert {each["participant"]: each["attendance"] for each in noted["people"]} == {
        first: "came", second: "not_this_time",
    }  # fmt: skip
    assert (noted["state"], again["version"]) == ("held", noted["version"])
    rows = team.world.sql("SELECT attendance, count(*) FROM outing_invitations WHERE outing_id = %s GROUP BY 1", id)
    assert dict(rows) == {"came": 1, "not_this_time": 1, None: 1}
    ((entries,),) = team.world.sql(
        "SELECT count(*) FROM trail_entries WHERE verb = 'attendance.noted' AND details ->> 'attendance' = ANY(%s)"
        " AND at >= %s", ["came", "not_this_time"], START,
    )  # fmt: skip
    assert entries == 2, "the same again writes nothing"


def test_sums_of_a_season_are_for_the_coordinator(team: Team) -> None:
    before = _sums(team)
    held, off = plan(team), plan(team)
    for id, planned, spent in ((held, 20_000, 18_550), (off, 5_000, 1_000)):
        team.coordinator.put(f"/activities/{id}/budget", {"version": 1, "planned_cents": planned, "spent_cents": spent})
    changed = {name: OUTING[name] for name in ("at", "place", "seats")} | {"state": "called_off", "version": 2}
    assert team.coordinator.put(f"/activities/{off}", changed).json()["spent_cents"] == 1_000

    after = _sums(team)

    assert {name: after[name] - before[name] for name in after} == {
        "outings": 1, "planned_cents": 20_000, "spent_cents": 19_550,
    }, "what was called off is planned no more, but what was spent was spent"  # fmt: skip
    assert team.pivot.put(f"/activities/{held}/budget", {"version": 2, "planned_cents": 1}).status_code == 403
    assert team.pivot.read(f"/activities/{held}")["planned_cents"] is None


def _sums(team: Team) -> dict[str, Any]:
    seasons = team.coordinator.read("/activity-budget")["seasons"]
    found = [each for each in seasons if (each["year"], each["season"]) == (2026, "autumn")]
    return {name: found[0][name] if found else 0 for name in ("outings", "planned_cents", "spent_cents")}


@pytest.mark.parametrize("day", ["2026-12-01", "2027-01-15", "2027-02-28"])
def test_a_winter_begins_in_december(day: str) -> None:
    found = season_of(dt.date.fromisoformat(day))
    first, end = season_days(*found)
    assert found == (2026, "winter")
    assert first <= dt.date.fromisoformat(day) < end
