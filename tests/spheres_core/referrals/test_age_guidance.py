"""An age outside the region's is never refused by machine: before sending it is said whom to call or who helps."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

import httpx
import pytest

from spheres_core.testing import World, definition

ANSWERS: Final = {
    "agreement.knows": "no",
    "about.age_known": "age",
    "about.age": "16",
    "about.language": "fr",
    "referrer.referrer_name": "Dominique Exemple",
    "referrer.referrer_email": "dominique@example.org",
    "referrer.not_a_report": "yes",
}


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    return shared_world.renew(
        definition("city", "quebec", "montreal"),
        definition("older", "quebec", "montreal", settings={"referrals": {"minimum_age": 14, "maximum_age": 30}}),
    )


def send(world: World, region: str = "city", **changed: str) -> httpx.Response:
    pairs = {**ANSWERS, **{name.replace("__", "."): value for name, value in changed.items()}}
    return world.post(
        f"/t/{region}/en/refer",
        content=urlencode({name: value for name, value in pairs.items() if value}),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )


def count(world: World, region: str = "city") -> int:
    token = world.bearer(region, "coordinator")
    return len(world.get(f"/t/{region}/api/referrals", headers=token).json()["items"])


@pytest.mark.parametrize(
    "age", [{"about__age": "11"}, {"about__age_known": "age_band", "about__age_band": "under_12", "about__age": ""}]
)
def test_under_the_regions_ages_it_is_said_whom_to_call_before_anything_is_sent(
    world: World, age: dict[str, str]
) -> None:
    before = count(world)
    answered = send(world, **age)
    guidance = answered.text.partition('id="guidance"')[2].partition("</section>")[0]

    assert answered.status_code == 200
    assert "Under 12: do not wait for our answer" in guidance
    assert 'href="tel:911"' in guidance
    assert 'value="Dominique Exemple"' in answered.text
    assert count(world) == before


def test_over_the_regions_ages_it_is_said_which_services_help(world: World) -> None:
    answered = send(world, about__age="25")
    guidance = answered.text.partition('id="guidance"')[2].partition("</section>")[0]

    assert answered.status_code == 200
    assert "Over 24: other services can help" in guidance
    assert 'href="/t/city/en/partners/find"' in guidance


@pytest.mark.parametrize(("age", "title"), [("11", "Under 12: do not wait"), ("25", "Over 24: other services")])
def test_it_is_received_all_the_same_and_the_guidance_stays(world: World, age: str, title: str) -> None:
    before = count(world)
    answered = send(world, about__age=age, _seen="yes")

    assert answered.status_code == 201
    assert title in answered.text
    assert count(world) == before + 1


@pytest.mark.parametrize(("age", "code"), [("11", "age_below"), ("12", None), ("24", None), ("25", "age_above")])
def test_other_systems_are_told_too(world: World, age: str, code: str | None) -> None:
    answers: dict[str, Any] = world.example_answers("city")
    answers["about"] = {**answers["about"], "age_known": "age", "age": int(age)}
    answered = world.refer("city", answers).json()

    assert (answered["guidance"] or {"code": None})["code"] == code
    assert answered["receipt"]


@pytest.mark.parametrize(("age", "status"), [("13", 200), ("14", 201), ("30", 201), ("31", 200)])
def test_the_ages_are_the_regions_own(world: World, age: str, status: int) -> None:
    assert send(world, "older", about__age=age).status_code == status


def test_an_age_that_is_not_known_is_received_without_guidance(world: World) -> None:
    answered = send(world, about__age_known="age_band", about__age_band="unknown", about__age="")

    assert answered.status_code == 201
    assert 'id="guidance"' not in answered.text


@pytest.mark.parametrize("path", ["refer", "contact"])
def test_whom_to_call_in_danger_stands_beside_the_button(world: World, path: str) -> None:
    html = world.get(f"/t/city/en/{path}").text
    beside = html.partition('class="before-sending"')[2].partition('class="buttons"')[0]

    assert "in danger right now, do not wait for our answer" in beside
    assert 'href="tel:911"' in beside


@pytest.mark.parametrize(
    ("email", "phone", "status"),
    [("a@example.org", "", 201), ("", "514 555-0123", 201), ("a@example.org", "514 555-0123", 201), ("", "", 422)],
)
def test_an_e_mail_address_or_a_telephone_of_the_referrer_is_enough(
    world: World, email: str, phone: str, status: int
) -> None:
    answered = send(world, referrer__referrer_email=email, referrer__referrer_phone=phone)

    assert answered.status_code == status
