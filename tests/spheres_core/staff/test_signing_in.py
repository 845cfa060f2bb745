"""What signing in promises, over HTTP."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.sealed_addresses import seal_address
from spheres_core.staff import password_hashing
from spheres_core.staff.operations import login_throttle, members
from spheres_core.staff.operations import sign_in as staff_sign_in
from tests.spheres_core.staff.conftest import EMAIL, PASSWORD, World

FORM = "/t/north/fr/sign-in"


async def sign_in(
    browser: httpx.AsyncClient, password: str = PASSWORD, *, email: str = EMAIL, **more: str
) -> httpx.Response:
    return await browser.post(FORM, data={"email": email, "password": password, **more})


def test_somebody_on_the_staff_signs_in_and_lands_on_a_page_that_her_roles_may_open(world: World) -> None:
    async def story() -> None:
        await world.hire()
        await world.hire(email="admin@exemple.ca", roles=("administrator",))
        async with world.browser() as browser:
            answer = await sign_in(browser)
            assert (answer.status_code, answer.headers["location"]) == (303, "/t/north/fr/referrals")
            assert (await browser.get("/t/north/fr/referrals")).status_code == 200
        async with world.browser() as browser:
            answer = await sign_in(browser, email="Admin@Exemple.CA ")
            assert answer.headers["location"] == "/t/north/fr/directory"
            assert (await browser.get("/t/north/fr/directory")).status_code == 200
        assert (await world.verbs()).count("staff.signed_in") == 2

    world.renew("quebec", "montreal")
    world.do(story)


def test_the_cookie_belongs_to_the_tenants_path_and_to_no_script(world: World) -> None:
    async def story() -> list[str]:
        await world.hire()
        async with world.browser() as plain, world.browser(scheme="https") as sealed:
            return [(await sign_in(each)).headers.get_list("set-cookie")[0] for each in (plain, sealed)]

    plain, sealed = world.do(story)

    for wanted in ("Path=/t/north", "HttpOnly", "SameSite=lax"):
        assert wanted in plain
    assert "Secure" not in plain and "Secure" in sealed
    assert "Max-Age" not in plain


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(world: World) -> None:
    async def story() -> tuple[httpx.Response, ...]:
        await world.hire()
        gone = await world.hire(email="partie@exemple.ca")
        async with world.ctx() as ctx:
            await members.close_account(ctx, gone)
        async with world.browser() as browser:
            wrong = await sign_in(browser, "not her password at all")
            unknown = await sign_in(browser, "not her password at all", email="amelia.roy@exemple.ca")
            closed = await sign_in(browser, email="partie@exemple.ca")
        return wrong, unknown, closed

    wrong, unknown, closed = world.do(story)

    assert wrong.status_code == unknown.status_code == closed.status_code == 422
    assert "L’adresse courriel ou le mot de passe n’est pas exact." in wrong.text
    assert (
        wrong.text
        == unknown.text.replace("amelia.roy@", "amelie.roy@")
        == closed.text.replace("partie@", "amelie.roy@")
    )
    for answer in (wrong, unknown, closed):
        assert "set-cookie" not in answer.headers


class NotingHasher(PasswordHasher):
    """Notes the parameters of each password that is really checked: they decide how long that takes."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.checked: list[Parameters] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        parameters = extract_parameters(str(hash))
        try:
            return super().verify(hash, password)
        finally:
            self.checked.append(parameters)


@pytest.fixture
def hasher(cheap_passwords: None, monkeypatch: pytest.MonkeyPatch) -> NotingHasher:
    noting = NotingHasher()
    monkeypatch.setattr(password_hashing, "_HASHER", noting)
    return noting


async def work_for(world: World, hasher: NotingHasher, email: str) -> list[Parameters]:
    """Returns what is checked when somebody enters a wrong password for this address."""
    hasher.checked.clear()
    async with world.ctx() as ctx:
        with pytest.raises(staff_sign_in.SignInFailed):
            await staff_sign_in.sign_in(ctx, email, "not her password at all")
    return list(hasher.checked)


async def work_for_known_and_unknown(world: World, hasher: NotingHasher) -> tuple[list[Parameters], list[Parameters]]:
    await world.hire()
    return await work_for(world, hasher, EMAIL), await work_for(world, hasher, "nobody@exemple.ca")


def test_an_unknown_address_costs_the_work_that_a_wrong_password_costs(world: World, hasher: NotingHasher) -> None:
    known, unknown = world.do(lambda: work_for_known_and_unknown(world, hasher))

    assert len(known) == 1
    assert unknown == known


