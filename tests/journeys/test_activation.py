"""An administrator switches a plugin, while everybody else goes on: nothing fails, nothing waits for a restart."""

from __future__ import annotations

import asyncio
import gc
import html
import re
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pytest
from litestar import Litestar
from playwright.sync_api import Page

from spheres_core.app import background
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.staff.operations import accounts, sign_in
from spheres_core.staff.schemas import ROLES
from spheres_core.testing import MakeWorld, World, definition
from tests.journeys.conftest import Site
from tests.journeys.page_checks import OTHER_LANGUAGE, SCREENS, Passed, check_page, load_axe
from tests.wait import wait_until

INTAKE: Final = "regional_intake"
QUESTIONS: Final = f"api/x/{INTAKE}/travel-questions"
ROUNDS: Final = 20
"""As many as show a twentieth of a set that each switch would leave behind; what one round finds, each would."""
AT_ONCE: Final = 6
WITHIN: Final = 2.0
PASSWORD: Final = "a slow train along the river"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    made = make_world(
        definition("north", "quebec", "montreal"),
        definition("south", "quebec", "outaouais", INTAKE),
        definition("west", "quebec"),
    )
    for slug in ("north", "south", "west"):
        made.loaded(slug)
    return made


@pytest.fixture
def second(world: World, machine: Machine) -> Iterator[World]:
    """Another process' worth of the same world: a runtime, a dispatcher and a connection that listens, all its own."""
    made = World(world.urls, machine, world.keyring)
    yield made
    made.close()


def switch(world: World, way: str, headers: dict[str, str], slug: str = "north", plugin: str = INTAKE) -> Any:
    return world.post(f"/t/{slug}/api/admin/plugins/{plugin}/{way}", headers=headers)


def test_many_times_on_and_off_under_load_no_request_fails_and_no_set_is_left_behind(world: World) -> None:
    admin = world.bearer("north", "administrator")
    readers = {
        "/t/north/fr/": ({}, {200}),
        "/t/north/api/forms": ({}, {200}),
        "/t/north/api/referrals": (world.bearer("north", "coordinator"), {200}),
        f"/t/north/{QUESTIONS}": (world.bearer("north", "coordinator"), {200, 404}),
        f"/t/south/{QUESTIONS}": (world.bearer("south", "coordinator"), {200}),
        "/t/south/en/partners": ({}, {200}),
    }
    assert len(readers) == AT_ONCE
    sets, apps = _alive(PluginSet), _alive(Litestar)
    seen: Counter[tuple[str, int]] = Counter()

    async def story(rounds: int = ROUNDS) -> None:
        over = asyncio.Event()

        async def read(path: str, headers: dict[str, str]) -> None:
            while not over.is_set():
                seen[path, (await world.http.get(path, headers=headers)).status_code] += 1
                await asyncio.sleep(0.01)

        async def write() -> None:
            for _ in range(rounds):
                for way, then in (("on", 200), ("off", 404)):
                    done = await world.http.post(f"/t/north/api/admin/plugins/{INTAKE}/{way}", headers=admin)
                    assert (done.status_code, done.json()["changed"]) == (200, True), done.text
                    coordinator = readers[f"/t/north/{QUESTIONS}"][0]
                    asked = await world.http.get(f"/t/north/{QUESTIONS}", headers=coordinator)
                    assert asked.status_code == then

        async with asyncio.TaskGroup() as group:
            for path, (headers, _) in readers.items():
                group.create_task(read(path, headers))
            await write()
            over.set()

    world.run(story(5))
    seen.clear()
    began = _blocks()
    world.run(story())

    grown = _blocks() - began
    assert sum(seen.values()) > ROUNDS
    assert [(path, code) for path, code in seen if code not in readers[path][1]] == []
    assert {code for path, code in seen if path == f"/t/north/{QUESTIONS}"} == {200, 404}, "the load met both"
    assert _alive(PluginSet) <= sets + 1
    assert _alive(Litestar) <= apps + 1
    weight = _weight_of_a_set(world)
    assert grown < weight, f"{grown} blocks more, and a set has {weight}"


def _weight_of_a_set(world: World) -> int:
    """Blocks of memory that one set holds; and the control: sets that somebody forgets are seen in the same figure."""
    wanted = frozenset(("quebec", "montreal", INTAKE))
    weights = []
    forgotten = []
    for _ in range(2):
        began = _blocks()
        forgotten.append(world.run(world.runtime._build(wanted, frozenset(), world.runtime.machine)))
        weights.append(_blocks() - began)
    assert min(weights) > 2_000, weights
    return min(weights)


