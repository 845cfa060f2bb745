"""People write, check, end and remove entries of the directory: staff each one, a liaison those of her organization."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from spheres_core.foundation.plugins.discovery import discover
from spheres_core.staff.operations import accounts, sign_in
from spheres_core.testing import MakeWorld, World, definition
from tests.spheres_core.partners.test_edit_entry import PACK, write

PASSWORD: Final = "a slow train along the river"
HOURS: Final = "lundi à vendredi, 8 h 30 à 16 h 30"
KEPT_HOURS: Final = {"rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "from": "08:30", "to": "16:30"}
PARTNER: Final = {
    "organization.name.fr": "Maison Lætitia", "organization.name.en": "", "organization.short_name": "",
    "organization.kind": "community", "role": "shelter", "way.phone": "514 555-0101", "way.email": "",
    "way.website": "", "services.0.name.fr": "Accueil", "services.0.name.en": "",
    "services.0.about.fr": "Une porte ouverte", "services.0.about.en": "", "services.0.for": "participants",
    "services.0.hours": HOURS, "services.0.areas.": "", "services.0.areas.here": "yes",
    "services.0.province_wide": "no", "services.0.languages": "français, en", "services.0.ages.least": "12",
    "services.0.ages.most": "24",
}  # fmt: skip


class Person:
    """Somebody who is signed in, with a browser without JavaScript."""

    def __init__(self, world: World, role: str, *, organization: str | None = None) -> None:
        self.email = email = f"{role}-{uuid4().hex}@example.org"

        async def signing_in(ctx: Any) -> str:
            await accounts.create_account(
                ctx, email, name="Camille", roles=[role], password=PASSWORD, organization=organization
            )
            return await sign_in.sign_in(ctx, email, PASSWORD)

        self.world = world
        self.headers = {"cookie": f"spheres_east={world.act('east', signing_in)}"}

    def get(self, path: str) -> httpx.Response:
        return self.world.get(f"/t/east/fr/{path}", headers=self.headers)

    def read(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text)

    def post(self, path: str, **sent: str) -> httpx.Response:
        return self.world.post(f"/t/east/fr/{path}", headers=self.headers, data={"_csrf": self.csrf(), **sent})

    def switch_off(self, plugin: str, remove_entries: str) -> httpx.Response:
        headers = {**self.headers, "x-csrf-token": self.csrf()}
        where = f"/t/east/api/admin/plugins/{plugin}/off?remove_entries={remove_entries}"
        return self.world.post(where, headers=headers)

    def csrf(self) -> str:
        secret = re.search(r'name="_csrf" value="([^"]+)"', self.get("account").text)
        assert secret is not None
        return secret[1]

    def entries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api("/directory/entries").json()["entries"]
        return found

    def api(self, path: str) -> httpx.Response:
        return self.world.get(f"/t/east/api{path}", headers=self.headers)

    def content(self, kind: str, key: str) -> dict[str, Any]:
        found = self.find(kind, key)
        return dict(self.api(f"/directory/entries/{kind}/{found['id']}").json()["content"])

    def find(self, kind: str, key: str) -> dict[str, Any]:
        return next(each for each in self.entries() if (each["kind"], each["key"]) == (kind, key))

    def page(self, kind: str, key: str) -> str:
        return f"directory/{kind}/{self.find(kind, key)['id']}"


Come = Callable[..., Person]


@pytest.fixture
def world(make_world: MakeWorld, tmp_path: Path) -> World:
    write(tmp_path, "1.0")
    return make_world(definition("east", PACK), definition("west", PACK), on=discover([tmp_path]))


@pytest.fixture
def come(world: World) -> Come:
    return lambda role, organization=None: Person(world, role, organization=organization)


def partners(world: World) -> dict[str, Any]:
    return {each["key"]: each for each in world.get("/t/east/api/partners").json()["partners"]}


def test_a_partner_with_hours_in_words_is_found_by_everybody(world: World, come: Come) -> None:
    someone = come("coordinator")

    answer = someone.post("directory/partners/new", **PARTNER)

    assert answer.status_code == 303, html.unescape(answer.text)
    made = partners(world)["maison_laetitia"]
    service = made["services"][0]
    assert {name: service["hours"][0][name] for name in KEPT_HOURS} == KEPT_HOURS
    assert (service["ages"], service["languages"], service["areas"]) == ([12, 24], ["fr", "en"], ["here"])
    assert [each["value"] for each in made["contacts"]] == ["514 555-0101"]
    page = someone.read(someone.page("services", service["key"]))
    assert HOURS in page.replace("\xa0", " ")
    assert "FREQ" not in page
    assert "écrite par cette région" in page.lower()


def test_what_is_missing_stands_at_its_question_and_nothing_typed_is_lost(world: World, come: Come) -> None:
    wrong = {
        "organization.name.fr": " ", "role": "", "way.phone": "cinq", "services.0.hours": "9-5",
        "services.0.about.fr": "Une porte <ouverte>", "services.0.areas.here": "",
    }  # fmt: skip
    sent = {name: text for name, text in (PARTNER | wrong).items() if name != "services.0.areas.here"}
    someone = come("coordinator")

    answer = someone.post("directory/partners/new", **sent)

    assert answer.status_code == 422
    page = answer.text
    for place in ("new-organization-name", "role", "way-phone", "new-services-0-hours", "new-services-0-areas"):
        assert f'id="{place}-wrong"' in page, place
    for text in ("9-5", "cinq", "Une porte &lt;ouverte&gt;", "Accueil", "français, en"):
        assert text in page
    assert "9:00-17:00" in page, "what may be meant"
    assert "maison_laetitia" not in partners(world)


def test_what_was_written_by_hand_is_changed_without_a_reason_and_survives_a_newer_pack(
    world: World, come: Come, tmp_path: Path
) -> None:
    someone = come("coordinator")
    someone.post("directory/partners/new", **PARTNER)
    where = someone.page("organizations", "maison_laetitia")

    assert someone.post(where, short_name="ML").status_code == 303
    write(tmp_path, "2.0", name="Autre")
    world.restart(discover([tmp_path]))

    assert someone.content("organizations", "maison_laetitia")["short_name"] == "ML"
    assert someone.find("organizations", "maison_laetitia")["local"] == []
    assert "maison_laetitia" in partners(world)
    assert someone.post(someone.page("organizations", "shelter"), short_name="X").status_code == 422, "a reason"


def test_one_click_says_that_it_was_checked_today_and_a_newer_pack_does_not_ask(
    world: World, come: Come, tmp_path: Path
) -> None:
    someone = come("coordinator")
    world.forward(days=400)
    someone = come("coordinator")

    assert someone.post(f"{someone.page('organizations', 'shelter')}/verify").status_code == 303

    today = someone.content("services", "beds")["verified_on"]
    assert today > "2027-12-01"
    write(tmp_path, "2.0", name="Autre")
    world.restart(discover([tmp_path]))
    assert someone.content("services", "beds")["verified_on"] == today
    assert someone.find("services", "beds")["conflicts"] == []


def test_nobody_says_that_something_was_checked_on_a_day_to_come(come: Come) -> None:
    someone = come("coordinator")
    beds = someone.page("services", "beds")
    told = someone.content("services", "beds")["verified_on"]

    refused = someone.post(beds, verified_on="2101-01-01", why="Un appel")

    assert refused.status_code == 422
    assert "Ce jour n’est pas encore venu" in html.unescape(refused.text)
    assert someone.content("services", "beds")["verified_on"] == told


def test_what_ends_stays_in_the_past_and_what_is_removed_can_be_put_back(world: World, come: Come) -> None:
    someone = come("coordinator")
    someone.post("directory/partners/new", **PARTNER)
    where = someone.page("organizations", "maison_laetitia")

    assert someone.post(f"{where}/end", on="bientôt", _act="ending").status_code == 422
    assert someone.post(f"{where}/end", on="2101-01-01").status_code == 303
    assert "maison_laetitia" in partners(world)
    assert "maison_laetitia" not in {
        each["key"] for each in world.get("/t/east/api/partners?on=2101-01-02").json()["partners"]
    }
    assert someone.post(f"{where}/remove").status_code == 303
    assert "maison_laetitia" not in partners(world)
    assert "Maison Lætitia" in someone.read("directory"), "among the removed"
    assert "Lætitia" not in world.get("/t/east/api/hsds/organizations").text
    assert someone.post(where, short_name="ML").status_code == 409
    assert someone.post(f"{where}/put-back").status_code == 303
    assert len(partners(world)["maison_laetitia"]["services"]) == 1


def test_the_last_one_to_call_in_an_area_is_not_removed(world: World, come: Come) -> None:
    someone = come("coordinator")

    answer = someone.post(f"{someone.page('emergency_contacts', 'call')}/remove")

    assert answer.status_code == 409
    assert [each["key"] for each in world.get("/t/east/api/emergency-contacts").json()["emergency_contacts"]]


def test_a_liaison_keeps_her_own_organization_and_knows_of_no_other(world: World, come: Come) -> None:
    staff = come("coordinator")
    staff.post("directory/partners/new", **PARTNER)
    hers = come("liaison", organization="maison_laetitia")

    assert {each["key"] for each in hers.entries()} == {
        "maison_laetitia", "maison_laetitia_accueil", *(e["key"] for e in staff.entries()
                                                       if e["kind"] == "contact_points" and "laetitia" in e["key"]),
    }  # fmt: skip
    own = hers.page("organizations", "maison_laetitia")
    assert hers.post(f"{own}/verify").status_code == 303
    assert hers.post(hers.page("services", "maison_laetitia_accueil"), hours="jour et nuit").status_code == 303
    added = {"label.fr": "Texto", "kind": "text", "value": "514 555-0102"}
    assert hers.post(f"{own}/add/contact_points", **added).status_code == 303
    assert [each["round_the_clock"] for each in partners(world)["maison_laetitia"]["services"]] == [True]
    assert hers.get("directory/partners/new").status_code == 403
    assert hers.post(f"{own}/remove").status_code == 403
    assert hers.post(f"{own}/put-back").status_code == 403


def test_another_organizations_entry_is_not_told_from_one_that_is_not_there(world: World, come: Come) -> None:
    staff = come("coordinator")
    keys = {"organizations": "shelter", "services": "beds", "emergency_contacts": "call", "service_areas": "here",
            "partnerships": "shelter.shelter"}  # fmt: skip
    sent = {"short_name": "X", "on": "2101-01-01", "why": "Y", "label.fr": "Z", "kind": "phone", "value": "911"}
    before = staff.entries()

    for liaison in (come("liaison", organization="elsewhere"), come("liaison")):
        for kind, key in keys.items():
            real, absent = staff.page(kind, key), f"directory/{kind}/{uuid4()}"
            for act in ("", "/verify", "/end", "/remove", "/add/services", "/add/contact_points"):
                there, not_there = (liaison.post(f"{path}{act}", **sent) for path in (real, absent))
                assert (there.status_code, there.text) == (404, not_there.text)
            assert liaison.get(real).text == liaison.get(absent).text
            assert staff.get(real).status_code == 200, "the control: it is there"
    assert staff.entries() == before


def test_each_role_is_offered_and_a_liaison_gets_her_organization(world: World, come: Come) -> None:
    manager = come("administrator")

    page = manager.read("administration/staff/invite")

    assert 'value="liaison"' in page
    assert 'value="evaluator"' in page
    assert 'value="shelter"' in page, "the organization"
    sent = {"name": "Sam", "email": "sam@example.org", "roles": "liaison", "language": "fr-CA"}
    assert manager.post("administration/staff/invite", **sent, organization="nowhere").status_code == 422
    assert manager.post("administration/staff/invite", **sent, organization="shelter").status_code == 201
    assert [tuple(row) for row in world.sql("SELECT organization FROM staff_invitations")] == [("shelter",)]


def test_everybody_begins_on_a_page_that_is_there(world: World, come: Come) -> None:
    for role, first in (
        ("coordinator", "staff/coordination"),
        ("liaison", "staff/requests"),
        ("evaluator", "staff/evaluation"),
    ):
        someone = come(role)
        answer = world.post("/t/east/fr/sign-in", data={"email": someone.email, "password": PASSWORD})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/t/east/fr/{first}", "this region has no referral form"
        assert someone.get(first).status_code == 200


def test_switching_a_plugin_off_offers_to_remove_its_entries_and_says_what_stays(world: World, come: Come) -> None:
    manager, own = come("administrator"), come("coordinator")
    own.post(f"{own.page('organizations', 'shelter')}/add/contact_points", **{
        "label.fr": "Accueil", "kind": "phone", "value": "514 555-0103"})  # fmt: skip

    page = manager.read(f"administration/plugins/{PACK}")

    assert 'name="remove_entries"' in page
    stays = page[page.index('id="entries"') :]
    assert "Le Havre" in stays, "what was written here belongs to it"
    assert "911" in stays, "the last one to call"
    assert manager.post(f"administration/plugins/{PACK}/off", remove_entries="yes").status_code == 303
    left = {each["key"]: each["removed_on"] is None for each in manager.entries()}
    assert left["shelter"] and left["call"] and not left["beds"]
    assert partners(world)["shelter"]["services"] == []


def test_a_program_may_remove_a_plugins_entries_too(world: World, come: Come) -> None:
    manager = come("administrator")

    misspelt = manager.switch_off(PACK, "perhaps")
    answer = manager.switch_off(PACK, "true")

    assert misspelt.status_code == 400
    assert answer.json() == {"plugin": PACK, "state": "off", "changed": True}
    left = {each["key"]: each["removed_on"] is None for each in manager.entries()}
    assert left["call"] and not left["beds"]
