"""Invitations: a link that works once, for one person, and says nothing to anybody else."""

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
from spheres_core.staff.account_details import DetailsInvalid
from spheres_core.staff.operations import invitations, members, tokens
from spheres_core.staff.operations.accounts import EmailTaken
from spheres_core.staff.operations.invitations import AlreadyInvited, InvitationGone
from spheres_core.staff.queries import invitations as invitation_queries
from spheres_core.staff.queries import members as member_queries
from spheres_core.staff.queries import tokens as token_queries
from spheres_core.staff.schemas import InvitationPosted
from tests.spheres_core.staff.conftest import EMAIL, PASSWORD, World

NEW = "sam.gagnon@exemple.ca"
CHOSEN = "une lampe au bord du lac"


def asked(**values: Any) -> InvitationPosted:
    return InvitationPosted(**{"email": NEW, "name": "Sam Gagnon", "roles": ("liaison",), "language": "fr", **values})


async def invited(world: World, slug: str = "north", **values: Any) -> str:
    """An invitation's secret, as its link carries it."""
    async with world.ctx(slug) as ctx:
        made = await invitations.invite(ctx, asked(**values))
    assert made.link is not None
    return made.link.rpartition("#")[2]


async def accept(browser: httpx.AsyncClient, secret: str, *, language: str = "fr", **sent: str) -> httpx.Response:
    form = {"secret": secret, "password": CHOSEN, "again": CHOSEN, **sent}
    return await browser.post(f"/t/north/{language}/invitation/password", data=form)


async def look(browser: httpx.AsyncClient, secret: str) -> httpx.Response:
    """The page that the link leads to, once its script has sent the secret on."""
    return await browser.post("/t/north/fr/invitation", data={"secret": secret})


def test_a_link_is_handed_over_opens_in_the_persons_language_and_makes_the_account(world: World) -> None:
    async def story() -> None:
        async with world.ctx() as ctx:
            made = await invitations.invite(ctx, asked())
        assert made.link is not None
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/t/north/fr/invitation#[A-Za-z0-9_-]{43}", made.link)
        secret = made.link.rpartition("#")[2]
        async with world.browser() as browser:
            page = await look(browser, secret)
            assert page.status_code == 200
            assert '<html lang="fr-CA"' in page.text
            assert "Sam Gagnon" in page.text
            assert page.text.count('type="password"') == 2
            assert 'autocomplete="username" value="' in page.text, "a password manager sees for whom it is"
            answer = await accept(browser, secret)
            assert answer.status_code == 303, answer.text
            assert answer.headers["location"] == "/t/north/fr/staff/requests"
            inside = await browser.get("/t/north/fr/account")
            assert NEW in inside.text
        async with world.ctx() as ctx:
            (who,) = await member_queries.list_members(ctx)
        assert (who.roles, who.language, who.active) == (("liaison",), "fr-CA", True)
        assert await world.verbs() == [
            "staff.invited", "staff.created", "invitation.accepted", "staff.signed_in", "staff.browser_remembered"
        ]  # fmt: skip

    world.do(story)


def test_used_expired_revoked_renewed_and_unknown_links_get_the_same_calm_page(world: World) -> None:
    async def story() -> None:
        used = await invited(world)
        async with world.browser() as browser:
            await accept(browser, used)
        expired = await invited(world, email="b@exemple.ca")
        world.wait(days=7, seconds=1)
        links = {"used": used, "expired": expired, "unknown": "A" * 43, "short": "tooshort"}
        for name, act in (("revoked", invitations.revoke), ("renewed", invitations.renew)):
            links[name] = await invited(world, email=f"{name}@exemple.ca")
            async with world.ctx() as ctx:
                id = next(each.id for each in await invitation_queries.show_invitations(ctx) if name in each.email)
                await act(ctx, id)
        links["of another tenant"] = await invited(world, "south")
        answers = {}
        async with world.browser() as browser:
            for name, secret in links.items():
                seen = await look(browser, secret)
                sent = await accept(browser, secret)
                answers[name] = [
                    (each.status_code, each.text.replace(secret, "S"), sorted(each.headers.items()))
                    for each in (seen, sent)
                ]
        first = answers["unknown"]
        assert first[0][0] == 404
        assert "Ce lien est ferm" in first[0][1]
        for name, answer in answers.items():
            for one, other in zip(answer, first, strict=True):
                assert (one[0], one[1]) == (other[0], other[1]), name

    world.do(story)


