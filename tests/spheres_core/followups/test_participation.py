"""A referral becomes a participation by her own agreement, and nobody who referred her can tell."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest

from spheres_core.testing import definition
from tests.spheres_core.followups.conftest import AGREEMENT, START, TO_AGREED, TODAY, Person, Team

CANARY: Final = "Une phrase à elle que personne d’autre ne lit"


def known_to(team: Team, person: Person, purpose: str) -> int:
    """How many open reasons somebody has to know of participants, for a purpose."""
    ((number,),) = team.world.sql(
        "SELECT count(*) FROM standings WHERE staff_id = %s AND purpose = %s AND ends > now()", person.id, purpose
    )
    return int(number)


def test_with_a_pivot_worker_she_takes_part_and_without_it_is_proposed(team: Team) -> None:
    active = team.begin(pivot=team.pivot.id)
    proposed = team.begin()

    assert (active["state"], proposed["state"]) == ("active", "proposed")
    assert active["participant"] != proposed["participant"]
    assert known_to(team, team.pivot, "follow_up") == 1
    assert known_to(team, team.coordinator, "coordination") == 2
    assert known_to(team, Person(team, "pivot_worker"), "follow_up") == 0


def test_nothing_is_begun_without_her_own_dated_agreement(team: Team) -> None:
    _, referral = team.refer(*TO_AGREED)
    before = team.count("participants")
    for body, path in (({}, "agreement"), ({"agreement": AGREEMENT | {"on": "2026-11-24"}}, "agreement.on")):
        refused = team.coordinator.post(f"/referrals/{referral}/participation", body)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["path"] == path
    malformed = team.coordinator.post(f"/referrals/{referral}/participation", {"agreement": {"on": TODAY}})
    assert malformed.status_code in (400, 422)
    assert team.count("participants") == before
    assert team.coordinator.read(f"/referrals/{referral}")["state"] == "agreed"


def test_where_a_parent_must_agree_too_at_her_age_it_begins_with_both(team: Team) -> None:
    with_both = {"consents": {"givers": {"taking_part/12-13": "herself_and_parent_or_tutor"}}}
    _, referral = team.refer(*TO_AGREED)
    team.world.sql("UPDATE referrals SET age = 13 WHERE id = %s", referral)
    try:
        team.world.apply(definition("north", "quebec", "montreal", settings=with_both))
        refused = team.coordinator.post(f"/referrals/{referral}/participation", {"agreement": AGREEMENT})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "agreement.also")
        parent = {"giver": "parent", "given_on": TODAY, "how": "spoken"}
        team.coordinator.do(f"/referrals/{referral}/participation", {"agreement": AGREEMENT | {"also": parent}})
    finally:
        team.world.apply(definition("north", "quebec", "montreal"))


@pytest.mark.parametrize("steps", [(), TO_AGREED[:3], (*TO_AGREED[:3], "youth_declined")])
def test_only_a_referral_that_she_agreed_to_becomes_a_participation(team: Team, steps: tuple[str, ...]) -> None:
    _, referral = team.refer(*steps)
    refused = team.coordinator.post(f"/referrals/{referral}/participation", {"agreement": AGREEMENT})
    assert refused.status_code == 409
    assert team.coordinator.read(f"/referrals/{referral}")["state"] != "converted"


def test_a_referral_becomes_a_participation_once(team: Team) -> None:
    _, referral = team.refer(*TO_AGREED)
    path, key = f"/referrals/{referral}/participation", {"idempotency-key": f"{referral}-once"}
    first = team.coordinator.post(path, {"agreement": AGREEMENT}, **key)
    again = team.coordinator.post(path, {"agreement": AGREEMENT}, **key)
    other = team.coordinator.post(path, {"agreement": AGREEMENT})

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.json() == again.json()
    found = team.coordinator.read(f"/referrals/{referral}")
    assert (found["state"], found["steps"]) == ("converted", [])
    _, second = team.refer(*TO_AGREED)
    elsewhere = team.coordinator.post(f"/referrals/{second}/participation", {"agreement": AGREEMENT}, **key)
    assert elsewhere.status_code == 409, "the key was for another referral"


def test_who_may_not_say_who_follows_whom_begins_nothing_and_nobody_begins_what_is_elsewhere(team: Team) -> None:
    _, referral = team.refer(*TO_AGREED)
    assert team.pivot.post(f"/referrals/{referral}/participation", {"agreement": AGREEMENT}).status_code == 403
    south = Team(team.world, "south")
    refused = south.coordinator.post(f"/referrals/{referral}/participation", {"agreement": AGREEMENT})
    nowhere = south.coordinator.post(f"/referrals/{south.coordinator.id}/participation", {"agreement": AGREEMENT})
    assert refused.status_code == nowhere.status_code == 404
    assert refused.content == nowhere.content


@pytest.mark.parametrize("role", ["liaison", "administrator"])
def test_only_somebody_who_follows_can_be_her_pivot_worker(team: Team, role: str) -> None:
    _, referral = team.refer(*TO_AGREED)
    stranger = Person(team, role).id
    for pivot in (stranger, team.coordinator.id, referral):
        body = {"agreement": AGREEMENT, "pivot": pivot}
        refused = team.coordinator.post(f"/referrals/{referral}/participation", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "worker_invalid")
    assert team.coordinator.read(f"/referrals/{referral}")["state"] == "agreed", "nothing was begun"


def test_her_agreement_is_kept_with_her_words_sealed(team: Team) -> None:
    begun = team.begin(agreement=AGREEMENT | {"words": CANARY})
    ((kind, on, how, giver, words),) = team.world.sql(
        "SELECT kind, given_on::text, how, giver, words FROM consents c JOIN participations p"
        " ON p.tenant_id = c.tenant_id AND p.consent_id = c.id WHERE p.id = %s",
        begun["participation"],
    )
    assert (kind, on, how, giver) == ("participation", TODAY, "spoken", "herself")
    assert CANARY.encode() not in bytes(words)


def heard(team: Team, *, converted: bool) -> list[Any]:
    """All that the referrer hears, day after day, of a referral that she agreed to."""
    team.world.now = START
    receipt, referral = team.refer(*TO_AGREED)
    if converted:
        body = {"agreement": AGREEMENT, "pivot": team.pivot.id}
        team.coordinator.do(f"/referrals/{referral}/participation", body)
    answers = []
    for day in range(35):
        team.world.now = START + dt.timedelta(days=day)
        for path in ("", "/withdraw") if day in (0, 3) else ("",):
            answer = team.world.post(f"/t/{team.slug}/api/receipts{path}", json={"receipt": receipt})
            answers.append((answer.status_code, answer.content, sorted(answer.headers.items())))
        shown = team.world.post(f"/t/{team.slug}/en/receipt", data={"receipt": receipt})
        assert shown.status_code == 200
        answers.append((shown.status_code, shown.text.replace(receipt, "her receipt").encode()))
    team.world.now = START
    return answers


def test_a_referrer_hears_the_same_whether_or_not_she_takes_part(team: Team) -> None:
    enrolled, not_enrolled = heard(team, converted=True), heard(team, converted=False)
    assert enrolled == not_enrolled
    assert b"closed" in enrolled[-2][1], "the story goes on until the receipt closes"
    assert len({each[1] for each in enrolled if b"<html" in each[1]}) > 1, "so it does on the receipt's page"
