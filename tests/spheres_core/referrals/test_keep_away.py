"""Whoever opens a referral reads first whether somebody should be kept away from it."""

from __future__ import annotations

from typing import Any

import pytest

from spheres_core.staff.operations import accounts
from spheres_core.testing import World, definition

PASSWORD = "a long sentence for the tests"


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    shared_world.renew(
        definition("far", "quebec", "nunavik", "inuktitut", languages=("fr-CA", "en-CA", "iu-Cans"), illustrative=True),
        definition("city", "quebec", "montreal"),
    )

    async def employ(ctx: Any) -> None:
        await accounts.create_account(ctx, "c@example.org", name="Camille", roles=["coordinator"], password=PASSWORD)

    shared_world.act("far", employ)
    return shared_world


def test_who_should_stay_out_of_it_stands_before_the_needs(world: World) -> None:
    answers = world.example_answers("far")
    answers["nearby"] = {**answers["nearby"], "ties": "yes", "ties_service": "the night nurse"}
    assert world.refer("far", answers).status_code == 201
    token = world.bearer("far", "coordinator")
    line = world.get("/t/far/api/referrals", headers=token).json()["items"][0]
    world.http.cookies.clear()
    world.post("/t/far/en/sign-in", data={"email": "c@example.org", "password": PASSWORD})
    html = world.get(f"/t/far/en/referrals/{line['id']}").text
    world.http.cookies.clear()

    assert html.index("Should somebody be kept away?") < html.index("the night nurse") < html.index('id="needs"')


def test_a_page_in_a_language_without_texts_says_so_in_those_that_have_some(world: World) -> None:
    html = world.get("/t/far/iu/").text

    assert '<span lang="fr-CA" dir="ltr">Cette page n’est pas encore traduite en ᐃᓄᒃᑎᑐᑦ.</span>' in html
    assert '<span lang="en-CA" dir="ltr">This page is not translated into ᐃᓄᒃᑎᑐᑦ yet.</span>' in html
    assert "is not translated into" not in world.get("/t/far/en/").text


def test_a_sentence_that_falls_back_has_its_date_in_its_own_language(world: World) -> None:
    html = world.get("/t/far/iu/partners").text

    assert "Vérifié le 21 novembre 2026" in html or "Verified on November 21, 2026" in html
    assert "ᓄ" not in "".join(part.partition("<")[0] for part in html.split("Vérifié le")[1:])
