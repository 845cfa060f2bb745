"""Tokens of other systems: seen by those who look after them, taken back, and gone with who answers for them."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest
from msgspec import structs

from spheres_core.foundation.errors import NotAllowed
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.staff.operations import members, own_account, recoveries, sessions, tokens
from spheres_core.staff.operations.tokens import TokenUnknown
from spheres_core.staff.queries import tokens as token_queries
from spheres_core.staff.queries.members import AccountClosed, get_member
from spheres_core.staff.schemas import Token
from tests.spheres_core.staff.conftest import PASSWORD, World
from tests.spheres_core.staff.test_roster import enter, form_secret

ADMIN = "admin@exemple.ca"
PAGE = "/t/north/fr/administration/tokens"
REFERRALS = "/t/north/api/referrals"
FORM = {"label": "Passerelle d’une clinique", "roles": "coordinator", "days": "30"}


async def opens(world: World, token: str, path: str = "/t/north/fr/directory") -> bool:
    async with world.browser() as system:
        return (await system.get(path, headers={"authorization": f"Bearer {token}"})).status_code == 200


async def of(world: World, who: UUID) -> str:
    """A token that acts as this person, made on the server."""
    async with world.ctx() as ctx:
        return await tokens.create_token_of(ctx, await get_member(ctx, who), label="Hers")


async def make(browser: httpx.AsyncClient, **change: str) -> str:
    """A token's text, from the page that shows it once."""
    page = await browser.post(PAGE, data={**FORM, **change, "_csrf": await form_secret(browser)})
    assert page.status_code == 201, page.text
    return re.findall(r"<code>(sph_[\w-]+)</code>", page.text)[0]


async def listed(world: World, slug: str = "north") -> list[Token]:
    async with world.ctx(slug) as ctx:
        return await token_queries.list_tokens(ctx)


def as_staff(ctx: Context, who: UUID, *roles: str) -> Context:
    return structs.replace(ctx, actor=Actor("staff", who, frozenset(roles)))


def test_an_administrator_makes_a_token_sees_its_use_and_takes_it_back(world: World) -> None:
    async def story() -> None:
        await world.hire(email=ADMIN, roles=("administrator",))
        async with world.browser() as admin:
            await enter(admin, ADMIN)
            text = await make(admin)
            before = (await admin.get(PAGE)).text
            assert text not in before and "Passerelle d’une clinique" in before
            assert "Amélie Roy" in before and "21 décembre 2026" in before and "Jamais" in before
            assert await opens(world, text)
            used = (await admin.get(PAGE)).text
            assert "Jamais" not in used and used.count("21 novembre 2026") > before.count("21 novembre 2026")
            (one,) = await listed(world)
            answer = await admin.post(f"{PAGE}/{one.id}/revoke", data={"_csrf": await form_secret(admin)})
            assert answer.headers["location"] == f"{PAGE}?done=revoked"
            after = (await admin.get(answer.headers["location"])).text
            assert "Retiré" in after and "/revoke" not in after
        assert not await opens(world, text)
        trail = [verb for verb in await world.verbs() if verb.startswith("token")]
        assert trail == ["token.created", "tokens.listed", "tokens.listed", "token.revoked", "tokens.listed"]

    world.do(story)


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(world: World) -> None:
    async def story() -> None:
        await world.hire(email=ADMIN, roles=("administrator",))
        async with world.browser() as admin:
            await enter(admin, ADMIN)
            secret = await form_secret(admin)
            for wrong, place in (
                ({"label": " "}, "label"),
                ({"days": "400"}, "days"),
                ({"days": "un mois"}, "days"),
                ({"days": "9" * 500}, "days"),
                ({"roles": "owner"}, "roles"),
            ):
                page = await admin.post(PAGE, data={**FORM, **wrong, "_csrf": secret})
                assert page.status_code == 422, wrong
                assert re.findall(r'class="error" id="(\w+)-problem"', page.text) == [place]
                if "label" not in wrong:
                    assert FORM["label"] in page.text
        assert await listed(world) == []

    world.do(story)


def test_a_token_ends_with_the_account_that_made_it_and_stays_ended(world: World) -> None:
    async def story() -> list[bool]:
        await world.hire(email="other@exemple.ca", roles=("administrator",))
        who = await world.hire(email=ADMIN, roles=("administrator",))
        async with world.browser() as admin:
            await enter(admin, ADMIN)
            text = await make(admin)
        found = [await opens(world, text)]
        async with world.ctx() as ctx:
            await members.close_account(ctx, who)
        found.append(await opens(world, text))
        async with world.ctx() as ctx:
            await members.open_account(ctx, who)
        return [*found, await opens(world, text)]

    assert world.do(story) == [True, False, False]


