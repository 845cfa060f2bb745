"""What ends access ends it at once, and nothing opens another tenant's dispatcher."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler

from spheres_core.foundation.web import guards
from spheres_core.staff.operations import members, tokens
from spheres_core.staff.queries import tokens as token_queries
from tests.spheres_core.staff.conftest import EMAIL, PASSWORD, World

DIRECTORY = "/t/north/fr/directory"


async def sign_in(browser: httpx.AsyncClient, slug: str = "north") -> str:
    answer = await browser.post(f"/t/{slug}/fr/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 303
    return next(each.value or "" for each in browser.cookies.jar if each.name == f"spheres_{slug}")


async def is_in(browser: httpx.AsyncClient) -> bool:
    answer = await browser.get(DIRECTORY)
    assert answer.status_code in {200, 303}
    return answer.status_code == 200


def form_secret(page: httpx.Response) -> str:
    return page.text.partition('name="_csrf" value="')[2].partition('"')[0]


async def post(browser: httpx.AsyncClient, name: str) -> httpx.Response:
    secret = form_secret(await browser.get("/t/north/fr/account"))
    return await browser.post(f"/t/north/fr/{name}", data={"_csrf": secret})


async def make_token(world: World, slug: str = "north", *, days: int = 30) -> str:
    async with world.ctx(slug) as ctx:
        return await tokens.create_token(ctx, ["coordinator"], label="Bridge of a clinic", days=days)


async def status(browser: httpx.AsyncClient, token: str, path: str = DIRECTORY) -> int:
    return (await browser.get(path, headers={"authorization": f"Bearer {token}"})).status_code


def test_without_a_session_a_page_of_the_staff_sends_to_the_sign_in_form(world: World) -> None:
    async def story() -> str:
        async with world.browser() as browser:
            return (await browser.get(DIRECTORY)).headers["location"]

    assert world.do(story).startswith("/t/north/fr/sign-in")


def test_a_session_of_one_tenant_does_nothing_in_another(world: World) -> None:
    async def story() -> list[int]:
        await world.hire()
        await world.hire("south")
        async with world.browser() as browser:
            cookie = await sign_in(browser)
            named = [{"cookie": f"spheres_{slug}={cookie}"} for slug in ("south", "north")]
            own = await browser.get(DIRECTORY, headers=named[1])
            foreign = [await browser.get("/t/south/fr/directory", headers=header) for header in named]
        return [own.status_code, *(answer.status_code for answer in foreign)]

    assert world.do(story) == [200, 303, 303]


def test_signing_out_ends_this_session_and_leaves_the_other(world: World) -> None:
    async def story() -> None:
        await world.hire()
        async with world.browser() as here, world.browser() as there:
            cookie = await sign_in(here)
            await sign_in(there)
            answer = await post(here, "sign-out")
            assert answer.headers["location"] == "/t/north/fr/sign-in" and "Max-Age=0" in answer.headers["set-cookie"]
            assert answer.headers["clear-site-data"] == '"cache", "storage"'
            assert "spheres_north" not in here.cookies
            assert not await is_in(here) and await is_in(there)
            here.cookies.set("spheres_north", cookie)
            assert not await is_in(here), "the old cookie opens nothing, although the browser kept it"

    world.do(story)


def test_signing_out_everywhere_ends_every_session_at_once_and_nobody_elses(world: World) -> None:
    async def story() -> tuple[list[bool], list[str]]:
        await world.hire()
        await world.hire(email="autre@exemple.ca")
        async with world.browser() as here, world.browser() as there, world.browser() as other:
            await sign_in(here)
            await sign_in(there)
            await other.post("/t/north/fr/sign-in", data={"email": "autre@exemple.ca", "password": PASSWORD})
            answer = await post(here, "sign-out-everywhere")
            assert answer.headers["clear-site-data"] == '"cache", "storage"'
            return [await is_in(browser) for browser in (here, there, other)], await world.verbs()

    inside, verbs = world.do(story)

    assert inside == [False, False, True]
    assert "staff.signed_out_everywhere" in verbs


def test_each_sign_in_brings_a_new_session_and_ends_the_one_it_replaces(world: World) -> None:
    async def story() -> tuple[bool, list[bool]]:
        await world.hire()
        async with world.browser() as browser, world.browser() as thief:
            first = await sign_in(browser)
            second = await sign_in(browser)
            found = []
            for cookie in (first, second):
                thief.cookies.set("spheres_north", cookie)
                found.append(await is_in(thief))
                thief.cookies.clear()
            return first != second, found

    assert world.do(story) == (True, [False, True])


def test_who_is_switched_off_is_out_at_the_next_request_and_cannot_come_back(world: World) -> None:
    async def story() -> None:
        who = await world.hire()
        async with world.browser() as browser:
            await sign_in(browser)
            assert await is_in(browser)
            async with world.ctx() as ctx:
                await members.close_account(ctx, who)
            assert not await is_in(browser)
            async with world.ctx() as ctx:
                await members.open_account(ctx, who)
            assert not await is_in(browser), "the old session does not come back to life"
            await sign_in(browser)
            assert await is_in(browser)

    world.do(story)


def test_a_session_that_is_not_used_ends_after_thirty_minutes(world: World) -> None:
    async def story() -> list[bool]:
        await world.hire()
        async with world.browser() as browser:
            await sign_in(browser)
            found = []
            for minutes in (29, 29, 30):
                world.wait(minutes=minutes)
                found.append(await is_in(browser))
        return found

    assert world.do(story) == [True, True, False]


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(world: World) -> None:
    async def story() -> int:
        await world.hire()
        async with world.browser() as browser:
            await sign_in(browser)
            quarters = 0
            while await is_in(browser):
                world.wait(minutes=15)
                quarters += 1
        return quarters

    assert world.do(story) == 12 * 4


def test_use_is_noted_once_a_minute_and_no_more(world: World) -> None:
    async def seen() -> dt.datetime:
        async with world.ctx() as ctx:
            found: dt.datetime = (await ctx.db.sql("SELECT last_seen_at FROM staff_sessions"))[0][0]
            return found

    async def story() -> list[float]:
        await world.hire()
        async with world.browser() as browser:
            await sign_in(browser)
            began, noted = await seen(), []
            for seconds in (59, 2, 58):
                world.wait(seconds=seconds)
                await is_in(browser)
                noted.append((await seen() - began).total_seconds())
        return noted

    assert world.do(story) == [0, 61, 61]


def test_a_form_without_its_secret_does_nothing(world: World) -> None:
    async def story() -> list[tuple[int, bool]]:
        await world.hire()
        found = []
        async with world.browser() as browser, world.browser() as other:
            await sign_in(browser)
            await sign_in(other)
            others = form_secret(await other.get("/t/north/fr/account"))
            own = form_secret(await browser.get("/t/north/fr/account"))
            assert own and others and own != others
            for data in ({}, {"_csrf": ""}, {"_csrf": others}, {"_csrf": own[:-1]}):
                answer = await browser.post("/t/north/fr/sign-out-everywhere", data=data)
                found.append((answer.status_code, await is_in(browser)))
        return found

    assert world.do(story) == [(403, True), (403, True), (307, True), (403, True)]


async def _check_nothing(*_: object) -> None:
    return None


def test_control_without_the_check_another_form_signs_her_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "_check_form_secret", _check_nothing)

    async def story() -> bool:
        await world.hire()
        async with world.browser() as browser:
            await sign_in(browser)
            await browser.post("/t/north/fr/sign-out-everywhere", data={"_csrf": "made up"})
            return await is_in(browser)

    assert world.do(story) is False


def test_the_account_page_shows_where_she_is_signed_in(world: World) -> None:
    async def story() -> tuple[httpx.Response, int]:
        await world.hire()
        async with world.browser() as here, world.browser() as there, world.browser() as stale:
            await sign_in(stale)
            world.wait(minutes=31)
            await sign_in(here)
            await sign_in(there)
            page = await here.get("/t/north/en/account")
        async with world.ctx() as ctx:
            return page, len(await ctx.db.sql("SELECT 1 FROM staff_sessions"))

    page, kept = world.do(story)

    assert page.status_code == 200
    assert EMAIL in page.text and "Amélie Roy" in page.text and "Coordinator" in page.text
    assert page.text.count("Signed in on") == 2 and page.text.count("<strong>this one</strong>") == 1
    assert page.headers["cache-control"] == "no-store"
    assert kept == 2, "what has ended does not stay in the table"


def test_a_token_opens_what_its_roles_open_and_only_in_its_tenant(world: World) -> None:
    async def story() -> list[int]:
        token = await make_token(world)
        async with world.browser() as browser:
            return [
                await status(browser, token),
                await status(browser, token, "/t/south/fr/directory"),
                await status(browser, token[:-1] + ("A" if token[-1] != "A" else "B")),
                await status(browser, "sph_"),
                await status(browser, "sph_" + "." * 43),
                await status(browser, token, "/t/north/fr/account"),
            ]

    assert world.do(story) == [200, 303, 303, 303, 303, 403]


def test_a_token_ends_on_its_day_and_when_it_is_taken_back(world: World) -> None:
    async def story() -> list[int]:
        short, long = await make_token(world, days=1), await make_token(world, days=30)
        async with world.browser() as browser:
            found = [await status(browser, short), await status(browser, long)]
            world.wait(days=1)
            found += [await status(browser, short), await status(browser, long)]
            async with world.ctx() as ctx:
                which = next(each for each in await token_queries.list_tokens(ctx) if each.expires_at > ctx.now)
                await tokens.revoke_token(ctx, which.id)
            found.append(await status(browser, long))
        async with world.ctx() as ctx:
            with pytest.raises(tokens.TokenUnknown):
                await tokens.revoke_token(ctx, which.id)
        return found

    assert world.do(story) == [200, 200, 303, 200, 303]


def test_no_secret_that_signs_somebody_in_is_stored(world: World) -> None:
    async def story() -> tuple[str, list[str]]:
        token = await make_token(world)
        await world.hire()
        async with world.browser() as browser:
            cookie = await sign_in(browser)
            secret = form_secret(await browser.get("/t/north/fr/account"))
        rows = []
        async with world.ctx() as ctx:
            for table in ("staff", "staff_sessions", "api_tokens", "trail_entries"):
                rows += [str(row[0]) for row in await ctx.db.sql(f"SELECT row_to_json(x)::text FROM {table} x")]
        return "\n".join(rows), [token, token.removeprefix("sph_"), cookie, secret, "Bridge of a clinic"]

    dump, secrets = world.do(story)

    assert "token.created" in dump, "the dump shows what is there"
    for secret in secrets:
        assert len(secret) > 15
        assert secret not in dump and secret.encode().hex() not in dump


def test_a_token_that_is_shown_with_a_good_cookie_is_not_helped_by_it(world: World) -> None:
    async def story() -> int:
        await world.hire()
        async with world.browser() as browser:
            await sign_in(browser)
            return await status(browser, "sph_" + "a" * 43)

    assert world.do(story) == 303


def test_every_page_of_the_room_names_its_guard() -> None:
    from spheres_core.staff import hooks

    for handler in hooks.register_pages():
        assert isinstance(handler, HTTPRouteHandler)
        assert len(handler.guards or ()) == 1