def _blocks() -> int:
    """Blocks of memory that Python holds: exact, where what the machine gives to the process is not."""
    gc.collect()
    return sys.getallocatedblocks()


def _alive(kind: type) -> int:
    gc.collect()
    return sum(1 for each in gc.get_objects() if type(each) is kind)


@pytest.mark.parametrize("told", [True, False], ids=["told by the database", "not told"])
def test_every_other_process_follows_within_two_seconds(world: World, second: World, told: bool) -> None:
    admin, coordinator = world.bearer("north", "administrator"), world.bearer("north", "coordinator")
    assert second.get(f"/t/north/{QUESTIONS}", headers=coordinator).status_code == 404
    listening, polling = second.dispatcher._background._tasks
    (polling if told else listening).cancel()
    assert background.POLL <= WITHIN

    for way, then in (("on", 200), ("off", 404)):
        assert switch(world, way, admin).status_code == 200
        wait_until(
            lambda then=then: second.get(f"/t/north/{QUESTIONS}", headers=coordinator).status_code == then,
            meanwhile=lambda seconds: second.run(asyncio.sleep(seconds)),
            why=lambda way=way: f"{way} was not seen",
        )


def test_what_a_neighbour_answers_stays_the_same_to_the_byte(world: World) -> None:
    coordinator = world.bearer("south", "coordinator")
    paths = ("fr/", "en/partners", "fr/refer", "api/forms/referral", "api/openapi.json", "api/partners", QUESTIONS)

    def told() -> dict[str, tuple[int, bytes]]:
        answers = {path: world.get(f"/t/south/{path}", headers=coordinator) for path in paths}
        once = rb'(?<=name="_once" value=")[^"]+'
        return {path: (each.status_code, re.sub(once, b"", each.content)) for path, each in answers.items()}

    before = told()
    assert {status for status, _ in before.values()} == {200}
    for way in ("on", "off"):
        assert switch(world, way, world.bearer("north", "administrator")).status_code == 200
        assert told() == before


def test_of_two_switches_at_once_one_is_made(world: World) -> None:
    admin = world.bearer("north", "administrator")

    async def both() -> list[Any]:
        where = f"/t/north/api/admin/plugins/{INTAKE}/on"
        return await asyncio.gather(*(world.http.post(where, headers=admin) for _ in range(4)))

    answers = world.run(both())
    assert [each.status_code for each in answers] == [200] * 4
    assert sorted(each.json()["changed"] for each in answers) == [False, False, False, True]


def test_who_is_no_administrator_neither_sees_nor_switches(world: World) -> None:
    where = ("", f"/{INTAKE}/preview")
    for role in sorted(ROLES):
        wanted = 200 if role == "administrator" else 403
        headers = world.bearer("north", role)
        assert {world.get(f"/t/north/api/admin/plugins{w}", headers=headers).status_code for w in where} == {wanted}
        if role != "administrator":
            assert {switch(world, way, headers).status_code for way in ("on", "off")} == {403}
    assert world.get("/t/north/api/admin/plugins").status_code == 401
    assert switch(world, "on", {}).status_code == 401
    assert switch(world, "on", world.bearer("south", "administrator")).status_code == 401, "of another tenant"
    assert INTAKE not in world.loaded("north").plugins.plugins


def test_a_plugin_that_cannot_be_switched_says_why_in_the_readers_language(world: World) -> None:
    admin = {**world.bearer("west", "administrator"), "accept-language": "fr"}

    refused = switch(world, "off", admin, "west", "quebec")
    assert refused.status_code == 200
    assert switch(world, "on", admin, "west", "outaouais").status_code == 409

    answer = switch(world, "on", admin, "west", "outaouais").json()
    assert answer["code"] == "cannot_switch"
    assert answer["errors"] == [{"path": "outaouais", "message": "Nécessite le plugiciel Québec, version 0.1 ou plus."}]
    assert switch(world, "on", admin, "west", "nothing").status_code == 404
    preview = world.get("/t/west/api/admin/plugins/outaouais/preview", headers=admin).json()
    assert [each["plugin"] for each in preview["problems"]] == ["outaouais"]