def test_a_token_made_at_the_moment_in_which_its_account_closes_opens_nothing(world: World) -> None:
    async def story() -> bool:
        await world.hire(email="other@exemple.ca", roles=("administrator",))
        who = await world.hire(email=ADMIN, roles=("administrator",))
        async with world.ctx() as making:
            text = await tokens.create_token(as_staff(making, who, "administrator"), ["coordinator"], label="Late")
            async with world.ctx() as closing:
                await members.close_account(closing, who)
        (one,) = await listed(world)
        assert (one.revoked_at, one.state) == (None, "revoked")
        return await opens(world, text)

    assert world.do(story) is False


def test_a_token_is_good_for_thirty_days_when_nothing_else_is_asked(world: World) -> None:
    async def story() -> list[bool]:
        async with world.ctx() as ctx:
            text = await tokens.create_token(ctx, ["coordinator"], label="Bridge")
        world.wait(days=29, hours=23)
        found = [await opens(world, text)]
        world.wait(hours=1)
        return [*found, await opens(world, text)]

    assert world.do(story) == [True, False]


def test_who_answers_for_a_token_takes_it_back_on_her_own_page_and_nobody_elses(world: World) -> None:
    async def story() -> None:
        hers = await world.hire(email=ADMIN, roles=("administrator",))
        other = await world.hire(email="other@exemple.ca", roles=("liaison",))
        async with world.ctx() as ctx:
            text = await tokens.create_token(ctx, ["coordinator"], label="Hers", made_by=hers)
            await tokens.create_token(ctx, ["coordinator"], label="The other's", made_by=other)
            await tokens.create_token(ctx, ["coordinator"], label="Made on the server")
        mine, others = [next(t.id for t in await listed(world) if t.made_by == who) for who in (hers, other)]
        async with world.browser() as browser:
            await enter(browser, ADMIN)
            page = (await browser.get("/t/north/en/account")).text
            assert "Hers" in page and "The other" not in page and "Made on the server" not in page
            form = {"_csrf": await form_secret(browser)}
            foreign = await browser.post(f"/t/north/en/account/tokens/{others}/revoke", data=form)
            assert "done" not in foreign.headers["location"]
            own = await browser.post(f"/t/north/en/account/tokens/{mine}/revoke", data=form)
            assert own.headers["location"] == "/t/north/en/account?done=token"
            assert "The token opens nothing any more." in (await browser.get(own.headers["location"])).text
        assert not await opens(world, text)
        assert {t.label: t.state for t in await listed(world)} == {
            "Hers": "revoked", "The other's": "valid", "Made on the server": "valid"
        }  # fmt: skip

    world.do(story)


def test_a_token_lists_and_takes_back_but_makes_no_other(world: World) -> None:
    async def story() -> None:
        async with world.ctx() as ctx:
            text = await tokens.create_token(ctx, ["administrator"], label="Bridge")
            (own,) = await token_queries.list_tokens(ctx)
            itself = structs.replace(ctx, actor=Actor("token", own.id, frozenset({"administrator"})))
            with pytest.raises(NotAllowed):
                await tokens.create_token(itself, ["administrator"], label="Again")
        async with world.browser() as system:
            system.headers["authorization"] = f"Bearer {text}"
            (shown,) = (await system.get("/t/north/api/admin/tokens")).json()["tokens"]
            assert shown["label"] == "Bridge" and shown["last_used_at"] and shown["maker"] is None
            assert not {"hash", "text", "token"} & set(shown)
            for status, after in ((200, 401), (401, 401)):
                assert (await system.post(f"/t/north/api/admin/tokens/{own.id}/revoke")).status_code == status
                assert (await system.get("/t/north/api/admin/tokens")).status_code == after

    world.do(story)


def test_a_token_of_one_tenant_is_neither_seen_nor_taken_back_from_another(world: World) -> None:
    async def story() -> None:
        async with world.ctx() as ctx:
            text = await tokens.create_token(ctx, ["coordinator"], label="Bridge")
        (one,) = await listed(world)
        assert await listed(world, "south") == []
        async with world.ctx("south") as ctx:
            with pytest.raises(TokenUnknown):
                await tokens.revoke_token(ctx, one.id)
        assert await opens(world, text)

    world.do(story)


