"""An administrator writes pages: looked at, confirmed, published, compared, taken back; two at once see both."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from spheres_core.site.operations import local_state
from spheres_core.staff.operations import accounts
from spheres_core.testing import World, definition

PASSWORD: Final = "un chat dort sous la lune"
PAGES: Final = "/t/north/fr/administration/pages"
FRENCH: Final = "# Se déplacer\n\nLe bus de nuit passe dans votre rue, et il est pour vous.\n"
ENGLISH: Final = "# Getting around\n\nThe night bus is in your street and it is for you, when you want it.\n"


@pytest.fixture
def world(shared_world: World) -> World:
    shared_world.renew(definition("north", "quebec", "montreal"), definition("south", "quebec", "montreal"))
    for email, role in (
        ("a@exemple.ca", "administrator"),
        ("e@exemple.ca", "content_editor"),
        ("c@exemple.ca", "coordinator"),
    ):
        her = {"name": "A", "roles": [role], "password": PASSWORD}
        shared_world.act("north", lambda ctx, e=email, h=her: accounts.create_account(ctx, e, **h))  # type: ignore[misc]
    return shared_world


def sign_in(world: World, email: str = "a@exemple.ca") -> None:
    world.http.cookies.clear()
    assert world.post("/t/north/fr/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303


def write(world: World, slug: str, text: str, act: str = "publish", **more: Any) -> Any:
    page = world.get(f"{PAGES}/{slug}?in={more.get('language', 'fr-CA')}").text
    form = {
        "_csrf": re.findall(r'name="_csrf" value="(\w+)"', page)[0],
        "base": re.findall(r'name="base" value="(\d+)"', page)[0],
        "language": "fr-CA", "text": text, "act": act, "menu_order": "",
    }  # fmt: skip
    return world.post(f"{PAGES}/{slug}", data=form | more)


def take_back(world: World, slug: str, to: int) -> int:
    page = world.get(f"{PAGES}/{slug}?in=fr-CA").text
    form = {"_csrf": re.findall(r'name="_csrf" value="(\w+)"', page)[0], "language": "fr-CA", "to": str(to)}
    return int(world.post(f"{PAGES}/{slug}/take-back", data=form).status_code)


def test_a_new_page_is_looked_at_saved_published_and_stands_in_the_menu(world: World) -> None:
    sign_in(world)

    looked = write(world, "getting-around", FRENCH, "look")
    assert looked.status_code == 200 and "Le bus de nuit" in looked.text
    assert world.get("/t/north/fr/getting-around").status_code == 404
    assert write(world, "getting-around", FRENCH, "save").status_code == 303
    assert world.get("/t/north/fr/getting-around").status_code == 404, "a draft is nobody's page"
    assert write(world, "getting-around", FRENCH, menu_order="25").status_code == 303

    shown = world.get("/t/north/fr/getting-around")
    assert shown.status_code == 200 and "<h1>Se déplacer</h1>" in shown.text
    assert 'href="/t/north/fr/getting-around"' in world.get("/t/north/fr/").text
    assert world.get("/t/south/fr/getting-around").status_code == 404
    assert "getting-around" not in world.get("/t/south/fr/").text
    assert '<h1><span lang="fr-CA"' in world.get("/t/north/en/getting-around").text, "until it is written in English"


def test_what_is_written_here_comes_before_a_pack_s_page_in_its_language_only(world: World) -> None:
    sign_in(world)
    before = {language: world.get(f"/t/north/{language}/youth").text for language in ("fr", "en")}

    assert write(world, "youth", FRENCH).status_code == 303
    assert "Le bus de nuit" in world.get("/t/north/fr/youth").text
    assert world.get("/t/north/en/youth").text == before["en"]
    assert take_back(world, "youth", 0) == 303
    assert world.get("/t/north/fr/youth").text == before["fr"]


def test_an_earlier_version_can_be_put_back_and_nothing_is_lost(world: World) -> None:
    sign_in(world)
    write(world, "bus", FRENCH)
    write(world, "bus", FRENCH.replace("de nuit", "du matin"))
    assert "du matin" in world.get("/t/north/fr/bus").text

    assert take_back(world, "bus", 1) == 303
    assert "de nuit" in world.get("/t/north/fr/bus").text
    assert take_back(world, "bus", 2) == 303
    assert "du matin" in world.get("/t/north/fr/bus").text
    assert take_back(world, "bus", 99) == 404
    numbers = world.sql("SELECT number FROM own_pages ORDER BY number")
    assert numbers == [(1,), (2,), (3,), (4,)]


def test_a_text_in_another_language_needs_a_person_s_yes(world: World) -> None:
    sign_in(world)

    refused = write(world, "bus", ENGLISH)
    assert refused.status_code == 422 and 'name="sure"' in refused.text
    assert world.get("/t/north/fr/bus").status_code == 404
    assert 'name="sure"' not in write(world, "bus", FRENCH, "look").text
    assert write(world, "bus", ENGLISH, language="en-CA").status_code == 303
    assert write(world, "bus", ENGLISH, sure="yes").status_code == 303


def test_who_saves_on_an_older_version_is_shown_both(world: World) -> None:
    sign_in(world)
    write(world, "bus", FRENCH, "save")

    late = write(world, "bus", FRENCH.replace("nuit", "jour"), "save", base="0")
    assert late.status_code == 409
    assert "de nuit" in late.text and "de jour" in late.text
    assert re.findall(r'name="base" value="(\d+)"', late.text) == ["1"]
    assert write(world, "bus", FRENCH.replace("nuit", "jour"), "publish", base="1").status_code == 303


@pytest.mark.parametrize(
    "text",
    ["", "No title", "# One\n\n# Two", "# " + "x" * 41_000],
)
def test_what_is_no_page_is_refused_and_kept_for_mending(world: World, text: str) -> None:
    sign_in(world)

    assert write(world, "bus", text).status_code == 422
    assert world.sql("SELECT count(*) FROM own_pages") == [(0,)]


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=y>"])
def test_nothing_that_acts_is_let_through_neither_in_the_look_nor_in_the_page(world: World, hostile: str) -> None:
    sign_in(world)

    for answer in (
        write(world, "bus", f"# Titre\n\n{hostile}\n", "look"),
        write(world, "bus", f"# Titre\n\n{hostile}\n"),
    ):
        assert not re.search(r"<script>|href=\"javascript|<img src=x", answer.text)
    assert not re.search(r"<script>|href=\"javascript|<img src=x", world.get("/t/north/fr/bus").text)


@pytest.mark.parametrize("slug", ["sign-in", "partners", "administration", "Bus", "a b", "x" * 50, "1x"])
def test_a_name_of_the_program_s_or_of_nothing_is_refused(world: World, slug: str) -> None:
    sign_in(world)
    csrf = re.findall(r'name="_csrf" value="(\w+)"', world.get(PAGES).text)[0]

    named = world.post(PAGES, data={"_csrf": csrf, "slug": slug})
    assert named.status_code == (303 if slug == "Bus" else 422)
    if slug != "Bus":
        assert world.get(f"{PAGES}/{slug}").status_code == 404


def test_pages_travel_with_the_region_and_merging_them_twice_changes_nothing(world: World) -> None:
    sign_in(world)
    write(world, "bus", FRENCH, menu_order="25")
    carried = world.act("north", lambda ctx: local_state.read_local_state(ctx.db, ()))
    assert [(each.slug, each.language, each.menu_order) for each in carried.pages] == [("bus", "fr-CA", 25)]

    for _ in range(2):
        world.act("south", lambda ctx: local_state.merge_local_state(ctx, carried))
    world.runtime.unload("south")
    assert "Le bus de nuit" in world.get("/t/south/fr/bus").text
    assert world.sql("SELECT count(*) FROM own_pages") == [(2,)]


def test_an_editor_writes_and_a_coordinator_does_not(world: World) -> None:
    sign_in(world, "e@exemple.ca")
    assert write(world, "bus", FRENCH).status_code == 303
    sign_in(world, "c@exemple.ca")
    assert [world.get(path).status_code for path in (PAGES, f"{PAGES}/bus")] == [403, 403]
    world.http.cookies.clear()
    assert world.get(PAGES, headers={"accept": "application/json"}).status_code in (401, 303)

    verbs = [row[0] for row in world.sql("SELECT verb FROM trail_entries WHERE verb LIKE 'page.%' ORDER BY id")]
    assert verbs == ["page.saved", "page.published"]