def test_control_without_the_work_in_vain_the_time_tells_who_works_here(
    world: World, hasher: NotingHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_hashing, "_dummy_hash", lambda: "no hash at all")

    known, unknown = world.do(lambda: work_for_known_and_unknown(world, hasher))

    assert len(known) == 1
    assert unknown == []


@pytest.mark.parametrize("email", [EMAIL, "nobody@exemple.ca"])
def test_after_some_failures_the_next_attempt_has_to_wait_and_longer_each_time(world: World, email: str) -> None:
    async def story() -> None:
        await world.hire()
        async with world.browser() as browser:
            for _ in range(login_throttle.FREE_PER_GUESSER):
                assert (await sign_in(browser, "wrong wrong wrong", email=email)).status_code == 422
            paused = await sign_in(browser, email=email)
            assert paused.status_code == 429 and "1 min" in paused.text
            world.wait(seconds=61)
            assert (await sign_in(browser, "wrong wrong wrong", email=email)).status_code == 422
            world.wait(seconds=61)
            assert (await sign_in(browser, email=email)).status_code == 429
            world.wait(seconds=61)
            again = await sign_in(browser, email=email)
            assert again.status_code == (303 if email == EMAIL else 422)

    world.do(story)


def test_who_guesses_has_to_wait_and_the_person_who_comes_from_elsewhere_does_not(world: World) -> None:
    async def story() -> tuple[int, int]:
        await world.hire()
        async with world.browser(address="203.0.113.7") as guesser, world.browser(address="198.51.100.1") as person:
            for _ in range(login_throttle.FREE_PER_GUESSER):
                await sign_in(guesser, "wrong wrong wrong")
            return (await sign_in(guesser)).status_code, (await sign_in(person)).status_code

    assert world.do(story) == (429, 303)


def test_a_place_that_tries_many_accounts_has_to_wait_and_others_do_not(world: World) -> None:
    async def story() -> tuple[int, int]:
        await world.hire()
        for n in range(login_throttle.FREE_PER_SOURCE):
            async with world.ctx() as ctx:
                keys = login_throttle.keys_for_sign_in(ctx, f"guess{n}@exemple.ca", "203.0.113.7")
                await login_throttle.count_failure(ctx, keys)
        async with world.browser(address="203.0.113.7") as same, world.browser(address="203.0.113.8") as other:
            return (await sign_in(same)).status_code, (await sign_in(other)).status_code

    assert world.do(story) == (429, 303)


def test_guesses_sent_all_at_once_get_no_more_tries_than_one_after_the_other(world: World) -> None:
    async def story() -> list[int]:
        await world.hire()
        async with world.browser() as browser:
            sent = [sign_in(browser, f"wrong wrong {n}") for n in range(18)]
            return [answer.status_code for answer in await asyncio.gather(*sent)]

    statuses = world.do(story)

    assert statuses.count(422) <= login_throttle.FREE_PER_GUESSER + password_hashing.MAX_RUNNING
    assert set(statuses) == {422, 429}


def test_signing_in_clears_the_failures_of_the_account(world: World) -> None:
    async def story() -> list[int]:
        await world.hire()
        statuses = []
        async with world.browser() as browser:
            for _ in range(2):
                for _ in range(login_throttle.FREE_PER_GUESSER - 1):
                    await sign_in(browser, "wrong wrong wrong")
                statuses.append((await sign_in(browser)).status_code)
        return statuses

    assert world.do(story) == [303, 303]


def test_no_address_of_a_person_or_a_machine_is_stored_in_the_clear(world: World) -> None:
    async def story() -> str:
        await world.hire()
        async with world.browser(address="203.0.113.77") as browser:
            await sign_in(browser, "wrong wrong wrong")
            await sign_in(browser)
        return await _dump(world)

    dump = world.do(story)

    assert "staff.sign_in_failed" in dump, "the dump shows what is there"
    for secret in ("203.0.113.77", EMAIL, "Amélie", PASSWORD, "argon2id"):
        assert secret not in dump
        assert secret.encode().hex() not in dump


async def _dump(world: World, slug: str = "north") -> str:
    tables = ("staff", "staff_sessions", "sign_in_attempts", "api_tokens", "trail_entries")
    async with world.ctx(slug) as ctx:
        rows = [str(row[0]) for t in tables for row in await ctx.db.sql(f"SELECT row_to_json(x)::text FROM {t} x")]
    return "\n".join(rows)


def test_an_account_of_one_tenant_does_not_open_the_other(world: World) -> None:
    async def story() -> tuple[int, int]:
        await world.hire("south")
        async with world.browser() as browser:
            north = await sign_in(browser)
            south = await browser.post("/t/south/fr/sign-in", data={"email": EMAIL, "password": PASSWORD})
        return north.status_code, south.status_code

    assert world.do(story) == (422, 303)