def test_what_ended_a_month_ago_leaves_the_list_and_keeps_its_name_for_the_trail(world: World) -> None:
    async def story() -> tuple[list[int], int]:
        async with world.ctx() as ctx:
            await tokens.create_token(ctx, ["coordinator"], label="Bridge", days=1)
        counts = []
        for days in (30, 2):
            world.wait(days=days)
            counts.append(len(await listed(world)))
        async with world.ctx() as ctx:
            return counts, len(await ctx.db.sql("SELECT label FROM api_tokens"))

    assert world.do(story) == ([1, 0], 1)


def test_a_token_of_a_person_is_hers_in_the_trail_which_names_the_token(world: World) -> None:
    async def story() -> None:
        hers = await world.hire(email="other@exemple.ca", roles=("administrator", "liaison"))
        text = await of(world, hers)
        async with world.browser() as system:
            system.headers["authorization"] = f"Bearer {text}"
            listed = await system.get("/t/north/api/admin/tokens")
        (one,) = listed.json()["tokens"]
        assert (one["maker"], one["acts_as_maker"], one["roles"]) == ("Amélie Roy", True, ["administrator", "liaison"])
        async with world.ctx() as ctx:
            (entry,) = await ctx.db.sql("SELECT * FROM trail_entries WHERE verb = 'tokens.listed'")
        assert (entry["actor_kind"], entry["actor_id"]) == ("staff", hers)
        assert entry["details"]["token"] == one["id"]

    world.do(story)


def test_a_token_of_a_person_has_the_roles_that_she_has_at_each_moment(world: World) -> None:
    async def story() -> list[bool]:
        await world.hire(email=ADMIN, roles=("administrator",))
        hers = await world.hire(email="other@exemple.ca", roles=("coordinator",))
        text = await of(world, hers)
        found = [await opens(world, text, path) for path in (REFERRALS, PAGE)]
        async with world.ctx() as ctx:
            await members.change_roles(ctx, hers, ("administrator",))
        return [*found, *[await opens(world, text, path) for path in (REFERRALS, PAGE)]]

    assert world.do(story) == [True, False, False, True]


@pytest.mark.parametrize("ending", ["account closed", "signed out everywhere", "access recovered", "password changed"])
def test_a_token_of_a_person_ends_with_her_account_and_with_her_sessions(world: World, ending: str) -> None:
    async def story() -> list[bool]:
        await world.hire(email=ADMIN, roles=("administrator",))
        hers = await world.hire(email="other@exemple.ca", roles=("coordinator",))
        text = await of(world, hers)
        found = [await opens(world, text)]
        async with world.ctx() as ctx:
            herself = as_staff(ctx, hers, "coordinator")
            if ending == "account closed":
                await members.close_account(ctx, hers)
            elif ending == "signed out everywhere":
                await sessions.sign_out_everywhere(herself)
            elif ending == "access recovered":
                await recoveries.issue_recovery(ctx, hers, hand_over=True)
            else:
                await own_account.change_own_password(herself, "", old=PASSWORD, new="une lampe au bord du lac")
        return [*found, await opens(world, text)]

    assert world.do(story) == [True, False]


def test_a_token_of_a_person_does_nothing_that_would_outlive_it(world: World) -> None:
    async def story() -> None:
        other = await world.hire(email="other@exemple.ca", roles=("coordinator",))
        hers = await world.hire(email=ADMIN, roles=("administrator",))
        text = await of(world, hers)
        async with world.ctx() as ctx:
            itself = structs.replace(as_staff(ctx, hers, "administrator"))
            itself.actor = structs.replace(itself.actor, token=hers)
            with pytest.raises(NotAllowed):
                await tokens.create_token(itself, ["administrator"], label="Again")
            with pytest.raises(NotAllowed):
                await tokens.create_token_of(itself, await get_member(ctx, other), label="Again")
            with pytest.raises(NotAllowed):
                await recoveries.issue_recovery(itself, other, hand_over=True)
        async with world.browser() as system:
            system.headers["authorization"] = f"Bearer {text}"
            assert (await system.get("/t/north/fr/account")).status_code == 403
            assert (await system.post("/t/north/fr/sign-out-everywhere")).status_code == 403

    world.do(story)


def test_no_token_is_made_of_a_closed_account(world: World) -> None:
    async def story() -> None:
        await world.hire(email=ADMIN, roles=("administrator",))
        gone = await world.hire(email="other@exemple.ca")
        async with world.ctx() as ctx:
            await members.close_account(ctx, gone)
            with pytest.raises(AccountClosed):
                await tokens.create_token_of(ctx, await get_member(ctx, gone), label="Late")

    world.do(story)
