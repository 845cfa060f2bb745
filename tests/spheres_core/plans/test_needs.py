"""Needs stand beside strengths, keep who saw them, and the urgent ones are watched until something meets them."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.spheres_core.followups.conftest import TODAY, Person, Team
from tests.spheres_core.plans.conftest import CLASSES, put

WHAT: Final = "Le loyer tombe vendredi"
HERS: Final = "  « Tout arrive en même temps »  "
STRENGTH: Final = "Elle sait à qui demander de l’aide"
NEED: Final = {
    "need": "housing", "identified_by": "herself", "urgency": "urgent", "what": WHAT, "met_by": "Un ami l’héberge",
    "could_be_met_by": "Un logement à elle", "her_words": HERS, "strength": STRENGTH,
}  # fmt: skip
CHANGED: Final = {
    **{name: NEED[name] for name in ("identified_by", "urgency", "what", "met_by", "could_be_met_by", "her_words")},
    "state": "open",
}


def record(team: Team, code: str, **changed: Any) -> dict[str, Any]:
    return team.pivot.do(f"/participants/{code}/needs", NEED | changed)  # type: ignore[no-any-return]


def test_a_need_is_read_as_it_was_said_and_her_words_stay_verbatim_and_sealed(team: Team, code: str) -> None:
    made = record(team, code)

    assert (made["what"], made["her_words"], made["state"], made["version"]) == (WHAT, HERS, "open", 1)
    assert team.pivot.read(f"/participants/{code}/needs/{made['id']}") == made
    assert team.pivot.read(f"/participants/{code}/needs")["items"] == [made]
    file = team.pivot.read(f"/participants/{code}")["classes"]["needs_and_plan"]
    assert file["needs"]["items"] == [made]
    assert [each["what"] for each in file["strengths"]["items"]] == [STRENGTH]
    assert list(file).index("strengths") < list(file).index("needs"), "what she can build on stands first"
    rows = team.world.sql("SELECT part, information, hers, words FROM plan_texts WHERE about = %s", made["id"])
    assert {part: (information, hers) for part, information, hers, _ in rows} == {
        "what": ("needs_and_plan", False), "met_by": ("needs_and_plan", False),
        "could_be_met_by": ("needs_and_plan", False), "her_words": ("own_words", True),
    }  # fmt: skip
    assert not [words for *_, words in rows if b"loyer" in bytes(words) or b"arrive" in bytes(words)]


def test_no_need_stands_without_a_strength(team: Team, code: str) -> None:
    path = f"/participants/{code}/needs"
    refused = team.pivot.post(path, NEED | {"strength": "  "})
    assert (refused.status_code, refused.json()["code"]) == (422, "strength_missing")
    assert refused.json()["errors"][0]["path"] == "strength"
    assert team.pivot.read(path)["items"] == []

    team.pivot.do(f"/participants/{code}/strengths", {"what": STRENGTH, "identified_by": "both"})

    assert record(team, code, strength="")["need"] == "housing"
    other = team.begin(pivot=team.pivot.id)["participant"]
    team.agree(other, *CLASSES)
    assert team.pivot.post(f"/participants/{other}/needs", NEED | {"strength": ""}).status_code == 422, (
        "another one's strength is none of hers"
    )


def test_a_need_is_one_of_the_regions(team: Team, code: str) -> None:
    refused = team.pivot.post(f"/participants/{code}/needs", NEED | {"need": "on_the_land"})
    assert (refused.status_code, refused.json()["code"]) == (422, "catalogue_code_unknown")
    assert "housing" in refused.json()["known"]


def test_what_was_written_stays_when_it_is_written_anew(team: Team, code: str) -> None:
    made = record(team, code)
    path = f"/participants/{code}/needs/{made['id']}"
    met = put(team.pivot, path, CHANGED | {"state": "met", "met_by": "Son bail", "version": 1})

    assert met.status_code == 200, met.text
    assert (met.json()["state"], met.json()["met_by"], met.json()["what"]) == ("met", "Son bail", WHAT)
    assert met.json()["her_words"] == HERS
    kept = team.world.sql("SELECT version FROM plan_texts WHERE about = %s AND part = 'met_by' ORDER BY 1", made["id"])
    assert [version for (version,) in kept] == [1, 2]


def test_of_two_who_write_at_once_the_second_sees_both_sides(team: Team, code: str) -> None:
    made = record(team, code)
    strength = team.pivot.read(f"/participants/{code}/strengths")["items"][0]
    for path, body, said in (
        (f"needs/{made['id']}", CHANGED, "what"),
        (f"strengths/{strength['id']}", {"identified_by": "both"}, "what"),
    ):
        first, second = (
            put(team.pivot, f"/participants/{code}/{path}", body | {said: words, "version": 1})
            for words in ("la première", "la deuxième")
        )
        assert (first.status_code, second.status_code) == (200, 409)
        assert second.json()["code"] == "changed_meanwhile"
        assert (second.json()["yours"][said], second.json()["theirs"][said]) == ("la deuxième", "la première")
        assert second.json()["theirs"]["version"] == 2


def test_her_words_need_her_agreement_of_their_own(team: Team) -> None:
    code = team.begin(pivot=team.pivot.id)["participant"]
    path = f"/participants/{code}/needs"
    nowhere = team.pivot.post("/participants/XXXX-XXXX-XXXX/needs", NEED)
    refused = team.pivot.post(path, NEED)
    assert (refused.status_code, refused.content) == (404, nowhere.content)

    team.agree(code, "needs_and_plan")

    assert team.pivot.post(path, NEED).json()["code"] == "own_words_not_agreed"
    made = record(team, code, her_words="")
    assert made["her_words"] is None
    changed = put(team.pivot, f"{path}/{made['id']}", CHANGED | {"her_words": "", "version": 1})
    assert changed.status_code == 200


def test_nothing_is_noted_on_a_minor_before_she_knows_what_stays_between_them(team: Team) -> None:
    code = team.begin(pivot=team.pivot.id)["participant"]
    lines = [
        {"recipient": "*team", "information": each, "purpose": "follow_up"} for each in ("needs_and_plan", "stages")
    ]
    given = {"kind": "information", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": 19, "lines": lines}
    team.pivot.do(f"/participants/{code}/consents", given)
    team.world.sql("UPDATE referrals SET age = 15")
    bare = {"need": "food", "identified_by": "herself", "strength": STRENGTH}
    for path, body in (
        ("needs", bare),
        ("strengths", {"what": STRENGTH, "identified_by": "both"}),
        ("goals", {"words": "Dormir", "proposed_by": "herself"}),
        ("cycle-stages", {"model": "cycle_of_exploitation", "her_stage": "crisis"}),
    ):
        refused = team.pivot.post(f"/participants/{code}/{path}", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "limits_not_explained")

    team.pivot.do(f"/participants/{code}/limits", {"on": TODAY})

    assert team.pivot.post(f"/participants/{code}/needs", bare).status_code == 201


def test_nobody_else_reads_or_writes_her_plan(team: Team, code: str) -> None:
    made = record(team, code)
    nowhere = team.pivot.get("/participants/XXXX-XXXX-XXXX/needs")
    others = (Person(team, "pivot_worker"), Person(Team(team.world, "south"), "pivot_worker"), team.coordinator)
    for person in others:
        for path in ("needs", f"needs/{made['id']}", "strengths", "goals", "cycle-stages"):
            answer = person.get(f"/participants/{code}/{path}")
            assert (answer.status_code, answer.content) == (404, nowhere.content)
        assert person.post(f"/participants/{code}/needs", NEED).status_code == 404
        assert put(person, f"/participants/{code}/needs/{made['id']}", CHANGED | {"version": 1}).status_code == 404
        if person is not team.coordinator:
            assert person.read("/urgent-needs")["needs"] == []


def test_what_is_taken_back_is_closed_at_once(team: Team, code: str) -> None:
    record(team, code)
    team.world.sql("UPDATE consent_entries SET ends = %s WHERE information = 'own_words'", team.world.now)
    (left,) = team.pivot.read(f"/participants/{code}/needs")["items"]
    assert (left["what"], left["her_words"]) == (WHAT, None)
    team.world.sql("UPDATE consent_entries SET ends = %s WHERE information = 'needs_and_plan'", team.world.now)
    assert team.pivot.get(f"/participants/{code}/needs").status_code == 404
    assert team.pivot.read("/urgent-needs")["needs"] == []


def test_an_urgent_need_is_watched_until_something_meets_it(team: Team, code: str) -> None:
    made = record(team, code)
    record(team, code, urgency="soon", strength="")
    watched = {"id": made["id"], "participant": code, "need": "housing", "since": TODAY, "late": False}

    def shown() -> list[dict[str, Any]]:
        found = team.pivot.read("/urgent-needs")["needs"]
        return [{name: each[name] for name in watched} for each in found if each["participant"] == code]

    assert shown() == [watched]
    team.world.forward(days=7)
    team.pivot.sign_in()
    assert shown() == [watched | {"late": True}]
    path = f"/participants/{code}/needs/{made['id']}"
    assert put(team.pivot, path, CHANGED | {"version": 1}).status_code == 200
    assert shown() == [watched], "somebody has looked at it"
    assert put(team.pivot, path, CHANGED | {"version": 2, "state": "met"}).status_code == 200
    assert shown() == []


@pytest.mark.parametrize(("path", "body"), [("needs", NEED), ("goals", {"words": "Dormir", "proposed_by": "herself"})])
def test_the_same_key_writes_it_once(team: Team, code: str, path: str, body: Any) -> None:
    key = {"idempotency-key": f"0199-said-in-the-metro-{path}"}
    first, second = (team.pivot.post(f"/participants/{code}/{path}", body, **key) for _ in range(2))
    assert (first.status_code, first.json()) == (201, second.json())
    assert len(team.pivot.read(f"/participants/{code}/{path}")["items"]) == 1
