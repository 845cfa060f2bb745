"""What a visitor is promised: a way to reach someone with the day it was verified, the region's own words, no trace."""

import re
from pathlib import Path

import pytest

from spheres_core.foundation.plugins.discovery import discover
from spheres_core.staff.operations import accounts
from spheres_core.testing import World, definition

PASSWORD = "a long sentence for the tests"


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    return shared_world.renew(
        definition("city", "quebec", "montreal"),
        definition("valley", "quebec", "outaouais", "regional_intake", illustrative=True),
        definition(
            "own",
            "quebec",
            "montreal",
            settings={"site": {"neutral_title": {}, "leave_to": {"fr": "https://a.example/"}}},
        ),
        definition("bare"),
    )


def page(world: World, path: str) -> str:
    answered = world.get(path)
    assert answered.status_code == 200, answered.text
    return answered.text


def test_the_first_page_begins_with_a_verified_way_to_reach_someone(world: World) -> None:
    html = page(world, "/t/city/en/")

    assert 'href="tel:911"' in html
    assert html.index('href="tel:911"') < html.index("For youth</a>")
    assert "Verified on November 21, 2026" in html


def test_a_contact_that_is_not_confirmed_says_so(world: World) -> None:
    html = page(world, "/t/city/en/professionals")

    assert 'href="tel:+15148963590"' in html
    assert "Still to be confirmed by the region" in html


def test_the_partners_page_names_who_coordinates_and_who_did_before(world: World) -> None:
    html = page(world, "/t/city/en/partners")

    assert re.search(r'<a href="#en_marge[^"]*">.*En Marge 12-17', html)
    assert "from 2017 to 2024" in html
    assert html.count("<article") == 6


def test_a_name_in_another_language_is_marked_with_it(world: World) -> None:
    html = page(world, "/t/city/en/partners")

    assert '<span lang="fr-CA" dir="ltr">CIUSSS du Centre-Sud-de-l’Île-de-Montréal</span>' in html


def test_a_region_says_its_own_words_and_that_it_is_an_example(world: World) -> None:
    html = page(world, "/t/valley/en/")

    assert "Resources of the region" in html
    assert "no source says that this region has adopted the program" in html
    assert "supports people aged" not in html


def test_a_tenant_without_content_still_has_its_pages(world: World) -> None:
    assert "No number has been verified here yet" in page(world, "/t/bare/en/")
    assert "No partner is listed yet" in page(world, "/t/bare/en/partners")
    assert world.get("/t/bare/en/youth").status_code == 404


def test_an_unknown_page_has_a_way_home_the_exit_and_whom_to_call(world: World) -> None:
    answered = world.get("/t/city/en/nothing-here")

    assert answered.status_code == 404
    assert 'class="button" href="/t/city/en/"' in answered.text
    assert "data-leave" in answered.text
    assert 'href="tel:911"' in answered.text


def test_whatever_is_not_there_looks_alike(world: World) -> None:
    one, other = (world.get(f"/t/city/en/{path}").text.replace(path, "") for path in ("qqq", "zzzz"))
    deeper = {world.get(f"/t/city/en/{path}").text for path in ("x/nobody/a", "a/b/c")}

    assert one == other
    assert len(deeper) == 1
    assert 'href="/t/city/en/"' in deeper.pop()


def test_an_unknown_region_is_answered_as_a_known_one_whose_address_it_could_be(world: World) -> None:
    answered, known = (world.get(f"/t/{slug}/en/nothing-here/either") for slug in ("none", "city"))

    assert answered.status_code == known.status_code == 404
    assert answered.text.replace("/t/none/", "/t/city/") == known.text


def test_leaving_and_what_stays_behind_are_explained(world: World) -> None:
    html = page(world, "/t/city/en/privacy")

    assert "press the Shift key three times" in html
    assert "history keeps the addresses" in html
    assert 'href="/t/city/en/privacy"' in page(world, "/t/city/en/youth")


def test_each_page_has_a_title_of_its_own_that_tells_nothing(world: World) -> None:
    paths = ("", "youth", "family", "professionals", "about", "partners", "partners/find", "contact", "refer")
    paths += ("receipt", "inquire", "advice", "privacy", "nowhere")
    for language in ("fr", "en"):
        shown = [world.get(f"/t/city/{language}/{path}").text for path in paths]
        titles = [re.findall("<title[^>]*>(.*?)</title>", html)[0] for html in shown]
        assert len(set(titles)) == len(paths), titles
        assert [each for each in titles if not each.startswith("Information")] == []
        assert not re.search(r"sph|exploit|young|jeune|victim|refer|référ", " ".join(titles), re.I)


def test_the_title_in_the_tab_is_neutral_unless_the_tenant_says_otherwise(world: World) -> None:
    assert "<title>Information – Services</title>" in page(world, "/t/city/fr/youth")
    assert "<title>Des services pour toi – Région own</title>" in page(world, "/t/own/fr/youth")


def test_the_way_out_leads_where_the_tenant_says(world: World) -> None:
    assert 'href="https://meteo.gc.ca/" rel="nofollow noreferrer" data-leave' in page(world, "/t/city/fr/")
    assert 'href="https://weather.gc.ca/" rel="nofollow noreferrer" data-leave' in page(world, "/t/city/en/")
    assert 'href="https://a.example/" rel="nofollow noreferrer" data-leave' in page(world, "/t/own/fr/")


def test_public_pages_set_no_cookie(world: World) -> None:
    for path in ("", "youth", "partners", "refer", "receipt", "sign-in"):
        assert "set-cookie" not in world.get(f"/t/city/fr/{path}").headers


def test_only_an_administrator_sees_what_stands(world: World) -> None:
    async def employ(ctx: object) -> None:
        for role in ("administrator", "coordinator"):
            await accounts.create_account(ctx, f"{role}@example.org", name=role, roles=[role], password=PASSWORD)  # type: ignore[arg-type]

    world.act("valley", employ)  # type: ignore[arg-type]
    for role, status in (("coordinator", 403), ("administrator", 200)):
        world.http.cookies.clear()
        form = world.get("/t/valley/en/sign-in").text
        assert 'name="_csrf"' in form
        world.post("/t/valley/en/sign-in", data={"email": f"{role}@example.org", "password": PASSWORD})
        answered = world.get("/t/valley/en/administration")
        assert answered.status_code == status
    world.http.cookies.clear()
    html = answered.text

    for shown in ("Regional intake", "With code", "Content only", "Français", "coordinator@example.org"):
        assert shown in html


def test_the_pages_of_the_plugins_say_the_same_in_both_languages() -> None:
    for plugin in discover([Path(__file__).parents[3] / "plugins"]).plugins.values():
        french, english = ({p.name for p in (plugin.root / "pages" / tag).glob("*.md")} for tag in ("fr", "en"))
        assert french == english
