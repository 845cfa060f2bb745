"""What a coordinator is shown, and that the trail says exactly that."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from spheres_core.testing import World, definition


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world.renew(definition("north", "quebec", "montreal"))


def entries(world: World, verb: str) -> list[Any]:
    async def asking(ctx: Any) -> list[Any]:
        return await ctx.db.sql("SELECT * FROM trail_entries WHERE verb = $1 ORDER BY id", verb)

    return world.act("north", asking)


def test_the_trail_names_the_referrals_that_a_page_showed_and_no_other(world: World) -> None:
    for _ in range(52):
        assert world.refer("north").status_code == 201
    reader = world.bearer("north", "coordinator")

    first = world.get("/t/north/api/referrals", headers=reader).json()
    second = world.get(f"/t/north/api/referrals?cursor={first['next']}", headers=reader).json()

    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 2, None)
    written = [[str(id) for id in entry["shown"]] for entry in entries(world, "referral.listed")]
    assert written == [[item["id"] for item in page["items"]] for page in (first, second)]


def test_an_empty_list_is_an_entry_that_shows_nothing(world: World) -> None:
    reader = world.bearer("north", "coordinator")

    assert world.get("/t/north/api/referrals?state=agreed", headers=reader).json() == {"items": [], "next": None}

    assert [entry["shown"] for entry in entries(world, "referral.listed")] == [[]]


def test_one_referral_shows_its_answers_history_likeness_and_partners_in_one_entry(world: World) -> None:
    world.refer("north")
    world.refer("north")
    reader = world.bearer("north", "coordinator")
    first, second = (item["id"] for item in world.get("/t/north/api/referrals", headers=reader).json()["items"])
    world.post(f"/t/north/api/referrals/{first}/transitions", headers=reader, json={"to": "in_review", "reason": "Vu."})

    read = world.get(f"/t/north/api/referrals/{second}", headers=reader).json()
    moved = world.get(f"/t/north/api/referrals/{first}", headers=reader).json()

    assert read["answers"] == world.example_answers("north")
    assert [other["id"] for other in read["likely_duplicates"]] == [first]
    assert [(move["to_state"], move["reason"]) for move in moved["history"]] == [("in_review", "Vu.")]
    assert all(partner["name"] and partner["reason"] for partner in read["suggested_partners"])
    assert all(isinstance(opinion["reason"], str) for opinion in read["opinions"])
    assert [entry["subject_id"] for entry in entries(world, "referral.read")][-2:] == [UUID(second), UUID(first)]


def test_a_reading_that_finds_nothing_leaves_no_entry_of_a_reading(world: World) -> None:
    reader = world.bearer("north", "coordinator")

    asked = world.get("/t/north/api/referrals/01a1ff91-a56b-7342-9b68-380f037aed03", headers=reader)

    assert asked.status_code == 404
    assert entries(world, "referral.read") == []
    assert len(entries(world, "access.refused")) == 1


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("fr", "À la date de la référence, son âge est entre 12 et 24 ans."),
        ("en", "On the referral date she is between 12 and 24."),
    ],
)
def test_opinions_are_said_in_the_readers_language_in_the_list_and_in_the_referral(
    world: World, language: str, reason: str
) -> None:
    assert world.refer("north").status_code == 201
    reader = {**world.bearer("north", "coordinator"), "Accept-Language": language}

    [line] = world.get("/t/north/api/referrals", headers=reader).json()["items"]
    read = world.get(f"/t/north/api/referrals/{line['id']}", headers=reader).json()

    expected = {"by": "referrals", "outcome": "fits", "code": "age_fits", "reason": reason}
    assert (line["opinions"], read["opinions"]) == ([expected], [expected])
