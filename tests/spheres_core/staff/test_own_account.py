"""The own account: another password, the own language, and ending a session elsewhere."""

from __future__ import annotations

import re

from spheres_core.staff.operations import login_throttle
from spheres_core.staff.queries import members as member_queries
from tests.spheres_core.staff.conftest import EMAIL, PASSWORD, World
from tests.spheres_core.staff.test_roster import enter, form_secret

OTHER = "quatre saisons devant nous"


def test_the_old_password_is_asked_for_and_the_new_one_ends_every_other_session(world: World) -> None:
    async def story() -> None:
        await world.hire()
        async with world.browser() as here, world.browser() as there:
            await enter(here)
            await enter(there)
            form = {"_csrf": await form_secret(here), "old": PASSWORD, "new": OTHER, "again": OTHER}
            address = "/t/north/fr/account/password"
            for change, status in (
                ({"old": "not the one at all"}, 422),
                ({"again": "something else entirely"}, 409),
                ({"new": "court", "again": "court"}, 422),
                ({}, 303),
            ):
                assert (await here.post(address, data={**form, **change})).status_code == status, change
            assert (await here.get("/t/north/fr/account")).status_code == 200
            assert (await there.get("/t/north/fr/account")).status_code == 303
            answers = [
                (await there.post("/t/north/fr/sign-in", data={"email": EMAIL, "password": each})).status_code
                for each in (PASSWORD, OTHER)
            ]
        assert answers == [422, 303]
        assert [verb for verb in await world.verbs() if "password" in verb] == [
            "staff.password_not_changed", "staff.password_changed"
        ]  # fmt: skip

    world.do(story)


def test_a_password_manager_sees_whose_password_is_changed(world: World) -> None:
    async def story() -> str:
        await world.hire()
        async with world.browser() as browser:
            await enter(browser)
            return (await browser.get("/t/north/fr/account")).text

    (form,) = re.findall(r"<form [^>]*/account/password.*?</form>", world.do(story), re.DOTALL)
    assert f'autocomplete="username" value="{EMAIL}" hidden' in form


def test_guessing_the_old_password_has_to_wait_like_guessing_when_signing_in(world: World) -> None:
    async def story() -> list[int]:
        await world.hire()
        async with world.browser() as here:
            await enter(here)
            form = {"_csrf": await form_secret(here), "old": "no", "new": OTHER, "again": OTHER}
            return [
                (await here.post("/t/north/fr/account/password", data=form)).status_code
                for _ in range(login_throttle.FREE_PER_GUESSER + 1)
            ]

    assert world.do(story) == [422] * login_throttle.FREE_PER_GUESSER + [429]


def test_a_chosen_language_is_where_signing_in_leads_and_what_messages_speak(world: World) -> None:
    async def story() -> None:
        await world.hire()
        async with world.browser() as here:
            await enter(here)
            form = {"_csrf": await form_secret(here), "language": "en-CA", "mail": "yes"}
            answer = await here.post("/t/north/fr/account/preferences", data=form)
            assert answer.headers["location"] == "/t/north/en/account?done=preferences"
            assert "Your wishes are kept" in (await here.get(answer.headers["location"])).text
            wrong = await here.post("/t/north/fr/account/preferences", data={**form, "language": "tlh"})
            assert wrong.status_code == 422
            again = await here.post("/t/north/fr/sign-in", data={"email": EMAIL, "password": PASSWORD})
            assert again.headers["location"] == "/t/north/en/staff/coordination"
        async with world.ctx() as ctx:
            (told,) = await member_queries.who_wants_mail(ctx, "referral.received", role="coordinator")
        assert told.language == "en-CA"

    world.do(story)


def test_when_messages_come_is_chosen_on_the_page_and_shown_there_again(world: World) -> None:
    async def story() -> None:
        await world.hire()
        async with world.browser() as here:
            await enter(here)
            form = {"_csrf": await form_secret(here), "language": "", "mail": "yes", "pace": "daily"}
            address = "/t/north/fr/account/preferences"
            quiet = {"quiet_from": "20", "quiet_until": "7"}
            assert (await here.post(address, data={**form, **quiet})).status_code == 303
            page = (await here.get("/t/north/fr/account")).text
            assert re.search(r'name="pace" value="daily" checked', page)
            assert re.findall(r'<option value="(\d+)" selected>', page) == ["20", "7"]
            for unclear in ({"quiet_from": "20", "quiet_until": ""}, {"quiet_from": "7", "quiet_until": "7"}):
                refused = await here.post(address, data={**form, **unclear})
                assert refused.status_code == 422
                assert "deux heures" in refused.text
            assert (await here.post(address, data={**form, "quiet_from": "", "quiet_until": ""})).status_code == 303
            assert "selected" not in (await here.get("/t/north/fr/account")).text

    world.do(story)


def test_a_session_elsewhere_is_ended_from_here_and_nobody_elses(world: World) -> None:
    async def story() -> None:
        await world.hire()
        await world.hire(email="b@exemple.ca")
        async with world.browser() as here, world.browser() as there, world.browser() as other:
            await enter(here)
            await enter(there)
            await enter(other, "b@exemple.ca")
            page = (await here.get("/t/north/fr/account")).text
            (key,) = re.findall(r'name="session" value="(\w+)"', page)
            form = {"_csrf": await form_secret(other), "session": key}
            assert "done" not in (await other.post("/t/north/fr/account/session", data=form)).headers["location"]
            assert (await there.get("/t/north/fr/account")).status_code == 200
            form["_csrf"] = await form_secret(here)
            assert (await here.post("/t/north/fr/account/session", data=form)).status_code == 303
            assert (await there.get("/t/north/fr/account")).status_code == 303
            assert (await here.get("/t/north/fr/account")).status_code == 200

    world.do(story)