@pytest.mark.parametrize(
    ("wanted", "landed"),
    [
        ("/t/north/fr/account", "/t/north/fr/account"),
        ("/t/north/en/referrals/0199", "/t/north/en/referrals/0199"),
        ("/t/north/en/referrals?state=received", "/t/north/en/referrals?state=received"),
        ("", "/t/north/fr/staff/coordination"),
        ("https://elsewhere.example/", "/t/north/fr/staff/coordination"),
        ("//elsewhere.example/", "/t/north/fr/staff/coordination"),
        ("/\\elsewhere.example", "/t/north/fr/staff/coordination"),
        ("/t/south/fr/account", "/t/north/fr/staff/coordination"),
        ("/t/north/../south/fr/account", "/t/north/fr/staff/coordination"),
        ("/t/north/%2e%2e/south/fr/account", "/t/north/fr/staff/coordination"),
        ("/t/northern/fr/account", "/t/north/fr/staff/coordination"),
        ("/t/north/fr/x\r\nSet-Cookie: a=b", "/t/north/fr/staff/coordination"),
        ("javascript:alert(1)", "/t/north/fr/staff/coordination"),
    ],
)
def test_who_signed_in_is_sent_on_only_inside_the_tenant(world: World, wanted: str, landed: str) -> None:
    async def story() -> str:
        await world.hire()
        async with world.browser() as browser:
            return (await sign_in(browser, next=await sealed(world, wanted))).headers["location"]

    assert world.do(story) == landed


async def sealed(world: World, address: str, *, by: str = "north") -> str:
    async with world.ctx(by) as ctx:
        return seal_address(ctx.keys, address)


def test_the_way_back_is_read_by_nobody_who_sees_the_browser_and_made_by_nobody_else(world: World) -> None:
    file = "/t/north/fr/staff/participants/ABCD-EFGH-JKLM"

    async def story() -> list[str]:
        await world.hire()
        async with world.browser() as browser:
            led = (await browser.get(file)).headers["location"]
            way_back = led.partition("?next=")[2]
            page = await browser.get(led)
            assert f'name="next" value="{way_back}"' in page.text
            foreign = await sealed(world, "/t/north/fr/account", by="south")
            tried = (way_back, file, foreign)
            landed = [(await sign_in(browser, next=each)).headers["location"] for each in tried]
            return [led, *landed]

    led, *landed = world.do(story)
    assert "ABCD" not in led
    assert landed == [file, *["/t/north/fr/staff/coordination"] * 2]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
    ],
)
def test_another_site_cannot_sign_somebody_in(world: World, headers: dict[str, str]) -> None:
    async def story() -> tuple[httpx.Response, httpx.Response]:
        await world.hire()
        data = {"email": EMAIL, "password": PASSWORD}
        own = {"origin": "http://localhost", "sec-fetch-site": "same-origin"}
        async with world.browser() as browser:
            return await browser.post(FORM, data=data, headers=headers), await browser.post(
                FORM, data=data, headers=own
            )

    refused, control = world.do(story)

    assert (refused.status_code, control.status_code) == (403, 303)
    assert "set-cookie" not in refused.headers


@pytest.mark.parametrize(
    "body",
    [
        b"email=%ED%A0%80&password=%ED%A0%80%00",
        b"email=" + b"a" * 100_000 + b"&password=" + b"b" * 1_000_000,
        b"email=a&email=b&password=c&password=d",
        b"email[]=a&password=%27%20OR%201%3D1--",
        b"",
        b"\xff\xfe=\x00",
    ],
)
def test_what_is_not_a_sign_in_form_never_breaks_the_page(world: World, body: bytes) -> None:
    async def story() -> int:
        async with world.browser() as browser:
            kind = {"content-type": "application/x-www-form-urlencoded"}
            return (await browser.post(FORM, content=body, headers=kind)).status_code

    assert world.do(story) in {400, 422}


def test_a_hash_made_with_older_settings_is_made_anew_at_the_next_sign_in(world: World) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD.encode())

    async def kept(ctx: Context) -> str:
        row = (await ctx.db.sql("SELECT id, password_hash FROM staff"))[0]
        return ctx.keys.open("staff", row["id"], "password_hash", row["password_hash"]).decode()

    async def story() -> str:
        who = await world.hire()
        async with world.ctx() as ctx:
            sealed = ctx.keys.seal("staff", who, "password_hash", old)
            await ctx.db.sql("UPDATE staff SET password_hash = $1", sealed)
        async with world.browser() as browser:
            assert (await sign_in(browser)).status_code == 303
        async with world.ctx() as ctx:
            return await kept(ctx)

    new = world.do(story)

    assert password_hashing.needs_rehash(old) and not password_hashing.needs_rehash(new)
