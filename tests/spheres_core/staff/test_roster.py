"""Roles and closed accounts: what changes at the next request, and that somebody always remains who can change it."""

from __future__ import annotations

import asyncio
import re
from uuid import UUID

import httpx
import pytest
from msgspec import structs

from spheres_core.foundation.tenancy.context import Actor
from spheres_core.staff import schemas
from spheres_core.staff.operations import members, tokens
from spheres_core.staff.operations.members import LastAdministrator, OwnRoles
from spheres_core.staff.queries import members as member_queries
from tests.spheres_core.staff.conftest import EMAIL, PASSWORD, World
from tests.wait import wait_until_async

SOMEBODY_WAITS = "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
"""Whether somebody waits for a lock that this transaction holds."""


async def enter(browser: httpx.AsyncClient, email: str = EMAIL) -> None:
    answer = await browser.post("/t/north/fr/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303


async def form_secret(browser: httpx.AsyncClient) -> str:
    page = await browser.get("/t/north/fr/account")
    found = re.search(r'name="_csrf" value="(\w+)"', page.text)
    assert found is not None
    return found[1]


def test_new_roles_hold_from_the_next_request(world: World) -> None:
    async def story() -> list[int]:
        who = await world.hire(roles=("coordinator",))
        found = []
        async with world.browser() as browser:
            await enter(browser)
            for roles in (("evaluator",), ("coordinator", "liaison")):
                async with world.ctx() as ctx:
                    await members.change_roles(ctx, who, roles)
                found.append((await browser.get("/t/north/fr/directory")).status_code)
        return found

    assert world.do(story) == [403, 200]


def test_the_last_administrator_who_can_sign_in_is_neither_closed_out_nor_demoted(world: World) -> None:
    async def story() -> None:
        last = await world.hire(email="a@exemple.ca", roles=("administrator", "liaison"))
        other = await world.hire(email="b@exemple.ca", roles=("administrator",))
        async with world.ctx() as ctx:
            await members.close_account(ctx, other)
        for act in (
            lambda ctx: members.close_account(ctx, last),
            lambda ctx: members.change_roles(ctx, last, ["liaison"]),
        ):
            async with world.ctx() as ctx:
                with pytest.raises(LastAdministrator):
                    await act(ctx)
        async with world.ctx() as ctx:
            await members.open_account(ctx, other)
            await members.change_roles(ctx, last, ["liaison"])

    world.do(story)


def test_two_administrators_who_leave_at_once_do_not_both_go(world: World) -> None:
    async def story() -> list[str]:
        both = [await world.hire(email=f"{n}@exemple.ca", roles=("administrator",)) for n in range(2)]

        left: list[UUID] = []

        async def leave(who: UUID) -> str:
            async def have_met() -> bool:
                return len(left) == 2 or bool(await ctx.db.sql(SOMEBODY_WAITS))

            try:
                async with world.ctx() as ctx:
                    await members.close_account(ctx, who)
                    left.append(who)
                    await wait_until_async(have_met)
            except LastAdministrator:
                return "stays"
            return "goes"

        return sorted(await asyncio.gather(*map(leave, both)))

    assert world.do(story) == ["goes", "stays"]


def test_nobody_gives_roles_to_the_own_account_but_may_lay_them_down(world: World) -> None:
    async def story() -> tuple[str, ...]:
        await world.hire(email="a@exemple.ca", roles=("administrator",))
        me = await world.hire(roles=("administrator", "liaison"))
        async with world.ctx() as ctx:
            hers = structs.replace(ctx, actor=Actor("staff", me, frozenset({"administrator"})))
            with pytest.raises(OwnRoles):
                await members.change_roles(hers, me, ["administrator", "coordinator"])
            return (await members.change_roles(hers, me, ["administrator"])).roles

    assert world.do(story) == ("administrator",)


def test_closing_an_account_on_its_page_says_what_it_held_and_ends_it_all(world: World) -> None:
    async def story() -> None:
        await world.hire(email="a@exemple.ca", roles=("administrator",))
        who = await world.hire(roles=("coordinator",))
        async with world.browser() as admin, world.browser() as browser:
            await enter(admin, "a@exemple.ca")
            await enter(browser)
            page = await admin.get(f"/t/north/fr/administration/staff/{who}")
            assert "1 appareil connecté" in page.text
            assert "Coordination" in page.text.partition("Personne d’autre ici")[2]
            form = {"_csrf": await form_secret(admin)}
            closing = await admin.post(f"/t/north/fr/administration/staff/{who}/off", data=form)
            assert closing.status_code == 303
            assert (await browser.get("/t/north/fr/directory")).status_code == 303, "to the sign-in"
            again = await browser.post("/t/north/fr/sign-in", data={"email": EMAIL, "password": PASSWORD})
            assert again.status_code == 422
            (me,) = [m.id for m in await _members(world) if m.email == "a@exemple.ca"]
            last = await admin.post(f"/t/north/fr/administration/staff/{me}/off", data=form)
            assert last.status_code == 409
            assert "dernier" in last.text
            unknown = await admin.post(f"/t/north/fr/administration/staff/{UUID(int=7)}/off", data=form)
            assert unknown.status_code == 404
        assert (await world.verbs()).count("staff.switched_off") == 1

    world.do(story)


async def _members(world: World) -> list[schemas.Member]:
    async with world.ctx() as ctx:
        return await member_queries.show_staff(ctx)


def test_roles_change_through_page_and_api_alike(world: World) -> None:
    async def story() -> None:
        await world.hire(email="a@exemple.ca", roles=("administrator",))
        who = await world.hire(roles=("coordinator",))
        async with world.ctx() as ctx:
            token = await tokens.create_token(ctx, ["administrator"], label="Bridge", days=3)
        async with world.browser() as admin:
            await enter(admin, "a@exemple.ca")
            form = {"_csrf": await form_secret(admin), "roles": ["liaison", "evaluator"]}
            assert (await admin.post(f"/t/north/fr/administration/staff/{who}/roles", data=form)).status_code == 303
            none = await admin.post(f"/t/north/fr/administration/staff/{who}/roles", data={"_csrf": form["_csrf"]})
            assert none.status_code == 422
            csrf_free = await admin.post(f"/t/north/fr/administration/staff/{who}/roles", data={"roles": ["liaison"]})
            assert csrf_free.status_code == 403
        async with world.browser() as other:
            other.headers["authorization"] = f"Bearer {token}"
            one = (await other.get(f"/t/north/api/admin/staff/{who}")).json()
            assert one["member"]["roles"] == ["liaison", "evaluator"]
            assert one["held"]["alone_in"] == ["liaison", "evaluator"]
            changed = await other.post(f"/t/north/api/admin/staff/{who}/roles", json={"roles": ["pivot_worker"]})
            assert changed.json()["roles"] == ["pivot_worker"]
            closed = await other.post(f"/t/north/api/admin/staff/{who}/off")
            assert closed.json()["sessions"] == 0
            assert (await other.post(f"/t/north/api/admin/staff/{who}/on")).json() == {"active": True}
            assert len((await other.get("/t/north/api/admin/staff")).json()["staff"]) == 2

    world.do(story)
