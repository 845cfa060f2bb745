"""What somebody typed is not lost when her session ends before she sends it, and nobody else reads it."""

from __future__ import annotations

import html
import re
from typing import Final

import httpx
import pytest

from spheres_core.staff.operations import kept_forms
from spheres_core.staff.queries.invitations import show_invitations
from tests.spheres_core.staff.conftest import EMAIL, PASSWORD, World
from tests.spheres_core.staff.test_roster import enter, form_secret

PAGE: Final = "/t/north/en/administration/staff/invite"
OTHER: Final = "autre@exemple.ca"
TYPED: Final = {"name": "Sam « l’ami » Gagnon", "email": "sam@exemple.ca", "roles": ["liaison", "evaluator"]}


def hidden(page: httpx.Response) -> dict[str, list[str]]:
    """The hidden fields of the form in the middle of a page."""
    main = page.text.partition("<main")[2]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', main):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


async def typed_in_vain(world: World, browser: httpx.AsyncClient, **headers: str) -> httpx.Response:
    """Fills a form in, whose session ends before it is sent; the page to which the browser is led."""
    await enter(browser)
    secret = await form_secret(browser)
    world.wait(minutes=31)
    return await browser.post(PAGE, data={**TYPED, "_csrf": secret}, headers=headers, follow_redirects=True)


async def sign_in_again(browser: httpx.AsyncClient, kept: str, *, email: str = EMAIL) -> httpx.Response:
    return await browser.post("/t/north/en/sign-in", data={"email": email, "password": PASSWORD, "kept": kept})


async def invited(world: World) -> list[tuple[str, tuple[str, ...]]]:
    async with world.ctx() as ctx:
        return [(each.name, each.roles) for each in await show_invitations(ctx)]


async def hire_both(world: World) -> None:
    for email in (EMAIL, OTHER):
        await world.hire(email=email, roles=("administrator",))


def test_what_was_typed_comes_back_after_signing_in_and_is_sent_when_she_says_so(world: World) -> None:
    async def story() -> None:
        await hire_both(world)
        async with world.browser() as browser:
            asked = await typed_in_vain(world, browser)
            assert asked.status_code == 200
            assert 'type="password"' in asked.text and "What you typed is kept" in asked.text
            for word in ("Gagnon", "sam@exemple.ca", "liaison"):
                assert word not in asked.text, "whoever sits down there reads nothing"
            wrong = await browser.post("/t/north/en/sign-in", data={"email": EMAIL, "password": "no", **hidden(asked)})
            assert wrong.status_code == 422
            shown = await sign_in_again(browser, hidden(wrong)["kept"][0])
            assert shown.status_code == 200 and "Sam « l’ami » Gagnon" in shown.text
            assert await invited(world) == []
            assert f'action="{PAGE}"' in shown.text
            sent = await browser.post(PAGE, data=hidden(shown))
            assert sent.status_code == 201
        assert await invited(world) == [(TYPED["name"], ("liaison", "evaluator"))]

    world.do(story)


def test_only_the_account_for_which_the_form_was_made_sees_what_was_typed(world: World) -> None:
    async def story() -> tuple[httpx.Response, httpx.Response]:
        await hire_both(world)
        async with world.browser() as browser:
            kept = hidden(await typed_in_vain(world, browser))["kept"][0]
            return await sign_in_again(browser, kept, email=OTHER), await sign_in_again(browser, kept)

    other, own = world.do(story)

    assert (other.status_code, own.status_code) == (303, 200)
    assert "Gagnon" not in other.text


def test_a_form_is_kept_for_some_hours_and_only_as_it_was_sealed(world: World) -> None:
    async def story() -> list[int]:
        await hire_both(world)
        async with world.browser() as browser:
            kept = hidden(await typed_in_vain(world, browser))["kept"][0]
            changed = kept[:-6] + ("AAAA" if kept[-6:-2] != "AAAA" else "BBBB") + kept[-2:]
            statuses = [
                (await sign_in_again(browser, each)).status_code for each in (changed, kept[:-8], "é", "A", kept)
            ]
            world.wait(seconds=kept_forms.KEPT_FOR.total_seconds())
            return [*statuses, (await sign_in_again(browser, kept)).status_code]

    assert world.do(story) == [303, 303, 303, 303, 200, 303]


