"""Recovering access: a link that works once, for one account, made by an administrator and told by the trail."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from msgspec import structs

from spheres_core.foundation.errors import NotAllowed
from spheres_core.foundation.tenancy.context import Actor
from spheres_core.staff.operations import login_throttle, members, recoveries
from spheres_core.staff.operations.recoveries import OwnRecovery, RecoveryGone
from spheres_core.staff.queries.members import AccountClosed
from tests.spheres_core.staff.conftest import EMAIL, PASSWORD, World
from tests.spheres_core.staff.test_known_browsers import count_failures, known
from tests.spheres_core.staff.test_roster import enter, form_secret
from tests.spheres_core.staff.test_signing_in import sign_in

CHOSEN = "une lampe au bord du lac"
ADMIN = "admin@exemple.ca"


async def issued(world: World, who: UUID, slug: str = "north") -> str:
    """The secret of a link that the server made."""
    async with world.ctx(slug) as ctx:
        made = await recoveries.issue_recovery(ctx, who)
    assert made.link is not None
    return made.link.rpartition("#")[2]


async def open_link(browser: httpx.AsyncClient, secret: str, *, slug: str = "north") -> httpx.Response:
    return await browser.post(f"/t/{slug}/fr/recovery", data={"secret": secret})


async def recover(browser: httpx.AsyncClient, secret: str, **change: str) -> httpx.Response:
    sent = {"secret": secret, "password": CHOSEN, "again": CHOSEN, **change}
    return await browser.post("/t/north/fr/recovery/password", data=sent)


async def is_in(browser: httpx.AsyncClient) -> bool:
    return (await browser.get("/t/north/fr/account")).status_code == 200


def test_an_administrator_makes_a_link_and_her_colleague_is_in_again_with_a_password_of_her_own(world: World) -> None:
    async def story() -> None:
        await world.hire(email=ADMIN, roles=("administrator",))
        who = await world.hire()
        async with world.browser() as admin, world.browser() as old, world.browser(address="192.0.2.1") as hers:
            await enter(admin, ADMIN)
            await enter(old)
            member = f"/t/north/fr/administration/staff/{who}"
            form = {"_csrf": await form_secret(admin), "hand_over": "yes"}
            page = await admin.post(f"{member}/recovery", data=form)
            assert page.status_code == 201
            (link,) = re.findall(r"<code>(http://[^<]+)</code>", page.text)
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/t/north/fr/recovery#[A-Za-z0-9_-]{43}", link)
            secret = link.rpartition("#")[2]
            assert not await is_in(old), "she is signed out at once"
            assert "ouvert jusqu’au" in (await admin.get(member)).text
            asked = await hers.get("/t/north/fr/recovery")
            assert "data-link-secret" in asked.text and "link_secret.js" in asked.text
            opened = await open_link(hers, link)
            assert opened.status_code == 200 and "Amélie Roy" in opened.text
            assert (await recover(hers, secret)).headers["location"] == "/t/north/fr/staff/coordination"
            assert await is_in(hers) and known(hers), "and this browser is known from now on"
            statuses = [(await sign_in(hers, each)).status_code for each in (PASSWORD, CHOSEN)]
        assert statuses == [422, 303]
        trail = [verb for verb in await world.verbs() if verb.startswith("recovery")]
        assert trail == ["recovery.issued", "recovery.used"]

    world.do(story)


def test_a_link_works_once_for_its_hours_and_a_newer_one_replaces_it(world: World) -> None:
    async def story() -> list[int]:
        who = await world.hire()
        used, statuses = await issued(world, who), []
        async with world.browser() as browser:
            statuses += [(await recover(browser, used)).status_code, (await recover(browser, used)).status_code]
            first, second = await issued(world, who), await issued(world, who)
            statuses += [(await open_link(browser, each)).status_code for each in (first, second)]
            world.wait(hours=23, minutes=59)
            statuses.append((await open_link(browser, second)).status_code)
            world.wait(minutes=1)
            statuses.append((await open_link(browser, second)).status_code)
        return statuses

    assert world.do(story) == [303, 404, 404, 200, 200, 404]


def test_a_password_that_is_refused_uses_no_link_up(world: World) -> None:
    async def story() -> list[int]:
        secret = await issued(world, await world.hire())
        async with world.browser() as browser:
            return [
                (await recover(browser, secret, **change)).status_code
                for change in ({"again": "another one entirely"}, {"password": "court", "again": "court"}, {})
            ]

    assert world.do(story) == [409, 422, 303]


def test_every_link_that_opens_nothing_gets_the_same_answer(world: World) -> None:
    async def story() -> set[tuple[int, str]]:
        who, stranger = await world.hire(), await world.hire("south")
        replaced, elsewhere = await issued(world, who), await issued(world, stranger, "south")
        used = await issued(world, who)
        async with world.browser() as browser:
            await recover(browser, used)
        async with world.browser() as browser:
            found = [await open_link(browser, each) for each in (replaced, elsewhere, used, "A" * 43, "", "é" * 43)]
        return {(each.status_code, each.text) for each in found}

    ((status, text),) = world.do(story)

    assert status == 404
    assert "Amélie" not in text


def test_guessing_links_has_to_wait(world: World) -> None:
    async def story() -> list[int]:
        async with world.browser() as browser:
            return [(await open_link(browser, "A" * 43)).status_code for _ in range(recoveries.FREE_GUESSES + 1)]

    assert world.do(story) == [404] * recoveries.FREE_GUESSES + [429]


@pytest.mark.parametrize("end", ["closed", "own_password", "maker_closed", "maker_demoted", "taken_back"])
def test_a_link_ends_with_what_made_it_needless_or_who_made_it(world: World, end: str) -> None:
    async def story() -> int:
        await world.hire(email="other@exemple.ca", roles=("administrator",))
        maker, who = await world.hire(email=ADMIN, roles=("administrator",)), await world.hire()
        async with world.ctx() as ctx:
            hers = structs.replace(ctx, actor=Actor("staff", maker, frozenset({"administrator"})))
            secret = str((await recoveries.issue_recovery(hers, who)).link).rpartition("#")[2]
        if end == "own_password":
            async with world.browser() as browser:
                await enter(browser)
                form = {"_csrf": await form_secret(browser), "old": PASSWORD, "new": CHOSEN, "again": CHOSEN}
                assert (await browser.post("/t/north/fr/account/password", data=form)).status_code == 303
        acts: dict[str, Any] = {
            "closed": lambda ctx: members.close_account(ctx, who),
            "maker_closed": lambda ctx: members.close_account(ctx, maker),
            "maker_demoted": lambda ctx: members.change_roles(ctx, maker, ["liaison"]),
            "taken_back": lambda ctx: recoveries.revoke_recovery(ctx, who),
        }
        if end in acts:
            async with world.ctx() as ctx:
                await acts[end](ctx)
        async with world.browser() as browser:
            return (await open_link(browser, secret)).status_code

    assert world.do(story) == 404


def test_nobody_recovers_her_own_account_a_closed_one_or_with_a_token(world: World) -> None:
    async def story() -> None:
        await world.hire(email="other@exemple.ca", roles=("administrator",))
        me, gone = await world.hire(roles=("administrator",)), await world.hire(email="partie@exemple.ca")
        async with world.ctx() as ctx:
            await members.close_account(ctx, gone)
            roles = frozenset({"administrator"})
            for kind, who, refusal in (
                ("staff", me, OwnRecovery), ("staff", gone, AccountClosed), ("token", gone, NotAllowed)
            ):  # fmt: skip
                with pytest.raises(refusal):
                    await recoveries.issue_recovery(structs.replace(ctx, actor=Actor(kind, me, roles)), who)
            with pytest.raises(RecoveryGone):
                await recoveries.revoke_recovery(ctx, me)
        async with world.browser() as browser:
            await enter(browser)
            form = {"_csrf": await form_secret(browser)}
            for who in (me, gone):
                answer = await browser.post(f"/t/north/fr/administration/staff/{who}/recovery", data=form)
                assert answer.status_code == 409
                assert 'role="alert"' in answer.text

    world.do(story)


def test_two_who_use_the_same_link_at_once_set_one_password(world: World) -> None:
    async def story() -> list[int]:
        secret = await issued(world, await world.hire())
        async with world.browser() as one, world.browser() as other:
            other_password = "quatre saisons devant nous"
            both = recover(one, secret), recover(other, secret, password=other_password, again=other_password)
            return sorted(each.status_code for each in await asyncio.gather(*both))

    assert world.do(story) == [303, 404]


def test_who_is_paused_by_guesses_from_everywhere_is_let_in_by_a_link(world: World) -> None:
    async def story() -> list[int]:
        who = await world.hire()
        await count_failures(world, EMAIL, times=login_throttle.FREE_PER_ACCOUNT)
        async with world.browser(address="192.0.2.1") as browser:
            paused = (await sign_in(browser)).status_code
            await recover(browser, await issued(world, who))
            return [paused, (await sign_in(browser, CHOSEN)).status_code]

    assert world.do(story) == [429, 303]


def test_the_secret_of_a_link_is_neither_stored_nor_in_an_address(world: World) -> None:
    async def story() -> tuple[str, str, list[str]]:
        who = await world.hire()
        async with world.browser() as browser:
            secret = await issued(world, who)
            requests: list[str] = []
            browser.event_hooks["request"] = [_noting(requests)]
            await open_link(browser, secret)
            await recover(browser, secret, again="another one")
        async with world.ctx() as ctx:
            tables = ("account_recoveries", "trail_entries")
            rows = [str(r[0]) for t in tables for r in await ctx.db.sql(f"SELECT row_to_json(x)::text FROM {t} x")]
        return secret, "\n".join(rows), requests

    secret, dump, addresses = world.do(story)

    assert "recovery.issued" in dump, "the dump shows what is there"
    for text in (dump, *addresses):
        assert secret not in text
        assert secret.encode().hex() not in text


def _noting(addresses: list[str]) -> Any:
    async def note(request: httpx.Request) -> None:
        addresses.append(str(request.url))

    return note
