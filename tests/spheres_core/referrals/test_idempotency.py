"""Sending twice is doing once: the idempotency key of a referral."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any
from uuid import uuid4

import pytest

from spheres_core.foundation.tenancy import idempotency
from tests.journeys.wire import json_probe, send
from tests.spheres_core.referrals.conftest import Office


def body(office: Office, **values: Any) -> dict[str, Any]:
    return {"answers": office.answers, "language": "fr", **values}


def post(office: Office, key: str, sent: dict[str, Any]) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return office.world.post(f"/t/{office.slug}/api/referrals", json=sent, headers=headers)


def test_the_same_key_and_body_get_the_same_answer_and_nothing_more_is_done(office: Office) -> None:
    before, entries = office.count("referrals"), office.count("trail_entries")
    first = post(office, "one", body(office))
    again = [post(office, "one", body(office)) for _ in range(3)]
    reordered = post(office, "one", dict(reversed(body(office).items())))

    assert [(each.status_code, each.content) for each in (*again, reordered)] == [(201, first.content)] * 4
    assert office.count("referrals") == before + 1
    assert office.count("trail_entries") == entries + 1


def test_the_same_key_with_another_body_is_refused(office: Office) -> None:
    assert post(office, "two", body(office)).status_code == 201
    other = {**office.answers, "about": {**office.answers["about"], "age": 18}}
    for sent in (body(office, answers=other), body(office, language="en")):
        refused = post(office, "two", sent)
        assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")


def test_posts_that_come_at_the_same_moment_are_done_once(office: Office) -> None:
    before = office.count("referrals")

    async def at_once() -> list[Any]:
        headers = {"Idempotency-Key": "three"}
        sent = [office.world.http.post("/t/north/api/referrals", json=body(office), headers=headers) for _ in range(12)]
        return await asyncio.gather(*sent)

    answers = office.world.run(at_once())

    assert {(each.status_code, each.content) for each in answers} == {(201, answers[0].content)}
    assert office.count("referrals") == before + 1


def test_a_key_that_could_be_guessed_gives_nobody_elsewhere_the_receipt_nor_tells_that_it_was_used(
    office: Office,
) -> None:
    probe = json_probe("POST", f"/t/{office.slug}/api/referrals", body(office), ("Idempotency-Key", "1"))
    mine, hers = (send(office.world, probe, client=client) for client in ("203.0.113.9", "198.51.100.7"))
    other = json_probe("POST", f"/t/{office.slug}/api/referrals", body(office, language="en"), ("Idempotency-Key", "1"))

    assert (mine.status, hers.status) == (201, 201)
    assert mine.json()["receipt"] != hers.json()["receipt"]
    assert send(office.world, probe, client="203.0.113.9").json() == mine.json(), "its sender still has it"
    assert send(office.world, other, client="192.0.2.44").status == 201


def test_who_holds_a_random_key_gets_the_receipt_from_wherever_the_telephone_is_now(office: Office) -> None:
    key = ("Idempotency-Key", "0f9a3c1e-2b77-4c55-9d0e-6a8f1b2c3d4e")
    probe = json_probe("POST", f"/t/{office.slug}/api/referrals", body(office), key)
    first, again = (send(office.world, probe, client=client) for client in ("203.0.113.9", "198.51.100.7"))
    assert (first.status, again.status) == (201, 201)
    assert first.json() == again.json()


@pytest.mark.parametrize("key", ["1", "round 3 post 12", "a" * 40, "2026-11-28 2026-11-28 1"])
def test_which_keys_another_could_guess(key: str) -> None:
    assert not idempotency.is_unguessable(key)
    assert idempotency.is_unguessable(secrets.token_urlsafe(18)), "the one that our own form carries"
    assert idempotency.is_unguessable(str(uuid4()))


def test_a_key_is_free_again_after_a_day(office: Office) -> None:
    first = post(office, "four", body(office)).json()["receipt"]
    office.wait(hours=23.9)
    assert post(office, "four", body(office)).json()["receipt"] == first
    office.wait(hours=0.2)
    second = post(office, "four", body(office)).json()["receipt"]
    assert second != first
    assert office.ask(first) == office.ask(second) == "received"
    office.wait(hours=25)
    office.world.act("north", idempotency.forget_expired)
    assert office.count("idempotency_answers") == 0


def test_a_refused_post_leaves_its_key_free(office: Office) -> None:
    broken = body(office, answers={})
    assert post(office, "five", broken).status_code == 422
    assert post(office, "five", body(office)).status_code == 201


def test_a_key_is_one_regions_own(north_and_south: Any) -> None:
    north, south = Office(north_and_south), Office(north_and_south, "south")
    receipts = {post(each, "six", body(each)).json()["receipt"] for each in (north, south)}
    assert len(receipts) == 2


def test_without_a_key_each_post_is_a_referral(office: Office) -> None:
    before = office.count("referrals")
    assert len({post(office, "", body(office)).json()["receipt"] for _ in range(3)}) == 3
    assert office.count("referrals") == before + 3


def test_neither_key_nor_answer_is_kept_in_the_clear(office: Office) -> None:
    receipt = post(office, "kanarikey", body(office)).json()["receipt"]
    kept = b"".join(
        bytes(each) for row in office.sql("SELECT key_mark, body_mark, answer FROM idempotency_answers") for each in row
    )
    for word in (b"kanarikey", receipt.encode(), receipt.replace("-", "").encode()):
        assert word not in kept


@pytest.mark.parametrize(
    ("answers", "path"), [({}, "agreement.knows"), ({"agreement": {"knows": "maybe"}}, "agreement.knows")]
)
def test_nothing_is_stored_when_anything_is_wrong(office: Office, answers: dict[str, Any], path: str) -> None:
    tables = ("referrals", "referral_marks", "idempotency_answers", "trail_entries", "deliveries")
    before = [office.count(table) for table in tables]
    refused = post(office, "seven", body(office, answers=answers))
    assert refused.status_code == 422
    assert path in [each["path"] for each in refused.json()["errors"]]
    assert [office.count(table) for table in tables] == before