def test_a_form_from_before_she_signed_in_again_elsewhere_is_shown_and_not_sent(world: World) -> None:
    async def story() -> None:
        await hire_both(world)
        async with world.browser() as browser:
            await enter(browser)
            secret = await form_secret(browser)
            await enter(browser)
            shown = await browser.post(PAGE, data={**TYPED, "_csrf": secret}, follow_redirects=True)
            assert shown.status_code == 200 and "Gagnon" in shown.text
            assert await invited(world) == []
            assert (await browser.post(PAGE, data=hidden(shown))).status_code == 201
            await enter(browser, OTHER)
            others = await browser.post(PAGE, data={**TYPED, "_csrf": secret}, follow_redirects=True)
            assert "Gagnon" not in others.text and hidden(others)["kept"]

    world.do(story)


@pytest.mark.parametrize("headers", [{"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}])
def test_a_page_of_another_site_has_nothing_kept(world: World, headers: dict[str, str]) -> None:
    async def story() -> httpx.Response:
        await hire_both(world)
        async with world.browser() as browser:
            return await typed_in_vain(world, browser, **headers)

    page = world.do(story)

    assert "kept" not in hidden(page)


def test_a_form_with_a_secret_that_is_none_of_ours_is_not_kept(world: World) -> None:
    async def story() -> list[str]:
        await hire_both(world)
        found = []
        async with world.browser() as browser:
            for secret in ("", "0" * 95, "g" * 96):
                page = await browser.post(PAGE, data={**TYPED, "_csrf": secret}, follow_redirects=True)
                found += hidden(page).get("kept", [])
            made_up = await browser.post(PAGE, data={**TYPED, "_csrf": "0" * 96}, follow_redirects=True)
            assert (await sign_in_again(browser, hidden(made_up)["kept"][0])).status_code == 303
        return found

    assert world.do(story) == []


def test_passwords_and_what_is_too_long_to_carry_are_not_kept(world: World) -> None:
    async def story() -> list[str]:
        await hire_both(world)
        async with world.browser() as browser:
            await enter(browser)
            page = (await browser.get("/t/north/en/account")).text
            assert 'action="/t/north/en/account/password">\n      <input type="hidden" name="_not_kept"' in page
            secret = await form_secret(browser)
            world.wait(minutes=31)
            found = []
            for path, more in (
                ("/t/north/en/account/password", {"_not_kept": "yes", "old": PASSWORD, "new": "x", "again": "x"}),
                (PAGE, {**TYPED, "name": "a" * kept_forms.MOST_BYTES}),
            ):
                asked = await browser.post(path, data={**more, "_csrf": secret}, follow_redirects=True)
                assert asked.status_code == 200
                found += hidden(asked).get("kept", [])
            return found

    assert world.do(story) == []


@pytest.mark.parametrize("path", ["administration/staff", "administration/staff/invite?again=1", "account"])
def test_who_opens_a_page_after_her_session_ended_is_led_back_to_it(world: World, path: str) -> None:
    async def story() -> str:
        await hire_both(world)
        async with world.browser() as browser:
            await enter(browser)
            world.wait(minutes=31)
            asked = await browser.get(f"/t/north/en/{path}", follow_redirects=True)
            data = {"email": EMAIL, "password": PASSWORD, "next": hidden(asked)["next"][0]}
            return (await browser.post("/t/north/en/sign-in", data=data)).headers["location"]

    assert world.do(story) == f"/t/north/en/{path}"


def test_the_page_that_asks_again_leads_to_the_plain_one_when_it_is_loaded_again(world: World) -> None:
    async def story() -> str:
        async with world.browser() as browser:
            return (await browser.get("/t/north/en/sign-in/again")).headers["location"]

    assert world.do(story) == "/t/north/en/sign-in"
