"""A young person asks for herself to be reached: four questions, no e-mail needed, the same inbox, her own code."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import pytest

from spheres_core.testing import World, definition

ANSWERS: Final = [("how", "text_message"), ("phone", "514 555-0123"), ("when", "après 16 h"), ("language", "fr")]


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    return shared_world.renew(
        definition("city", "quebec", "montreal"),
        definition("far", "quebec", "nunavik", illustrative=True),
        definition("bare", "quebec"),
    )


def send(world: World, pairs: list[tuple[str, str]], path: str = "/t/city/en/contact") -> httpx.Response:
    return world.post(path, content=urlencode(pairs), headers={"content-type": "application/x-www-form-urlencoded"})


def code_of(answered: httpx.Response) -> str:
    shown = re.search(r'class="receipt-code">(.*?)</p>', answered.text)
    assert shown is not None, answered.text
    return "-".join(re.findall(r"<span>(\w+)</span>", shown[1]))


def newest(world: World) -> dict[str, Any]:
    token = world.bearer("city", "coordinator")
    line = world.get("/t/city/api/referrals?state=all", headers=token).json()["items"][0]
    return dict(world.get(f"/t/city/api/referrals/{line['id']}", headers=token).json())


def test_a_way_a_time_and_a_language_are_enough(world: World) -> None:
    """No name, no e-mail address, no age, no story."""
    answered = send(world, ANSWERS)

    assert answered.status_code == 201
    assert "Your request has been received" in answered.text
    assert newest(world)["form"] == "self_referral"


def test_it_arrives_as_somebody_who_knows_and_agrees_to_be_reached(world: World) -> None:
    send(world, ANSWERS)
    found = newest(world)

    assert (found["knows"], found["agrees_to_contact"]) == ("yes", "yes")
    assert found["answers"] == {
        "how": "text_message", "phone": "514 555-0123", "when": "après 16 h", "language": "fr"
    }  # fmt: skip
    assert [(each["code"], each["outcome"]) for each in found["opinions"]] == [("age_unknown", "a_person_decides")]


@pytest.mark.parametrize("left_out", ["how", "phone", "when", "language"])
def test_nobody_is_reached_without_knowing_how_and_when_it_is_safe(world: World, left_out: str) -> None:
    answered = send(world, [pair for pair in ANSWERS if pair[0] != left_out])

    assert answered.status_code == 422
    assert f'href="#q-{left_out}"' in answered.text


def test_her_code_speaks_to_her_and_lets_her_take_it_back(world: World) -> None:
    code = code_of(send(world, ANSWERS))
    asked = send(world, [("receipt", code)], "/t/city/en/receipt")
    withdrawn = send(world, [("receipt", code), ("confirm", "yes")], "/t/city/en/receipt/withdraw")

    assert "Your request has arrived" in asked.text
    assert "Withdraw this referral" not in asked.text
    assert "your request is taken back" in withdrawn.text
    assert newest(world)["state"] == "withdrawn"


def test_a_referrers_code_speaks_of_a_referral(world: World) -> None:
    code = world.refer("city").json()["receipt"]

    assert "Your request has arrived" not in send(world, [("receipt", code)], "/t/city/en/receipt").text
    assert world.post("/t/city/api/receipts", json={"receipt": code}).json() == {"state": "received"}


def test_the_form_speaks_to_her_in_both_languages(world: World) -> None:
    french, english = (world.get(f"/t/city/{tag}/contact").text for tag in ("fr", "en"))

    assert "Comment veux-tu qu’on t’appelle?" in french
    assert "C’est pour toi, et c’est toi qui décides." in french
    assert "What is the safest way to reach you?" in english


@pytest.mark.parametrize("path", ["", "youth"])
def test_the_first_page_and_the_page_for_youth_offer_it(world: World, path: str) -> None:
    assert 'href="/t/city/en/contact">Write to the team</a>' in world.get(f"/t/city/en/{path}").text


def test_where_nobody_answers_the_form_says_so(world: World) -> None:
    assert "nobody here answers what is sent" in world.get("/t/far/en/contact").text
    assert "nobody here answers what is sent" in world.get("/t/far/en/refer").text
    assert "nobody here answers what is sent" not in world.get("/t/city/en/contact").text


def test_a_region_without_forms_and_pages_shows_no_link_to_them(world: World) -> None:
    leads = set(re.findall(r'href="/t/bare/en(/[^"]*)"', world.get("/t/bare/en/").text))

    assert "/partners" in leads
    assert {path: world.get(f"/t/bare/en{path}").status_code for path in leads} == dict.fromkeys(leads, 200)
    assert world.get("/t/bare/en/contact").status_code == 404
