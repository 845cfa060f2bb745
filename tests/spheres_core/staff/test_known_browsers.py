"""Nobody is locked out: who guesses waits, and the person whose account it is signs in where she always does."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

import httpx
import pytest

from spheres_core.staff import password_hashing
from spheres_core.staff.operations import login_throttle, members
from spheres_core.staff.operations import sign_in as staff_sign_in
from spheres_core.staff.operations.known_browsers import MOST_KNOWN
from tests.spheres_core.staff.conftest import EMAIL, PASSWORD, World
from tests.spheres_core.staff.test_roster import form_secret
from tests.spheres_core.staff.test_signing_in import sign_in

NOBODY: Final = "nobody@exemple.ca"
AN_HOUR: Final = 1000
"""Guesses in one."""


async def guess(world: World, email: str, *, times: int, addresses: int) -> list[int]:
    """Wrong passwords, spread over an hour and over so many addresses: the status that each gets."""
    found = []
    for n in range(times):
        world.wait(seconds=3600 / AN_HOUR)
        source = f"198.18.{n % addresses // 250}.{n % addresses % 250}"
        async with world.ctx() as ctx:
            with pytest.raises((staff_sign_in.SignInFailed, login_throttle.SignInPaused)) as refused:
                await staff_sign_in.sign_in(ctx, email, f"wrong wrong {n}", source=source)
        found.append(refused.value.status)
    return found


async def count_failures(world: World, email: str, *, times: int) -> None:
    """As many failures at one account, each from another address."""
    for n in range(times):
        async with world.ctx() as ctx:
            keys = login_throttle.keys_for_sign_in(ctx, email, f"198.18.{n // 250}.{n % 250}")
            await login_throttle.count_failure(ctx, keys)


def known(browser: httpx.AsyncClient) -> list[tuple[str, str]]:
    """The cookies by which this browser is known: name and value."""
    return [(each.name, each.value or "") for each in browser.cookies.jar if "_known_" in each.name]


def test_a_thousand_guesses_an_hour_from_everywhere_do_not_keep_her_from_the_browser_she_uses(world: World) -> None:
    async def story() -> None:
        await world.hire()
        async with world.browser() as hers, world.browser(address="192.0.2.1") as new:
            await sign_in(hers)
            world.wait(days=3)
            statuses = await guess(world, EMAIL, times=AN_HOUR, addresses=500)
            assert statuses.count(422) < login_throttle.FREE_PER_ACCOUNT + 10, "few of them are even looked at"
            assert (await sign_in(new)).status_code == 429, "control: elsewhere the right password has to wait too"
            assert (await sign_in(hers)).status_code == 303

    world.do(story)


def test_a_thousand_guesses_an_hour_from_one_address_keep_her_from_no_browser_at_all(world: World) -> None:
    async def story() -> list[int]:
        await world.hire()
        statuses = await guess(world, EMAIL, times=200, addresses=1)
        assert statuses.count(422) < 15
        async with world.browser(address="192.0.2.1") as new:
            return [(await sign_in(new)).status_code]

    assert world.do(story) == [303]


def test_guesses_are_answered_alike_whether_the_account_is_there_or_not(world: World) -> None:
    async def story() -> tuple[list[int], list[int]]:
        await world.hire()
        async with world.browser() as hers:
            await sign_in(hers)
        times = login_throttle.FREE_PER_ACCOUNT + 20
        return tuple([await guess(world, each, times=times, addresses=60) for each in (EMAIL, NOBODY)])  # type: ignore[return-value]

    there, not_there = world.do(story)

    assert there == not_there
    assert {422, 429} == set(there)


def test_the_cookie_lasts_belongs_to_the_path_and_to_no_script_and_is_set_on_success_only(world: World) -> None:
    async def story() -> None:
        await world.hire()
        async with world.browser(scheme="https") as browser:
            failed = await sign_in(browser, "wrong wrong wrong")
            assert "set-cookie" not in failed.headers
            session, cookie = (await sign_in(browser)).headers.get_list("set-cookie")
        assert session.startswith("spheres_north=")
        for wanted in (
            "spheres_north_known_",
            "Path=/t/north",
            "HttpOnly",
            "SameSite=strict",
            "Secure",
            "Max-Age=7776",
        ):
            assert wanted in cookie
        assert EMAIL not in cookie

    world.do(story)


def test_the_cookie_helps_at_its_own_account_only_and_only_as_it_was_signed(world: World) -> None:
    async def story() -> list[int]:
        other = "autre@exemple.ca"
        await world.hire()
        await world.hire(email=other)
        async with world.browser() as hers, world.browser() as others:
            await sign_in(hers)
            await sign_in(others, email=other)
            (name, value), (_, foreign) = known(hers)[0], known(others)[0]
        await count_failures(world, EMAIL, times=login_throttle.FREE_PER_ACCOUNT)
        statuses = []
        for cookie in (foreign, value[:-1] + ("0" if value[-1] != "0" else "1"), "é" * 40, value[:43], "", value):
            async with world.browser(address="192.0.2.1") as thief:
                header = {b"cookie": f"{name}={cookie}".encode()}
                data = {"email": EMAIL, "password": PASSWORD}
                statuses.append((await thief.post("/t/north/fr/sign-in", data=data, headers=header)).status_code)
        return statuses

    assert world.do(story) == [429, 429, 429, 429, 429, 303]


def test_guesses_from_a_known_browser_have_to_wait_by_themselves(world: World) -> None:
    async def story() -> list[int]:
        await world.hire()
        async with world.browser(address="192.0.2.9") as stolen, world.browser() as new:
            await sign_in(stolen)
            statuses = [
                (await sign_in(stolen, "wrong wrong wrong")).status_code
                for _ in range(login_throttle.FREE_PER_GUESSER + 1)
            ]
            assert (await sign_in(new)).status_code == 303
            world.wait(seconds=61)
            return [*statuses, (await sign_in(stolen)).status_code]

    assert world.do(story) == [422] * login_throttle.FREE_PER_GUESSER + [429, 303]


def test_a_browser_stays_known_after_signing_out_and_is_forgotten_after_signing_out_everywhere(world: World) -> None:
    async def story() -> list[int]:
        await world.hire()
        statuses = []
        async with world.browser() as browser:
            for path in ("sign-out", "sign-out-everywhere"):
                await sign_in(browser)
                await browser.post(f"/t/north/fr/{path}", data={"_csrf": await form_secret(browser)})
                await count_failures(world, EMAIL, times=login_throttle.FREE_PER_ACCOUNT)
                statuses.append((await sign_in(browser)).status_code)
                world.wait(days=2)
        return statuses

    assert world.do(story) == [303, 429]


def test_closing_an_account_forgets_its_browsers_and_only_so_many_are_kept(world: World) -> None:
    async def story() -> list[int]:
        await world.hire(email="a@exemple.ca", roles=("administrator",))
        who = await world.hire()
        counts = []
        for _ in range(MOST_KNOWN + 2):
            world.wait(minutes=1)
            async with world.browser() as browser:
                await sign_in(browser)
        for act in (None, members.close_account):
            async with world.ctx() as ctx:
                if act is not None:
                    await act(ctx, who)
                counts.append(len(await ctx.db.sql("SELECT 1 FROM known_browsers")))
        return counts

    assert world.do(story) == [MOST_KNOWN, 0]


def test_a_browser_gets_a_new_secret_at_each_sign_in_and_no_secret_is_stored(world: World) -> None:
    async def story() -> None:
        await world.hire()
        values = []
        async with world.browser() as browser:
            for _ in range(2):
                await sign_in(browser)
                values += [value for _, value in known(browser)]
        assert len(set(values)) == 2
        async with world.ctx() as ctx:
            (row,) = await ctx.db.sql("SELECT row_to_json(x)::text FROM known_browsers x")
        for value in values:
            secret, _, signature = value.partition(".")
            assert secret not in row[0]
            assert secret.encode().hex() not in row[0]
            assert signature not in row[0]
        verbs = await world.verbs()
        assert (verbs.count("staff.signed_in"), verbs.count("staff.browser_remembered")) == (2, 1)

    world.do(story)


@pytest.mark.parametrize(("reserved", "gets_in"), [(True, True), (False, False)])
def test_while_many_passwords_are_checked_one_from_a_known_browser_is_too(*, reserved: bool, gets_in: bool) -> None:
    async def story() -> bool:
        over = asyncio.Event()
        crowd_size = password_hashing.MAX_RUNNING + password_hashing.MAX_WAITING
        full = asyncio.Barrier(password_hashing.MAX_RUNNING + 1)

        async def check() -> None:
            async with password_hashing.hashing_slot(UUID(int=1)):
                if not over.is_set():
                    await full.wait()
                await over.wait()

        crowd = [asyncio.create_task(check()) for _ in range(crowd_size)]
        await full.wait()
        try:
            async with password_hashing.hashing_slot(UUID(int=1), reserved=reserved):
                return True
        except password_hashing.TooBusy:
            return False
        finally:
            over.set()
            await asyncio.gather(*crowd)

    assert asyncio.run(story()) is gets_in
