"""What ends access ends it at once, and nothing opens another tenant's door."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler

from spheres_core.foundation.web import guards
from spheres_core.staff import queries
from spheres_core.staff.operations import accounts, members
from tests.spheres_core.staff.conftest import EMAIL, PASSWORD, House

INBOX = "/t/north/fr/inbox"


async def sign_in(browser: httpx.AsyncClient, slug: str = "north") -> str:
    answer = await browser.post(f"/t/{slug}/fr/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 303
    return next(iter(browser.cookies.jar)).value or ""


async def is_in(browser: httpx.AsyncClient) -> bool:
    answer = await browser.get(INBOX)
    assert answer.status_code in {200, 303}
    return answer.status_code == 200


def form_secret(page: httpx.Response) -> str:
    return page.text.partition('name="_csrf" value="')[2].partition('"')[0]


async def post(browser: httpx.AsyncClient, name: str) -> httpx.Response:
    secret = form_secret(await browser.get("/t/north/fr/account"))
    return await browser.post(f"/t/north/fr/{name}", data={"_csrf": secret})


async def make_token(house: House, slug: str = "north", *, days: int = 30) -> str:
    async with house.ctx(slug) as ctx:
        return await accounts.create_token(ctx, ["coordinator"], label="Bridge of a clinic", days=days)


async def status(browser: httpx.AsyncClient, token: str, path: str = INBOX) -> int:
    return (await browser.get(path, headers={"authorization": f"Bearer {token}"})).status_code


def test_without_a_session_a_page_of_the_staff_sends_to_the_sign_in_form(house: House) -> None:
    async def story() -> str:
        async with house.browser() as browser:
            return (await browser.get(INBOX)).headers["location"]

    assert house.do(story).startswith("/t/north/fr/sign-in")


def test_a_session_of_one_tenant_does_nothing_in_another(house: House) -> None:
    async def story() -> list[int]:
        await house.hire()
        await house.hire("south")
        async with house.browser() as browser:
            cookie = await sign_in(browser)
            named = [{"cookie": f"spheres_{slug}={cookie}"} for slug in ("south", "north")]
            own = await browser.get(INBOX, headers=named[1])
            foreign = [await browser.get("/t/south/fr/inbox", headers=header) for header in named]
        return [own.status_code, *(answer.status_code for answer in foreign)]

    assert house.do(story) == [200, 303, 303]


def test_signing_out_ends_this_session_and_leaves_the_other(house: House) -> None:
    async def story() -> None:
        await house.hire()
        async with house.browser() as here, house.browser() as there:
            cookie = await sign_in(here)
            await sign_in(there)
            answer = await post(here, "sign-out")
            assert answer.headers["location"] == "/t/north/fr/sign-in" and "Max-Age=0" in answer.headers["set-cookie"]
            assert not here.cookies
            assert not await is_in(here) and await is_in(there)
            here.cookies.set("spheres_north", cookie)
            assert not await is_in(here), "the old cookie opens nothing, although the browser kept it"

    house.do(story)


def test_signing_out_everywhere_ends_every_session_at_once_and_nobody_elses(house: House) -> None:
    async def story() -> tuple[list[bool], list[str]]:
        await house.hire()
        await house.hire(email="autre@exemple.ca")
        async with house.browser() as here, house.browser() as there, house.browser() as other:
            await sign_in(here)
            await sign_in(there)
            await other.post("/t/north/fr/sign-in", data={"email": "autre@exemple.ca", "password": PASSWORD})
            await post(here, "sign-out-everywhere")
            return [await is_in(browser) for browser in (here, there, other)], await house.verbs()

    inside, verbs = house.do(story)

    assert inside == [False, False, True]
    assert "staff.signed_out_everywhere" in verbs


def test_each_sign_in_brings_a_new_session_and_ends_the_one_it_replaces(house: House) -> None:
    async def story() -> tuple[bool, list[bool]]:
        await house.hire()
        async with house.browser() as browser, house.browser() as thief:
            first = await sign_in(browser)
            second = await sign_in(browser)
            found = []
            for cookie in (first, second):
                thief.cookies.set("spheres_north", cookie)
                found.append(await is_in(thief))
                thief.cookies.clear()
            return first != second, found

    assert house.do(story) == (True, [False, True])


def test_who_is_switched_off_is_out_at_the_next_request_and_cannot_come_back(house: House) -> None:
    async def story() -> None:
        who = await house.hire()
        async with house.browser() as browser:
            await sign_in(browser)
            assert await is_in(browser)
            async with house.ctx() as ctx:
                await members.switch_off(ctx, who)
            assert not await is_in(browser)
            async with house.ctx() as ctx:
                await members.switch_on(ctx, who)
            assert not await is_in(browser), "the old session does not come back to life"
            await sign_in(browser)
            assert await is_in(browser)

    house.do(story)


def test_a_new_password_ends_every_session_and_the_old_password(house: House) -> None:
    async def story() -> tuple[bool, list[int]]:
        who = await house.hire()
        async with house.browser() as browser:
            await sign_in(browser)
            async with house.ctx() as ctx:
                await accounts.set_password(ctx, who, password="quatre saisons devant nous")
            still = await is_in(browser)
            form, statuses = "/t/north/fr/sign-in", []
            for password in (PASSWORD, "quatre saisons devant nous"):
                statuses.append((await browser.post(form, data={"email": EMAIL, "password": password})).status_code)
        return still, statuses

    assert house.do(story) == (False, [422, 303])


def test_a_session_that_is_not_used_ends_after_thirty_minutes(house: House) -> None:
    async def story() -> list[bool]:
        await house.hire()
        async with house.browser() as browser:
            await sign_in(browser)
            found = []
            for minutes in (29, 29, 30):
                house.wait(minutes=minutes)
                found.append(await is_in(browser))
        return found

    assert house.do(story) == [True, True, False]


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(house: House) -> None:
    async def story() -> int:
        await house.hire()
        async with house.browser() as browser:
            await sign_in(browser)
            quarters = 0
            while await is_in(browser):
                house.wait(minutes=15)
                quarters += 1
        return quarters

    assert house.do(story) == 12 * 4


def test_use_is_noted_once_a_minute_and_no_more(house: House) -> None:
    async def seen() -> dt.datetime:
        async with house.ctx() as ctx:
            found: dt.datetime = (await ctx.db.sql("SELECT last_seen_at FROM staff_sessions"))[0][0]
            return found

    async def story() -> list[float]:
        await house.hire()
        async with house.browser() as browser:
            await sign_in(browser)
            began, noted = await seen(), []
            for seconds in (59, 2, 58):
                house.wait(seconds=seconds)
                await is_in(browser)
                noted.append((await seen() - began).total_seconds())
        return noted

    assert house.do(story) == [0, 61, 61]


def test_a_form_without_its_secret_does_nothing(house: House) -> None:
    async def story() -> list[tuple[int, bool]]:
        await house.hire()
        found = []
        async with house.browser() as browser, house.browser() as other:
            await sign_in(browser)
            await sign_in(other)
            others = form_secret(await other.get("/t/north/fr/account"))
            own = form_secret(await browser.get("/t/north/fr/account"))
            assert own and others and own != others
            for data in ({}, {"_csrf": ""}, {"_csrf": others}, {"_csrf": own[:-1]}):
                answer = await browser.post("/t/north/fr/sign-out-everywhere", data=data)
                found.append((answer.status_code, await is_in(browser)))
        return found

    assert house.do(story) == [(403, True)] * 4


async def _check_nothing(*_: object) -> None:
    return None


def test_control_without_the_check_another_form_signs_her_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "_check_form_secret", _check_nothing)

    async def story() -> bool:
        await house.hire()
        async with house.browser() as browser:
            await sign_in(browser)
            await browser.post("/t/north/fr/sign-out-everywhere", data={"_csrf": "made up"})
            return await is_in(browser)

    assert house.do(story) is False


def test_the_account_page_shows_where_she_is_signed_in(house: House) -> None:
    async def story() -> tuple[httpx.Response, int]:
        await house.hire()
        async with house.browser() as here, house.browser() as there, house.browser() as stale:
            await sign_in(stale)
            house.wait(minutes=31)
            await sign_in(here)
            await sign_in(there)
            page = await here.get("/t/north/en/account")
        async with house.ctx() as ctx:
            return page, len(await ctx.db.sql("SELECT 1 FROM staff_sessions"))

    page, kept = house.do(story)

    assert page.status_code == 200
    assert EMAIL in page.text and "Amélie Roy" in page.text and "Coordinator" in page.text
    assert page.text.count("Signed in on") == 2 and page.text.count("<strong>this one</strong>") == 1
    assert page.headers["cache-control"] == "no-store"
    assert kept == 2, "what has ended does not stay in the table"


def test_a_token_opens_what_its_roles_open_and_only_in_its_tenant(house: House) -> None:
    async def story() -> list[int]:
        token = await make_token(house)
        async with house.browser() as browser:
            return [
                await status(browser, token),
                await status(browser, token, "/t/south/fr/inbox"),
                await status(browser, token[:-1] + ("A" if token[-1] != "A" else "B")),
                await status(browser, "sph_"),
                await status(browser, "sph_" + "." * 43),
                await status(browser, token, "/t/north/fr/account"),
            ]

    assert house.do(story) == [200, 303, 303, 303, 303, 403]


def test_a_token_ends_on_its_day_and_when_it_is_taken_back(house: House) -> None:
    async def story() -> list[int]:
        short, long = await make_token(house, days=1), await make_token(house, days=30)
        async with house.browser() as browser:
            found = [await status(browser, short), await status(browser, long)]
            house.wait(days=1)
            found += [await status(browser, short), await status(browser, long)]
            async with house.ctx() as ctx:
                which = next(each for each in await queries.all_tokens(ctx) if each.expires_at > ctx.now)
                await accounts.revoke_token(ctx, which.id)
            found.append(await status(browser, long))
        async with house.ctx() as ctx:
            with pytest.raises(accounts.TokenUnknown):
                await accounts.revoke_token(ctx, which.id)
        return found

    assert house.do(story) == [200, 200, 303, 200, 303]


def test_no_secret_that_opens_a_door_is_stored(house: House) -> None:
    async def story() -> tuple[str, list[str]]:
        token = await make_token(house)
        await house.hire()
        async with house.browser() as browser:
            cookie = await sign_in(browser)
            secret = form_secret(await browser.get("/t/north/fr/account"))
        rows = []
        async with house.ctx() as ctx:
            for table in ("staff", "staff_sessions", "api_tokens", "trail_entries"):
                rows += [str(row[0]) for row in await ctx.db.sql(f"SELECT row_to_json(x)::text FROM {table} x")]
        return "\n".join(rows), [token, token.removeprefix("sph_"), cookie, secret, "Bridge of a clinic"]

    dump, secrets = house.do(story)

    assert "token.created" in dump, "the dump shows what is there"
    for secret in secrets:
        assert len(secret) > 15
        assert secret not in dump and secret.encode().hex() not in dump


def test_a_token_that_is_shown_with_a_good_cookie_is_not_helped_by_it(house: House) -> None:
    async def story() -> int:
        await house.hire()
        async with house.browser() as browser:
            await sign_in(browser)
            return await status(browser, "sph_" + "a" * 43)

    assert house.do(story) == 303


def test_every_page_of_the_room_names_its_guard() -> None:
    from spheres_core.staff import hooks

    for handler in hooks.register_pages():
        assert isinstance(handler, HTTPRouteHandler)
        assert len(handler.guards or ()) == 1
