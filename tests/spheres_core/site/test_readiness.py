"""Ready to open: facts from the region's data, notes with a reason, and where it differs."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from spheres_core.partners.operations import edit_entry
from spheres_core.partners.views import local_changes
from spheres_core.staff.operations import accounts, sign_in
from spheres_core.testing import World, definition

RULES = {"not_proposed": [{"organization": "nobody_here", "areas": ["outaouais", "nowhere"]}]}
PASSWORD = "a slow train along the river"


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    return shared_world.renew(
        definition("montreal", "quebec", "montreal"),
        definition("outaouais", "quebec", "outaouais", settings={"referrals": {"minimum_age": 14}}),
        definition("mistyped", "quebec", "outaouais", settings={"partners": RULES}),
        definition("bare"),
    )


def ready(world: World, slug: str, language: str = "en") -> dict[str, Any]:
    headers = {**world.bearer(slug, "administrator"), "accept-language": language}
    answer = world.get(f"/t/{slug}/api/admin/readiness", headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def element(found: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for each in found["elements"] if each["key"] == key)


def fact(found: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for each in found["facts"] if each["key"] == key)


def test_a_rule_about_an_organization_that_is_not_there_is_told(world: World) -> None:
    told = [line for line in fact(ready(world, "mistyped"), "plugins")["lines"] if "conflicts of interest" in line]

    assert [next(key for key in ("nobody_here", "nowhere", "outaouais") if f" {key}," in line) for line in told] == [
        "nobody_here", "nowhere",
    ]  # fmt: skip
    assert "conflicts of interest" not in str(fact(ready(world, "montreal"), "plugins"))


def test_montreal_covers_every_element_with_its_partners(world: World) -> None:
    found = ready(world, "montreal")

    assert {each["key"]: each["state"] for each in found["elements"]} == dict.fromkeys(
        ["referral", "shelter", "psychotherapy", "police_liaison", "sexual_health", "prevention",
         "youth_protection_liaison", "activities", "clinical_committee"], "covered",
    )  # fmt: skip
    assert "Marie-Vincent" in str(element(found, "psychotherapy")["records"])
    assert "En Marge 12-17" in str(element(found, "shelter")["records"])


def test_an_example_region_lacks_what_nobody_does_there_and_says_what_is_near(world: World) -> None:
    found = ready(world, "outaouais")

    states = {each["key"]: each["state"] for each in found["elements"]}
    assert (states["shelter"], states["psychotherapy"], states["referral"]) == ("lacks", "lacks", "covered")
    assert states["police_liaison"] == "partly"
    assert "who makes the link is not said" in element(found, "police_liaison")["remark"]
    assert fact(found, "coordination")["holds"] is False
    assert "not decided" in " ".join(fact(found, "coordination")["lines"])


def test_a_region_without_anything_is_told_so_and_nothing_fails(world: World) -> None:
    found = ready(world, "bare")

    assert {each["state"] for each in found["elements"]} == {"lacks"}
    assert fact(found, "forms")["holds"] is False
    assert fact(found, "emergencies")["holds"] is False


def test_a_note_says_how_and_why_and_never_hides_what_is_missing(world: World) -> None:
    headers = world.bearer("outaouais", "administrator")
    where = "/t/outaouais/api/admin/readiness/shelter"
    assert world.post(where, json={"how": "Rooms at the hospital"}, headers=headers).status_code == 422
    assert world.post(f"{where}s", json={"how": "x", "why": "y"}, headers=headers).status_code == 404
    body = {"how": "Rooms at the hospital", "why": "There is no youth shelter within 100 km"}
    assert world.post(where, json=body, headers=headers).status_code == 200

    noted = element(ready(world, "outaouais"), "shelter")

    assert (noted["state"], noted["records"], noted["note"]["why"]) == ("otherwise", [], body["why"])
    assert element(ready(world, "bare"), "shelter")["note"] is None
    assert world.post(where, json={}, headers=headers).status_code == 200
    assert element(ready(world, "outaouais"), "shelter")["state"] == "lacks"


def test_two_coordinators_who_can_sign_in_are_a_fact(world: World) -> None:
    assert fact(ready(world, "montreal"), "coordinators")["holds"] is False
    for name in ("a", "b"):
        world.act("montreal", lambda ctx, name=name: accounts.create_account(
            ctx, f"{name}@example.org", name=name.title(), roles=["coordinator"], password=PASSWORD))  # fmt: skip
    assert fact(ready(world, "montreal"), "coordinators")["holds"] is True


def test_the_facts_name_who_is_reached_where_and_what_is_to_be_confirmed(world: World) -> None:
    found = ready(world, "montreal")

    assert fact(found, "emergencies")["holds"] is True
    assert fact(found, "youth_protection")["holds"] is True
    assert fact(found, "forms")["holds"] is True
    assert fact(found, "contacts")["holds"] is False, "the program's number is to be confirmed"
    assert fact(found, "agreements")["holds"] is None, "they are not kept here"


def test_it_shows_what_is_renamed_set_otherwise_added_and_changed_with_the_reason(world: World) -> None:
    async def rename(ctx: Any) -> None:
        each = next(one for one in await local_changes.entries(ctx) if one.kind == "organizations")
        said = {"short_name": "Ours"}
        await edit_entry.change_entry(ctx, "organizations", each.id, said, why="They say so themselves")

    world.act("outaouais", rename)

    differs = ready(world, "outaouais")["divergence"]

    assert differs["renamed"]
    (otherwise,) = differs["set_otherwise"]
    assert [otherwise[name] for name in ("owner", "name", "usual", "here")] == ["referrals", "minimum_age", 12, 14]
    assert any("Outaouais" in each["title"] for each in differs["added"])
    assert "They say so themselves" in str(differs["changed"])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_says_the_same_and_keeps_a_note(world: World, language: str) -> None:
    async def signing_in(ctx: Any) -> str:
        email = f"{language}@example.org"
        await accounts.create_account(ctx, email, name="Camille", roles=["administrator"], password=PASSWORD)
        return await sign_in.sign_in(ctx, email, PASSWORD)

    me = {"cookie": f"spheres_outaouais={world.act('outaouais', signing_in)}"}
    where = f"/t/outaouais/{language}/administration/readiness"
    page = html.unescape(world.get(where, headers=me).text)
    for each in ready(world, "outaouais")["elements"]:
        assert language == "fr" or each["title"] in page
        assert language == "fr" or each["state_text"] in page
    secret = re.search(r'name="_csrf" value="([^"]+)"', page)
    assert secret is not None

    sent = {"_csrf": secret[1], "how": "Par la ville voisine", "why": ""}
    refused = world.post(f"{where}/prevention", headers=me, data=sent)
    assert refused.status_code == 422
    assert "Par la ville voisine" in refused.text
    assert world.post(f"{where}/prevention", headers=me, data=sent | {"why": "Entente"}).status_code == 303
    assert "Par la ville voisine" in world.get(where, headers=me).text


def test_only_an_administrator_sees_it(world: World) -> None:
    for role, wanted in (("coordinator", 403), ("administrator", 200)):
        assert world.get("/t/bare/api/admin/readiness", headers=world.bearer("bare", role)).status_code == wanted
    assert world.get("/t/bare/api/admin/readiness").status_code == 401
