"""Reporting decisions: a person's, kept with the reason for the team alone; nothing leaves by writing one down."""

from __future__ import annotations

from html import unescape
from typing import Any, Final
from uuid import uuid4

import pytest

from tests.spheres_core.followups.conftest import TODAY, Person, Team
from tests.spheres_core.followups.pages import Browser

REPORTED: Final[dict[str, Any]] = {
    "decision": "reported", "recipient": "youth_protection", "way": "phone", "decided_on": TODAY, "told": "before",
    "reason": "Danger tout de suite", "her_words": "Je préfère que ce soit toi",
}  # fmt: skip
NOT_REPORTED: Final = {name: REPORTED[name] for name in REPORTED if name not in ("way", "her_words")} | {
    "decision": "not_reported",
    "recipient": "police",
}
ON_PAGE: Final = NOT_REPORTED | {"decision": "consulted", "way": "letter", "reason": "Avis demandé"}


@pytest.fixture
def code(team: Team) -> str:
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], "encounters", "own_words", "legal")
    return str(begun["participant"])


def path(code: str) -> str:
    return f"/participants/{code}/reporting-decisions"


def test_it_says_who_decided_what_when_and_why_and_its_words_are_sealed(team: Team, code: str) -> None:
    made = team.pivot.do(path(code), REPORTED)
    assert {name: made[name] for name in REPORTED} == REPORTED
    assert (made["decided_by"], made["corrects"]) == (team.pivot.id, None)
    assert team.pivot.read(path(code))["items"] == [made]
    (reason,), (hers,) = (
        team.world.sql(f"SELECT {column} FROM {table} WHERE {key} = %s", made["id"])[0]
        for column, table, key in (
            ("reason", "reporting_decisions", "id"),
            ("words", "reporting_decision_texts", "decision_id"),
        )
    )
    assert b"Danger" not in bytes(reason)
    assert b"toi" not in bytes(hers)


def test_nothing_leaves_and_nobody_is_told(team: Team, code: str) -> None:
    def left() -> list[Any]:
        return [team.count(each) for each in ("deliveries", "disclosures", "standings")]

    before = left()
    team.pivot.do(path(code), REPORTED)
    team.pivot.do(path(code), NOT_REPORTED | {"recipient": "parent_or_tutor"})
    assert left() == before
    team.begin()
    assert left() != before, "somebody without a pivot worker is told of, and is counted here"


def test_it_never_changes_and_a_later_one_corrects_it(team: Team, code: str) -> None:
    first = team.pivot.do(path(code), NOT_REPORTED)
    second = team.pivot.do(path(code), REPORTED | {"corrects": first["id"]})
    assert [each["id"] for each in team.pivot.read(path(code))["items"]] == [second["id"], first["id"]]
    assert team.pivot.read(path(code))["items"][1] == first
    for elsewhere in (str(uuid4()), _of_somebody_else(team)):
        refused = team.pivot.post(path(code), REPORTED | {"corrects": elsewhere})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "corrects")
    timeline = team.pivot.read(f"/participants/{code}/timeline?kind=reporting_decision")["items"]
    assert [each["id"] for each in timeline] == [second["id"], first["id"]]
    assert "Danger" not in str(timeline)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"decided_on": "2026-11-24"}, "decided_on"),
        ({"reason": "  "}, "reason"),
        ({"way": None}, "way"),
        ({"decision": "not_reported"}, "way"),
    ],
)
def test_a_decision_has_a_day_a_reason_and_a_way_where_somebody_was_reached(
    team: Team, code: str, changed: dict[str, Any], field: str
) -> None:
    refused = team.pivot.post(path(code), REPORTED | changed)
    assert (refused.status_code, refused.json()["code"]) == (422, "reporting_decision_invalid")
    assert refused.json()["errors"][0]["path"] == field
    assert team.pivot.read(path(code))["items"] == []


def test_a_repeated_request_with_its_key_records_it_once(team: Team, code: str) -> None:
    first, second = (team.pivot.post(path(code), REPORTED, **{"idempotency-key": "c" * 32}) for _ in range(2))
    assert first.json() == second.json()
    assert len(team.pivot.read(path(code))["items"]) == 1


def test_without_her_agreement_to_legal_steps_it_answers_as_a_file_that_is_not_there(team: Team) -> None:
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, "encounters", "own_words")
    nowhere = team.pivot.get(path("XXXX-XXXX-XXXX"))
    assert (nowhere.status_code, team.pivot.get(path(code)).content) == (404, nowhere.content)
    assert team.pivot.post(path(code), REPORTED).content == nowhere.content
    assert Browser(team.pivot).get(path(code)[1:]).status_code == 404
    team.agree(code, "legal")
    assert team.pivot.do(path(code), REPORTED)["decision"] == "reported"