def test_a_weak_password_or_two_that_differ_use_nothing_up(world: World) -> None:
    async def story() -> list[int]:
        secret = await invited(world)
        async with world.browser() as browser:
            tries = [
                await accept(browser, secret, again="autre chose que cela"),
                await accept(browser, secret, password="bref", again="bref"),
                await accept(browser, secret, password="Sam.Gagnon@Exemple", again="Sam.Gagnon@Exemple"),
                await accept(browser, secret),
            ]
            assert "bref" not in tries[1].text
        return [each.status_code for each in tries]

    assert world.do(story) == [409, 422, 422, 303]


def test_neither_the_secret_nor_the_words_of_an_invitation_stand_in_the_database(world: World) -> None:
    async def story() -> None:
        secret = await invited(world)
        async with world.ctx() as ctx:
            rows = await ctx.db.sql("SELECT to_jsonb(i)::text AS t FROM staff_invitations i")
            trail = await ctx.db.sql("SELECT to_jsonb(e)::text AS t FROM trail_entries e")
            jobs = await ctx.db.sql("SELECT args::text AS t FROM procrastinate_jobs")
        for row in (*rows, *trail, *jobs):
            for word in (secret, "sam", "gagnon", NEW):
                assert word.lower() not in row["t"].lower()
        assert len(rows) == 1

    world.do(story)


@pytest.mark.parametrize("roles", [(), ("coordinator",), ("privacy_officer", "content_editor"), ("pivot_worker",)])
def test_only_who_looks_after_accounts_invites(world: World, roles: tuple[str, ...]) -> None:
    async def story() -> None:
        who = await world.hire()
        async with world.ctx() as ctx:
            herself = structs.replace(ctx, actor=Actor("staff", who, frozenset(roles)))
            for act in (
                invitations.invite(herself, asked()),
                invitations.renew(herself, who),
                invitations.revoke(herself, who),
                invitation_queries.show_invitations(herself),
                members.change_roles(herself, who, ["administrator"]),
                member_queries.show_member(herself, who),
            ):
                with pytest.raises(NotAllowed):
                    await act

    world.do(story)


def test_who_is_here_or_invited_already_and_what_is_no_person_is_refused(world: World) -> None:
    async def story() -> list[str]:
        await world.hire()
        async with world.ctx() as ctx:
            with pytest.raises(EmailTaken):
                await invitations.invite(ctx, asked(email=f" {EMAIL.upper()} "))
            await invitations.invite(ctx, asked())
            with pytest.raises(AlreadyInvited):
                await invitations.invite(ctx, asked(email=NEW.upper()))
            with pytest.raises(DetailsInvalid) as refusal:
                await invitations.invite(ctx, asked(email="nothing", name=" ", roles=("queen",)))
            with pytest.raises(DetailsInvalid) as other:
                await invitations.invite(ctx, asked(email="c@exemple.ca", language="tlh"))
        return [problem.path for each in (refusal, other) for problem in each.value.errors]

    assert world.do(story) == ["roles", "email", "name", "language"]