def test_the_api_tells_what_a_plugin_would_bring(world: World) -> None:
    admin = {**world.bearer("west", "administrator"), "accept-language": "fr"}

    listed = {each["id"]: each for each in world.get("/t/west/api/admin/plugins", headers=admin).json()["plugins"]}
    preview = world.get("/t/west/api/admin/plugins/outaouais/preview", headers=admin).json()

    assert {id_: each["state"] for id_, each in listed.items()} == {
        **dict.fromkeys(world.machine.plugins, "off"), "quebec": "on",
    }  # fmt: skip
    form = next(each for each in preview["content"] if (each["topic"], each["title"]) == ("forms", "Référence"))
    assert "téléphone de la jeune personne" in {each["text"] for each in form["collects"]}
    assert preview["action"] == "on"
    kept = {each["meaning"]: (each["kept"], each["title"]) for each in form["questions"]}
    assert (kept["participant_phone"][0], kept["need"][0], kept[None][0]) == ("compared", "clear", "sealed")
    assert all(title for _, title in kept.values())
    assert preview["data_texts"] == ["ce qu’une référence dit d’une jeune personne"]
    intake = world.get(f"/t/west/api/admin/plugins/{INTAKE}/preview", headers=admin).json()
    assert {each["hook"]: each["text"] for each in intake["does"]}["assess_eligibility"].startswith("donne un avis")
    assert intake["trail_verbs"]
    assert [each["kind"] for each in preview["changes"]] and {each["kind"] for each in preview["changes"]} == {"add"}


def _sign_in(world: World, slug: str, role: str) -> dict[str, str]:
    async def signing_in(ctx: Any) -> str:
        await accounts.create_account(ctx, f"{role}@example.org", name="Camille", roles=[role], password=PASSWORD)
        return await sign_in.sign_in(ctx, f"{role}@example.org", PASSWORD)

    return {"cookie": f"spheres_{slug}={world.act(slug, signing_in)}"}


def test_the_page_shows_the_preview_and_switches_with_its_own_form_only(world: World) -> None:
    me = _sign_in(world, "west", "administrator")
    page = world.get("/t/west/fr/administration/plugins/outaouais", headers=me)
    assert page.status_code == 200
    assert "téléphone de la jeune personne" in html.unescape(page.text)
    secret = re.search(r'name="_csrf" value="([^"]+)"', page.text)
    assert secret is not None

    where = "/t/west/fr/administration/plugins/outaouais/on"
    assert world.post(where, headers=me, data={}).status_code == 403
    done = world.post(where, headers=me, data={"_csrf": secret[1]})

    assert (done.status_code, done.headers["location"]) == (303, "/t/west/fr/administration/plugins")
    assert "outaouais" in world.loaded("west").plugins.plugins
    stuck = world.post("/t/west/en/administration/plugins/quebec/off", headers=me, data={"_csrf": secret[1]})
    assert stuck.status_code == 409
    assert "It requires the plugin Québec" in stuck.text


def test_an_administrator_switches_a_plugin_without_javascript(plain: Page, site: Site) -> None:
    site.sign_in(plain, "montreal", "administrator")
    plain.goto(site.url("montreal", "en", "administration"))
    plain.get_by_role("link", name=re.compile("All plugins")).click()
    for button, state in (("Switch it on", "Switched on"), ("Switch it off", "Switched off")):
        plain.get_by_role("link", name="Regional intake").click()
        assert plain.get_by_role("heading", level=1).inner_text() == "Regional intake"
        plain.get_by_role("button", name=button).click()
        row = plain.get_by_role("row").filter(has_text="Regional intake")
        assert row.get_by_text(state).is_visible()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_of_plugins_are_for_everyone(site: Site, page: Page, language: str) -> None:
    site.sign_in(page, "montreal", "administrator")
    load_axe(page)
    screens = SCREENS if language == "fr" else OTHER_LANGUAGE
    found, passed = [], Passed()
    for plugin in ("montreal", "outaouais", INTAKE):
        page.goto(site.url("montreal", language, f"administration/plugins/{plugin}"))
        found += check_page(page, screens, passed=passed)

    assert found == []


def test_the_pages_of_plugins_are_in_both_languages(site: Site, plain: Page) -> None:
    for language, title in (("fr", "Plugiciels"), ("en", "Plugins")):
        site.sign_in(plain, "montreal", "administrator")
        plain.goto(site.url("montreal", language, "administration/plugins"))
        assert plain.get_by_role("heading", level=1).inner_text() == title
        for plugin in ("montreal", "outaouais", INTAKE):
            plain.goto(site.url("montreal", language, f"administration/plugins/{plugin}"))
            own = plain.locator("main :is(h1, h2, h3, p, dt, button) span[lang][dir]")
            assert own.count() == 0, "a text in another language; only names in lists have but one"