def test_without_her_agreement_to_her_own_words_none_are_kept(team: Team) -> None:
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, "legal")
    refused = team.pivot.post(path(code), REPORTED)
    assert (refused.json()["code"], refused.json()["errors"][0]["path"]) == ("own_words_not_agreed", "her_words")
    assert team.pivot.do(path(code), REPORTED | {"her_words": ""})["her_words"] is None


def test_neither_police_nor_coordinators_nor_colleagues_nor_referrers_find_any(team: Team, code: str) -> None:
    made = team.pivot.do(path(code), REPORTED)
    nowhere = team.pivot.get(path("XXXX-XXXX-XXXX"))
    others = (
        Person(team, "liaison", "pivot_worker", organization="spvm"),
        team.coordinator,
        Person(team, "pivot_worker"),
    )
    for person in others:
        assert person.get(path(code)).content == nowhere.content
        assert person.post(path(code), REPORTED).content == nowhere.content
        assert made["id"] not in person.get(f"/participants/{code}/timeline").text
    anonymous = team.world.get(f"/t/{team.slug}/api{path(code)}")
    assert anonymous.status_code == 401


def test_a_partner_for_whom_she_opened_legal_steps_still_finds_none(team: Team, code: str) -> None:
    team.pivot.do(path(code), REPORTED)
    lines = [
        {"recipient": "marie_vincent", "information": each, "purpose": "service"}
        for each in ("participation", "legal", "own_words", "service_requests", "needs_and_plan")
    ]
    team.agree(code, "service_requests", "needs_and_plan")
    given = {"kind": "information", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": 19, "lines": lines}
    team.pivot.do(f"/participants/{code}/consents", given)
    asked = {
        "service": "marie_vincent_psychotherapy", "need": "mental_health", "what": "Rencontre", "age": 17,
        "language": "fr", "area": "montreal", "exception": "Accord", "shares": ["participation", "legal"],
    }  # fmt: skip
    made = team.pivot.do(f"/participants/{code}/requests", asked)
    partner = Person(team, "liaison", "pivot_worker", organization="marie_vincent")
    for to in ("acknowledged", "accepted"):
        answer = {"to": to, "version": made["version"], "words": ""}
        made = partner.do(f"/requests/{made['id']}/answer", answer, status=200)
    assert "legal" in str(partner.read(f"/participants/{code}"))
    assert "legal_steps" in str(partner.read(f"/participants/{code}"))
    nowhere = partner.get(path("XXXX-XXXX-XXXX"))
    assert partner.get(path(code)).content == nowhere.content
    assert partner.post(path(code), REPORTED).content == nowhere.content
    assert partner.read(f"/participants/{code}/timeline?kind=reporting_decision")["items"] == []
    browser = Browser(partner)
    assert browser.get(path(code)[1:]).status_code == 404
    assert "reporting-decisions" not in browser.read(f"participants/{code}")


def test_on_the_page_it_is_written_down_without_javascript_and_nothing_is_sent(team: Team, code: str) -> None:
    worker, page = Browser(team.pivot), path(code)[1:]
    empty = worker.read(page)
    for said in ("No reporting decision is written down yet", "Nothing is sent from here", "outside this software"):
        assert said in empty
    assert "Every person must report" in empty
    wrong = worker.send(page, **ON_PAGE | {"way": "", "reason": "Avis demandé"})
    assert wrong.status_code == 422
    assert 'id="way-problem"' in wrong.text
    assert "Avis demandé" in unescape(wrong.text)
    assert 'id="told-problem"' in worker.send(page, **ON_PAGE | {"told": ""}).text
    assert 'id="decided_on-problem"' in worker.send(page, **ON_PAGE | {"decided_on": "hier"}).text
    listed = worker.done(page, **ON_PAGE)
    assert "It is written down. Nothing was sent to anybody." in listed
    assert "A person asked for advice without naming her" in listed
    (made,) = team.pivot.read(path(code))["items"]
    corrected = worker.done(page, **ON_PAGE | {"corrects": made["id"]})
    assert f'href="#d-{made["id"]}"' in corrected
    assert "A person asked for advice without naming her (The police)" in worker.read(f"participants/{code}/timeline")


def _of_somebody_else(team: Team) -> str:
    other = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(other, "legal")
    return str(team.pivot.do(path(other), NOT_REPORTED)["id"])
