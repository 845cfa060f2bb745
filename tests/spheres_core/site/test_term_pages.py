"""Renaming a term on its page, through the API and by command: looked at first, warned, spoken at once, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from spheres_core.foundation.plugins.plugin_set import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.staff.operations import accounts as staff
from spheres_core.testing import House, definition, house_maker

TERM = "Our partners"
PASSWORD = "un chat dort sous la lune"
PAGE = "/t/north/fr/administration/terms"


@pytest.fixture(scope="module")
def house(cluster: Cluster, machine: Machine, migrated: str) -> Iterator[House]:
    makers = house_maker(cluster, machine, migrated)
    made = next(makers)(definition("north", "quebec", "montreal"), definition("south", "quebec"))
    her = {"name": "A", "roles": ["administrator"], "password": PASSWORD}
    made.act("north", lambda ctx: staff.create_staff(ctx, "a@exemple.ca", **her))  # type: ignore[arg-type]
    yield made
    next(makers, None)


def test_a_new_word_is_looked_at_first_then_spoken_and_can_be_taken_back(house: House) -> None:
    house.post("/t/north/fr/sign-in", data={"email": "a@exemple.ca", "password": PASSWORD})
    page = house.get(PAGE)
    assert page.status_code == 200
    assert "Nos partenaires" in page.text
    one = house.get(f"{PAGE}/term", params={"in": "fr-CA", "key": TERM})
    csrf = re.findall(r'name="_csrf" value="(\w+)"', one.text)[0]
    form = {"_csrf": csrf, "language": "fr-CA", "key": TERM, "text": "Nos alliés"}

    looked = house.post(f"{PAGE}/term", data=form)
    assert looked.status_code == 200
    assert "Voici ce que cela donnerait" in looked.text
    assert "Nos alliés" not in house.get("/t/north/fr/partners").text, "nothing is written by looking"
    same = house.post(f"{PAGE}/term", data={**form, "text": "Administration"})
    assert "Deux choses se liraient pareil" in same.text
    for text in (" ", "Nos {alliés}", "x" * 301):
        assert house.post(f"{PAGE}/term", data={**form, "text": text, "sure": "yes"}).status_code == 422

    assert house.post(f"{PAGE}/term", data={**form, "sure": "yes"}).status_code == 303
    assert "Nos alliés" in house.get("/t/north/fr/partners").text
    assert "Nos alliés" not in house.get("/t/south/fr/partners").text
    back = {"_csrf": csrf, "language": "fr-CA", "key": TERM}
    assert house.post(f"{PAGE}/restore", data=back).status_code == 303
    assert "Nos alliés" not in house.get("/t/north/fr/partners").text
    assert house.post(f"{PAGE}/restore", data=back).status_code == 404
    assert house.get(f"{PAGE}/term", params={"in": "fr-CA", "key": "Nothing"}).status_code == 404
    assert house.get(PAGE, params={"in": "tlh"}).status_code == 404
    house.http.cookies.clear()


def test_the_api_renames_warns_and_restores_for_administrators_only(house: House) -> None:
    base, admin = "/t/north/api/admin/terms", house.bearer("north", "administrator")
    body = {"key": TERM, "language": "en-CA", "text": "Administration", "dry_run": True}
    assert house.post(base, json=body, headers=house.bearer("north", "coordinator")).status_code == 403
    looked = house.post(base, json=body, headers=admin).json()
    assert looked["renamed"] is False
    assert looked["collisions"][0]["key"] == "Administration"
    done = house.post(base, json={**body, "text": "Our allies", "dry_run": False}, headers=admin)
    assert done.json() == {"renamed": True, "collisions": []}
    assert "Our allies" in house.get("/t/north/en/partners").text
    found = house.get(base, params={"language": "en-CA"}, headers=admin).json()["terms"]
    assert [each["said"] for each in found if each["renamed"]] == ["Our allies"]
    wrong = house.post(base, json={**body, "text": "Our {allies}", "dry_run": False}, headers=admin)
    assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (422, "text")
    back = {"key": TERM, "language": "en-CA"}
    assert house.post(f"{base}/restore", json=back, headers=admin).json() == {"restored": True}
    assert house.post(f"{base}/restore", json=back, headers=admin).status_code == 404