def test_guessing_links_has_to_wait_longer_and_longer_and_only_from_that_place(world: World) -> None:
    async def story() -> tuple[list[int], int, int]:
        secret = await invited(world)
        async with world.browser(address="198.51.100.9") as guesser, world.browser() as elsewhere:
            statuses = []
            for number in range(invitations.FREE_GUESSES + 2):
                statuses.append((await look(guesser, f"{number:043}")).status_code)
            right = await look(guesser, secret)
            return statuses, right.status_code, (await look(elsewhere, secret)).status_code

    statuses, right, elsewhere = world.do(story)

    assert statuses == [404] * invitations.FREE_GUESSES + [429, 429]
    assert (right, elsewhere) == (429, 200)


def test_the_invitations_of_whoever_is_closed_out_or_demoted_open_nothing_any_more(world: World) -> None:
    async def story() -> list[bool]:
        await world.hire(email="first@exemple.ca", roles=("administrator",))
        gone = await world.hire(email="gone@exemple.ca", roles=("administrator",))
        less = await world.hire(email="less@exemple.ca", roles=("administrator", "coordinator"))
        secrets = []
        for number, who in enumerate((gone, less)):
            async with world.ctx() as ctx:
                hers = structs.replace(ctx, actor=Actor("staff", who, frozenset({"administrator"})))
                made = await invitations.invite(hers, asked(email=f"{number}@exemple.ca"))
                await tokens.create_token(hers, ["administrator"], label="Bridge", days=3)
                secrets.append(str(made.link).rpartition("#")[2])
        async with world.ctx() as ctx:
            held = (await member_queries.show_member(ctx, gone)).held
            assert (held.tokens, held.invitations) == (1, 1)
            await members.close_account(ctx, gone)
            await members.change_roles(ctx, less, ["coordinator"])
            assert all(token.revoked_at for token in await token_queries.list_tokens(ctx))
        opened = []
        for secret in secrets:
            async with world.ctx() as ctx:
                try:
                    await invitations.open_invitation(ctx, secret)
                except InvitationGone:
                    opened.append(False)
        return opened

    assert world.do(story) == [False, False]


def test_through_the_api_an_invitation_is_made_listed_renewed_and_revoked(world: World) -> None:
    async def story() -> None:
        async with world.ctx() as ctx:
            token = await tokens.create_token(ctx, ["administrator"], label="Bridge", days=3)
            lesser = await tokens.create_token(ctx, ["coordinator"], label="Other", days=3)
        base = "/t/north/api/admin/invitations"
        async with world.browser() as browser:
            browser.headers["authorization"] = f"Bearer {token}"
            body = {"email": NEW, "name": "Sam", "roles": ["liaison"], "language": "en"}
            made = (await browser.post(base, json=body)).json()
            assert "/en/invitation#" in made["link"]
            (listed,) = (await browser.get(base)).json()["invitations"]
            assert (listed["id"], listed["state"], listed["language"]) == (made["id"], "open", "en-CA")
            assert "link" not in listed
            renewed = (await browser.post(f"{base}/{made['id']}/renew", json={})).json()
            assert renewed["link"] != made["link"]
            assert (await browser.post(f"{base}/{made['id']}/revoke")).status_code == 200
            assert (await browser.post(f"{base}/{made['id']}/revoke")).status_code == 404
            assert (await browser.post(f"{base}/{UUID(int=1)}/renew", json={})).status_code == 404
            wrong = await browser.post(base, json={**body, "roles": ["queen"]})
            assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (422, "roles")
            browser.headers["authorization"] = f"Bearer {lesser}"
            assert (await browser.post(base, json=body)).status_code == 403
            assert (await browser.get("/t/north/api/admin/staff")).status_code == 403

    world.do(story)


def test_two_who_open_the_same_link_at_once_make_one_account(world: World) -> None:
    async def story() -> list[int]:
        secret = await invited(world)
        async with world.browser() as one, world.browser() as other:
            both = accept(one, secret), accept(other, secret, password=PASSWORD, again=PASSWORD)
            answers = await asyncio.gather(*both)
        return sorted(each.status_code for each in answers)

    assert world.do(story) == [303, 404]
