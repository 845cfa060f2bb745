"""What a coordinator is shown, and that the trail says exactly that."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from spheres_core.testing import House, MakeHouse, definition


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return make_house(definition("north", "quebec", "montreal"))


def entries(house: House, verb: str) -> list[Any]:
    async def asking(ctx: Any) -> list[Any]:
        return await ctx.db.sql("SELECT * FROM trail_entries WHERE verb = $1 ORDER BY id", verb)

    return house.act("north", asking)


def test_the_trail_names_the_referrals_that_a_page_showed_and_no_other(house: House) -> None:
    for _ in range(52):
        assert house.refer("north").status_code == 201
    reader = house.bearer("north", "coordinator")

    first = house.get("/t/north/api/referrals", headers=reader).json()
    second = house.get(f"/t/north/api/referrals?cursor={first['next']}", headers=reader).json()

    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 2, None)
    written = [[str(id) for id in entry["shown"]] for entry in entries(house, "referral.listed")]
    assert written == [[item["id"] for item in page["items"]] for page in (first, second)]


def test_an_empty_list_is_an_entry_that_shows_nothing(house: House) -> None:
    reader = house.bearer("north", "coordinator")

    assert house.get("/t/north/api/referrals?state=agreed", headers=reader).json() == {"items": [], "next": None}

    assert [entry["shown"] for entry in entries(house, "referral.listed")] == [[]]


def test_one_referral_shows_its_answers_history_likeness_and_partners_in_one_entry(house: House) -> None:
    house.refer("north")
    house.refer("north")
    reader = house.bearer("north", "coordinator")
    first, second = (item["id"] for item in house.get("/t/north/api/referrals", headers=reader).json()["items"])
    house.post(f"/t/north/api/referrals/{first}/transitions", headers=reader, json={"to": "in_review", "reason": "Vu."})

    read = house.get(f"/t/north/api/referrals/{second}", headers=reader).json()
    moved = house.get(f"/t/north/api/referrals/{first}", headers=reader).json()

    assert read["answers"] == house.example_answers("north")
    assert [other["id"] for other in read["likely_duplicates"]] == [first]
    assert [(move["to_state"], move["reason"]) for move in moved["history"]] == [("in_review", "Vu.")]
    assert all(partner["name"] and partner["reason"] for partner in read["suggested_partners"])
    assert all(isinstance(opinion["reason"], str) for opinion in read["opinions"])
    assert [entry["subject_id"] for entry in entries(house, "referral.read")][-2:] == [UUID(second), UUID(first)]


def test_a_reading_that_finds_nothing_leaves_no_entry_of_a_reading(house: House) -> None:
    reader = house.bearer("north", "coordinator")

    asked = house.get("/t/north/api/referrals/01a1ff91-a56b-7342-9b68-380f037aed03", headers=reader)

    assert asked.status_code == 404
    assert entries(house, "referral.read") == []
    assert len(entries(house, "access.refused")) == 1


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("fr", "À la date de la référence, son âge est entre 12 et 24 ans."),
        ("en", "On the referral date she is between 12 and 24."),
    ],
)
def test_opinions_are_said_in_the_readers_language_in_the_list_and_in_the_referral(
    house: House, language: str, reason: str
) -> None:
    assert house.refer("north").status_code == 201
    reader = {**house.bearer("north", "coordinator"), "Accept-Language": language}

    [line] = house.get("/t/north/api/referrals", headers=reader).json()["items"]
    read = house.get(f"/t/north/api/referrals/{line['id']}", headers=reader).json()

    expected = {"by": "referrals", "outcome": "fits", "code": "age_fits", "reason": reason}
    assert (line["opinions"], read["opinions"]) == ([expected], [expected])
