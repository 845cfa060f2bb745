"""Accounts: who may make them, what they may be called, and which passwords are good enough."""

from __future__ import annotations

import asyncio
import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from spheres_core.facts import Message
from spheres_core.foundation.errors import Invalid, NotAllowed
from spheres_core.foundation.tenancy.context import ANONYMOUS, Actor
from spheres_core.foundation.web.rendering import role_title
from spheres_core.staff import account_details, password_hashing, passwords
from spheres_core.staff.operations import accounts, login_throttle, members, recoveries, tokens
from spheres_core.staff.queries import members as member_queries
from spheres_core.staff.queries import tokens as token_queries
from spheres_core.staff.schemas import ROLES
from tests.spheres_core.staff.conftest import EMAIL, PASSWORD, World

NORTH, SOUTH = UUID(int=1), UUID(int=2)
NAMES = ["Marie-Ève Tremblay", "me.tremblay@exemple.ca", "SPHÈRES", "montreal", "SPHÈRES Montréal"]


@pytest.mark.parametrize(
    "weak",
    [
        "onze lettre",
        "motdepasse1234",
        "MotDePasse2026!",
        "P@ssw0rd2024!!",
        "azertyuiop12",
        "123456789012",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "Hiver2026!!!",
        "marieeve.tremblay",
        "Tremblay-Marie-2026",
        "me.tremblay@exemple.ca",
        "spheres-montreal",
        "Sphères Montréal!",
        "x" * 257,
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(weak: str) -> None:
    with pytest.raises(passwords.PasswordWeak) as refusal:
        passwords.check_password(weak, names=NAMES)

    assert [problem.path for problem in refusal.value.errors] == ["password"]


@pytest.mark.parametrize(
    "good",
    [
        "un chat dort sous la lune",
        "тихий вечер ночью",
        "ᓄᓇᕗᑦ ᐅᑎᖅᑐᖅ ᐅᓪᓗᒥ",
        "hjk4-wpe9-mnr2",
        "    deux lampes   ",
        "é" * 3 + "lan des matins",
    ],
)
def test_a_long_password_needs_no_figures_and_no_signs(good: str) -> None:
    passwords.check_password(good, names=NAMES)


def test_accents_typed_on_another_keyboard_are_the_same_password() -> None:
    async def story() -> list[bool]:
        made = await password_hashing.hash_password("élan à la rivière")
        typed = ["e\u0301lan a\u0300 la rivie\u0300re", "elan a la riviere", "ÉLAN À LA RIVIÈRE"]
        return [await password_hashing.verify_password(made, each) for each in typed]

    assert asyncio.run(story()) == [True, False, False]


@pytest.mark.usefixtures("decided_password_cost")
def test_a_password_is_kept_with_the_settings_that_were_decided() -> None:
    made = asyncio.run(password_hashing.hash_password(PASSWORD))

    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@given(st.text(max_size=400))
def test_any_text_can_be_checked_as_a_password(text: str) -> None:
    try:
        passwords.check_password(text, names=NAMES)
    except passwords.PasswordWeak:
        return

    assert 12 <= len(passwords.normalized(text)) <= 256


@given(
    st.integers(0, 10_000),
    st.sampled_from([login_throttle.FREE_PER_GUESSER, login_throttle.FREE_PER_SOURCE, login_throttle.FREE_PER_ACCOUNT]),
)
def test_the_wait_grows_with_each_failure_up_to_its_bound(failures: int, free: int) -> None:
    wait, next_wait = login_throttle.wait_after(failures, free), login_throttle.wait_after(failures + 1, free)

    assert dt.timedelta(0) <= wait <= next_wait <= login_throttle.LONGEST_WAIT
    assert (wait == dt.timedelta(0)) == (failures < free)
    assert next_wait == wait or next_wait in (2 * wait, login_throttle.FIRST_WAIT, login_throttle.LONGEST_WAIT)


def test_only_so_many_wait_for_a_password_to_be_checked() -> None:
    async def story() -> tuple[int, int]:
        over, most, running = 0, 0, 0

        async def one() -> None:
            nonlocal over, most, running
            try:
                async with password_hashing.hashing_slot(NORTH):
                    running += 1
                    most = max(most, running)
                    await asyncio.sleep(0)
                    running -= 1
            except password_hashing.TooBusy:
                over += 1

        await asyncio.gather(*(one() for _ in range(50)))
        return over, most

    over, most = asyncio.run(story())

    assert most == password_hashing.MAX_RUNNING
    assert over == 50 - password_hashing.MAX_RUNNING - password_hashing.MAX_WAITING


def test_a_rush_in_one_region_makes_no_other_wait_behind_it() -> None:
    async def story() -> list[UUID]:
        order: list[UUID] = []
        queue = password_hashing.HashingQueue()

        async def one(region: UUID) -> None:
            await queue.enter(region)
            order.append(region)
            await asyncio.sleep(0)
            queue.leave()

        rush = [one(NORTH) for _ in range(password_hashing.MAX_WAITING)]
        await asyncio.gather(*rush, one(SOUTH), one(SOUTH))
        assert queue.running == 0
        return order

    order = asyncio.run(story())

    first = password_hashing.MAX_RUNNING + 1
    assert order[first : first + 3] == [SOUTH, NORTH, SOUTH], "the regions take turns"
    assert order.count(NORTH) == password_hashing.MAX_WAITING


@given(plan=st.lists(st.tuples(st.sampled_from([0, 1, 2]), st.booleans()), max_size=60))
def test_nobody_who_gives_up_waiting_keeps_a_slot_or_takes_another_ones_turn(plan: list[tuple[int, bool]]) -> None:
    async def story() -> int:
        queue = password_hashing.HashingQueue()
        done = 0

        async def one(region: UUID) -> None:
            nonlocal done
            try:
                await queue.enter(region)
            except password_hashing.TooBusy:
                return
            try:
                await asyncio.sleep(0)
                done += 1
            finally:
                queue.leave()

        tasks = [asyncio.create_task(one(UUID(int=region))) for region, _ in plan]
        await asyncio.sleep(0)
        for task, (_, stays) in zip(tasks, plan, strict=True):
            if not stays:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return queue.running

    assert asyncio.run(story()) == 0


def test_two_people_cannot_have_the_same_address_however_it_is_written(world: World) -> None:
    async def story() -> None:
        await world.hire()
        with pytest.raises(accounts.EmailTaken):
            await world.hire(email=" Amelie.ROY@exemple.CA ")
        await world.hire("south")

    world.do(story)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "a@b.ca\r\nBcc: x@y.ca"}, "email"),
        ({"email": "a" * 250 + "@b.ca"}, "email"),
        ({"name": "  "}, "name"),
        ({"roles": ()}, "roles"),
        ({"roles": ("coordinator", "owner")}, "roles"),
        ({"password": "short"}, "password"),
        ({"password": "amelie roy amelie"}, "password"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_its_place(
    world: World, change: dict[str, object], place: str
) -> None:
    async def story() -> None:
        wanted = {"email": EMAIL, "name": "Amélie Roy", "roles": ("coordinator",), "password": PASSWORD} | change
        async with world.ctx() as ctx:
            with pytest.raises(Invalid) as refusal:
                await accounts.create_account(ctx, wanted.pop("email"), **wanted)  # type: ignore[arg-type]
            assert {problem.path for problem in refusal.value.errors} == {place}
            assert await member_queries.list_members(ctx) == []

    world.do(story)


@pytest.mark.parametrize(
    "change", [{"roles": []}, {"roles": ["owner"]}, {"label": " "}, {"days": 0}, {"days": 367}, {"days": -1}]
)
def test_a_token_that_cannot_be_is_refused(world: World, change: dict[str, object]) -> None:
    async def story() -> None:
        wanted = {"roles": ["coordinator"], "label": "Bridge", "days": 30} | change
        async with world.ctx() as ctx:
            with pytest.raises(account_details.DetailsInvalid) as refusal:
                await tokens.create_token(ctx, wanted.pop("roles"), **wanted)  # type: ignore[arg-type]
            assert {problem.path for problem in refusal.value.errors} == set(change)

    world.do(story)


@pytest.mark.parametrize("roles", [(), ("coordinator",), ("privacy_officer", "pivot_worker")])
def test_only_an_administrator_manages_staff_and_tokens(world: World, roles: tuple[str, ...]) -> None:
    async def story() -> None:
        who = await world.hire()
        async with world.ctx() as ctx:
            herself = structs.replace(ctx, actor=Actor("staff", who, frozenset(roles)) if roles else ANONYMOUS)
            for act in (
                accounts.create_account(herself, "x@exemple.ca", name="X", roles=["evaluator"], password=PASSWORD),
                recoveries.issue_recovery(herself, who),
                recoveries.revoke_recovery(herself, who),
                members.close_account(herself, who),
                members.open_account(herself, who),
                member_queries.show_staff(herself),
                tokens.create_token(herself, ["evaluator"], label="X", days=1),
                tokens.revoke_token(herself, who),
            ):
                with pytest.raises(NotAllowed):
                    await act
            admin = structs.replace(ctx, actor=Actor("staff", who, frozenset({"administrator"})))
            assert [member.id for member in await member_queries.show_staff(admin)] == [who]

    world.do(story)


def test_showing_the_staff_leaves_an_entry_with_whom_it_showed(world: World) -> None:
    async def story() -> tuple[list[UUID], list[UUID], list[str]]:
        for email, name in (("b@exemple.ca", "Zoé"), ("a@exemple.ca", "Élise"), ("c@exemple.ca", "Fatou")):
            async with world.ctx() as ctx:
                await accounts.create_account(ctx, email, name=name, roles=["liaison"], password=PASSWORD)
        async with world.ctx() as ctx:
            found = await member_queries.show_staff(ctx)
        async with world.ctx() as ctx:
            shown = (await ctx.db.sql("SELECT shown FROM trail_entries WHERE verb = 'staff.listed'"))[0][0]
        return [member.id for member in found], shown, [member.name for member in found]

    found, shown, names = world.do(story)

    assert found == shown
    assert names == ["Élise", "Fatou", "Zoé"]


def test_who_chose_to_be_told_is_told_and_nobody_else(world: World) -> None:
    async def story() -> list[str]:
        people = [
            ("oui@exemple.ca", "coordinator", True),
            ("Aussi@Exemple.ca", "coordinator", True),
            ("non@exemple.ca", "coordinator", False),
            ("autre.role@exemple.ca", "evaluator", True),
            ("partie@exemple.ca", "coordinator", True),
        ]
        async with world.ctx() as ctx:
            for email, role, chooses in people:
                last = await accounts.create_account(
                    ctx, email, name="X", roles=[role, "liaison"], password=PASSWORD, chooses_referral_mail=chooses
                )
            await members.close_account(ctx, last)
        await world.hire("south", email="ailleurs@exemple.ca")
        async with world.ctx() as ctx:
            chose = await member_queries.who_wants_mail(ctx, "referral.received", role="coordinator")
            return [each.address for each in chose]

    assert world.do(story) == ["Aussi@Exemple.ca", "oui@exemple.ca"]


def test_who_acted_is_named_whether_a_person_or_a_token(world: World) -> None:
    async def story() -> tuple[dict[UUID, str], UUID, UUID]:
        who, stranger = await world.hire(), await world.hire("south")
        async with world.ctx() as ctx:
            await tokens.create_token(ctx, ["coordinator"], label="Bridge", days=3)
            token = (await token_queries.list_tokens(ctx))[0].id
            return await member_queries.names_of(ctx, [who, token, who, stranger]), who, token

    names, who, token = world.do(story)

    assert names == {who: "Amélie Roy", token: "Bridge"}


def test_each_act_leaves_its_entry_with_codes_only(world: World) -> None:
    async def story() -> list[str]:
        who = await world.hire()
        async with world.ctx() as ctx:
            await members.close_account(ctx, who)
            await members.open_account(ctx, who)
            await tokens.create_token(ctx, ["coordinator"], label="Bridge", days=3)
            await tokens.revoke_token(ctx, (await token_queries.list_tokens(ctx))[0].id)
        return await world.verbs()

    assert world.do(story) == [
        "staff.created",
        "staff.switched_off",
        "staff.switched_on",
        "token.created",
        "token.revoked",
    ]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_is_called_the_same_on_every_page(role: str) -> None:
    assert ROLES[role] == role_title(role) == Message(ROLES[role].msgid)
