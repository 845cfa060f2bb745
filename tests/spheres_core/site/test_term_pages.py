"""Renaming a term on its page, through the API and by command: looked at first, warned, spoken at once, taken back."""

from __future__ import annotations

import re

import pytest

from spheres_core.staff.operations import accounts
from spheres_core.testing import World, definition

TERM = "Our partners"
PASSWORD = "un chat dort sous la lune"
PAGE = "/t/north/fr/administration/terms"


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    shared_world.renew(definition("north", "quebec", "montreal"), definition("south", "quebec"))
    her = {"name": "A", "roles": ["administrator"], "password": PASSWORD}
    shared_world.act("north", lambda ctx: accounts.create_account(ctx, "a@exemple.ca", **her))  # type: ignore[arg-type]
    return shared_world


def test_a_new_word_is_looked_at_first_then_spoken_and_can_be_taken_back(world: World) -> None:
    world.post("/t/north/fr/sign-in", data={"email": "a@exemple.ca", "password": PASSWORD})
    page = world.get(PAGE)
    assert page.status_code == 200
    assert "Nos partenaires" in page.text
    one = world.get(f"{PAGE}/term", params={"in": "fr-CA", "key": TERM})
    csrf = re.findall(r'name="_csrf" value="(\w+)"', one.text)[0]
    form = {"_csrf": csrf, "language": "fr-CA", "key": TERM, "text": "Nos alliés"}

    looked = world.post(f"{PAGE}/term", data=form)
    assert looked.status_code == 200
    assert "Voici ce que cela donnerait" in looked.text
    assert "Nos alliés" not in world.get("/t/north/fr/partners").text, "nothing is written by looking"
    same = world.post(f"{PAGE}/term", data={**form, "text": "Administration"})
    assert "Deux choses se liraient pareil" in same.text
    for text in (" ", "Nos {alliés}", "x" * 301):
        assert world.post(f"{PAGE}/term", data={**form, "text": text, "sure": "yes"}).status_code == 422

    assert world.post(f"{PAGE}/term", data={**form, "sure": "yes"}).status_code == 303
    assert "Nos alliés" in world.get("/t/north/fr/partners").text
    assert "Nos alliés" not in world.get("/t/south/fr/partners").text
    back = {"_csrf": csrf, "language": "fr-CA", "key": TERM}
    assert world.post(f"{PAGE}/restore", data=back).status_code == 303
    assert "Nos alliés" not in world.get("/t/north/fr/partners").text
    assert world.post(f"{PAGE}/restore", data=back).status_code == 404
    assert world.get(f"{PAGE}/term", params={"in": "fr-CA", "key": "Nothing"}).status_code == 404
    assert world.get(PAGE, params={"in": "tlh"}).status_code == 404
    world.http.cookies.clear()


def test_the_api_renames_warns_and_restores_for_administrators_only(world: World) -> None:
    base, admin = "/t/north/api/admin/terms", world.bearer("north", "administrator")
    body = {"key": TERM, "language": "en-CA", "text": "Administration", "dry_run": True}
    assert world.post(base, json=body, headers=world.bearer("north", "coordinator")).status_code == 403
    looked = world.post(base, json=body, headers=admin).json()
    assert looked["renamed"] is False
    assert looked["collisions"][0]["key"] == "Administration"
    done = world.post(base, json={**body, "text": "Our allies", "dry_run": False}, headers=admin)
    assert done.json() == {"renamed": True, "collisions": []}
    assert "Our allies" in world.get("/t/north/en/partners").text
    found = world.get(base, params={"language": "en-CA"}, headers=admin).json()["terms"]
    assert [each["said"] for each in found if each["renamed"]] == ["Our allies"]
    wrong = world.post(base, json={**body, "text": "Our {allies}", "dry_run": False}, headers=admin)
    assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (422, "text")
    back = {"key": TERM, "language": "en-CA"}
    assert world.post(f"{base}/restore", json=back, headers=admin).json() == {"restored": True}
    assert world.post(f"{base}/restore", json=back, headers=admin).status_code == 404
