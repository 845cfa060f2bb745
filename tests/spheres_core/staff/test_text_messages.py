"""Messages to telephones: a number is confirmed first, pace and quiet hours hold, nothing is lost or told."""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from spheres_core.audit import operations as audit
from spheres_core.audit.events import delivery
from spheres_core.audit.events.delivery import ATTEMPTS, GIVEN_UP
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.notifications.notices import NUMBER_CODE, SOMETHING_WAITS, telling_words
from spheres_core.notifications.schemas import QuietHours
from spheres_core.staff.operations import accounts, members, own_account, own_number, staff_messages
from spheres_core.staff.operations.own_account import MessageChoice, NumberMissing
from spheres_core.staff.operations.own_number import CodeWrong, NoGateway, NumberUnusable
from spheres_core.testing import MakeWorld, World, definition
from spheres_core.testing.region_api import Region
from tests.documented import documented_code
from tests.plugins.planting import plant
from tests.spheres_core.staff.text_messages import NUMBER, PASSWORD, act, owed, somebody_with_a_number

NORTH: Final = "montreal"


class Provider(ThreadingHTTPServer):
    """Sends text messages, once for each key; while `down` it takes one and answers that it failed."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.down = False
        self.calls: list[tuple[str, dict[str, str]]] = []

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.server_port}"

    @property
    def sent(self) -> list[dict[str, str]]:
        """What reached a telephone."""
        return list(dict(self.calls).values())


class _Taking(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.calls.append((self.headers["idempotency-key"], body))
        self.send_response(429 if self.server.down else 200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("SPHERES_PRIVATE_NETWORKS", "127.0.0.1/32 ::1/128")
    server = Provider()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPHERES_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SPHERES_SMTP_URL", raising=False)
    return tmp_path / "home"


@pytest.fixture
def world(make_world: MakeWorld, tmp_path: Path, provider: Provider, home: Path) -> World:
    """A region whose gateway is the one of the documentation."""
    data = tomllib.loads(documented_code("extension-points.md", "## Text messages", "toml"))["data"]
    id_ = f"texts_{provider.server_port}"
    code = documented_code("extension-points.md", "## Text messages").replace("night_bus", id_)
    plant(
        tmp_path, id_, code.replace(data["sent_to"][0], provider.origin), declares=("on_text_message_due",),
        manifest={"data": {**data, "sent_to": [provider.origin]}},
    )  # fmt: skip
    made: World = make_world(definition(NORTH, id_), definition("without"), on=discover([tmp_path]))
    made.now = dt.datetime(2026, 12, 1, 15, 0, tzinfo=dt.UTC)  # 10 h in Montréal
    assert made.loaded(NORTH).plugins.left_out == {}
    return made


def tell(world: World, who: Any, slug: str = NORTH) -> None:
    """Lets something wait for somebody, as an entry that tells people does, and does what is due."""

    async def telling(ctx: Any) -> None:
        entry = (await ctx.db.sql("SELECT id FROM trail_entries ORDER BY id DESC LIMIT 1"))[0][0]
        found = await staff_messages.members.those_who_want_mail(ctx, [who])
        for each in staff_messages.notifications(found, {"entry": str(entry)}):
            await each.send(ctx)

    world.act(slug, telling)
    Region(world, slug).deliver()


def letters(home: Path) -> list[Path]:
    return sorted(home.rglob("*.eml"))


def test_a_number_gets_nothing_but_a_code_before_the_code_is_typed_back(
    world: World, provider: Provider, home: Path
) -> None:
    who = world.act(NORTH, lambda ctx: accounts.create_account(
        ctx, "a@example.org", name="Amélie Roy", roles=("coordinator",), password=PASSWORD, chooses_referral_mail=True,
    ))  # fmt: skip
    for text in ("", "911", "n'importe quoi", "123 456-7890"):
        with pytest.raises(NumberUnusable):
            act(world, NORTH, who, lambda ctx, t=text: own_number.give_number(ctx, t))
    act(world, NORTH, who, lambda ctx: own_number.give_number(ctx, "(514) 555-0100"))
    choice = MessageChoice(wanted=True, channel="text")
    with pytest.raises(NumberMissing):
        act(world, NORTH, who, lambda ctx: own_account.choose_preferences(ctx, language="", messages=choice))
    tell(world, who)

    ((sent),) = provider.sent
    assert sent["to"] == NUMBER
    assert telling_words(sent["text"]) == []
    (code,) = re.findall(r"\b\d{6}\b", sent["text"])
    assert len(letters(home)) == 1, "until then messages come by mail"
    for wrong in ("000000" if code != "000000" else "111111", ""):
        with pytest.raises(CodeWrong):
            act(world, NORTH, who, lambda ctx, w=wrong: own_number.confirm_number(ctx, w))
    act(world, NORTH, who, lambda ctx: own_number.confirm_number(ctx, f"{code[:3]} {code[3:]}"))
    tell(world, who)

    assert len(letters(home)) == 1
    assert [each["to"] for each in provider.sent] == [NUMBER, NUMBER]
    with pytest.raises(CodeWrong):
        act(world, NORTH, who, lambda ctx: own_number.confirm_number(ctx, code))


def test_a_code_is_good_for_a_quarter_of_an_hour_and_guessing_has_to_wait(world: World, provider: Provider) -> None:
    who = somebody_with_a_number(world, NORTH)

    async def story() -> list[int]:
        async with world.make_browser() as browser:
            start = f"/t/{NORTH}/fr"
            await browser.post(f"{start}/sign-in", data={"email": f"coordinator@{NORTH}.example", "password": PASSWORD})
            form = {"_csrf": await form_secret_of(browser, start)}
            await browser.post(f"{start}/account/number", data={**form, "number": "514 555-0199"})
            await deliver_codes(world)
            (code,) = re.findall(r"\b\d{6}\b", provider.sent[-1]["text"])
            world.forward(minutes=15)
            typed = {**form, "code": code}
            return [(await browser.post(f"{start}/account/number/code", data=typed)).status_code for _ in range(5)]

    assert world.run(story()) == [422, 422, 422, 422, 429], "a code that is asked for counts as one try"
    assert world.sql("SELECT confirmed_at FROM staff_numbers WHERE staff_id = %s", who) == [(None,)]


async def form_secret_of(browser: httpx.AsyncClient, start: str) -> str:
    page = (await browser.get(f"{start}/account")).text
    return str(re.findall(r'name="_csrf" value="(\w+)"', page)[0])


async def deliver_codes(world: World) -> None:
    """Does what is owed, within a story."""
    for entry, _ in owed(world, NUMBER_CODE.kind):
        await delivery.deliver(world.runtime, NORTH, entry)


def test_a_text_message_says_that_something_waits_and_has_no_address(
    world: World, provider: Provider, home: Path
) -> None:
    who = somebody_with_a_number(world, NORTH)
    choice = MessageChoice(wanted=True, channel="text")
    for language, said in (
        ("fr-CA", "Du nouveau vous attend. Veuillez vous connecter pour en prendre connaissance."),
        ("en-CA", "Something new is waiting for you. Please sign in to see it."),
    ):
        choice = MessageChoice(wanted=True, channel="text")
        act(
            world,
            NORTH,
            who,
            lambda ctx, t=language, c=choice: own_account.choose_preferences(ctx, language=t, messages=c),
        )
        tell(world, who)
        assert provider.sent[-1] == {"to": NUMBER, "text": said}
    assert letters(home) == []
    told = world.sql("SELECT details::text FROM trail_entries WHERE verb IN ('text_message.due', 'staff.number_given')")
    assert [row for row in told if re.search(f"555.?{NUMBER[-4:]}", row[0] or "")] == [], (
        "neither number nor text stands in the trail"
    )


def test_pace_and_quiet_hours_hold_for_text_messages_too(world: World, provider: Provider, home: Path) -> None:
    who = somebody_with_a_number(world, NORTH)
    choice = MessageChoice(wanted=True, pace="daily", quiet=QuietHours(20, 9), channel="text")
    act(world, NORTH, who, lambda ctx: own_account.choose_preferences(ctx, language="", messages=choice))
    before = len(provider.sent)
    for _ in range(3):
        tell(world, who)
    assert len(provider.sent) == before
    world.now = dt.datetime(2026, 12, 2, 14, 0, tzinfo=dt.UTC)  # 9 h
    assert world.act(NORTH, staff_messages.send_due) == 1
    Region(world, NORTH).deliver()
    assert len(provider.sent) == before + 1, "one for all of it"
    assert letters(home) == []


def test_a_gateway_that_fails_is_tried_again_and_told_and_the_message_is_sent_once(
    world: World, provider: Provider, home: Path
) -> None:
    who = somebody_with_a_number(world, NORTH)
    world.act(NORTH, lambda ctx: accounts.create_account(
        ctx, "admin@example.org", name="Noor", roles=("administrator",), password=PASSWORD, chooses_referral_mail=True,
    ))  # fmt: skip
    provider.down = True
    before = len(provider.sent)
    tell(world, who)
    region = Region(world, NORTH)
    for _ in range(ATTEMPTS):
        region.deliver()
    ((recipient, why),) = region.failures()
    assert recipient.startswith("hook:texts_")
    assert NUMBER not in why
    region.deliver()
    assert world.sql("SELECT count(*) FROM trail_entries WHERE verb = %s", GIVEN_UP) == [(1,)]
    assert [b"admin@example.org" in each.read_bytes() for each in letters(home)] == [True]

    provider.down = False
    world.act(NORTH, audit.try_all_again)
    region.deliver()
    assert region.failures() == []
    assert len(provider.sent) == before + 1, "the provider was given the same key each time"
    assert len(owed(world, SOMETHING_WAITS.kind)) == 1


def test_where_the_gateway_is_gone_the_message_comes_by_mail(world: World, provider: Provider, home: Path) -> None:
    who = somebody_with_a_number(world, NORTH)
    provider.down = True
    tell(world, who)
    world.sql("UPDATE tenant_plugins SET active = false WHERE plugin_id LIKE 'texts_%%'")
    world.runtime.unload(NORTH)
    Region(world, NORTH).deliver()
    assert len(letters(home)) == 1, "what was owed by text message"
    tell(world, who)
    assert len(letters(home)) == 2
    with pytest.raises(NoGateway):
        act(world, NORTH, who, lambda ctx: own_number.give_number(ctx, "514 555-0100"))


def test_a_number_is_forgotten_with_the_account_and_when_its_owner_says_so(world: World) -> None:
    who = somebody_with_a_number(world, NORTH)
    ((number, code),) = world.sql("SELECT number, code FROM staff_numbers")
    assert b"5550100" not in number
    assert code is None
    act(world, NORTH, who, own_number.remove_own_number)
    assert world.sql("SELECT count(*) FROM staff_numbers") == [(0,)]
    assert world.sql("SELECT message_channel FROM staff WHERE id = %s", who) == [("mail",)]
    other = somebody_with_a_number(world, NORTH, role="evaluator")
    world.act(NORTH, lambda ctx: members.close_account(ctx, other))
    assert world.sql("SELECT count(*) FROM staff_numbers") == [(0,)]


def test_on_the_page_a_number_is_given_confirmed_and_chosen(world: World, provider: Provider) -> None:
    world.act(NORTH, lambda ctx: accounts.create_account(
        ctx, "a@example.org", name="Amélie Roy", roles=("coordinator",), password=PASSWORD
    ))  # fmt: skip

    async def story() -> None:
        async with world.make_browser() as browser:
            start = f"/t/{NORTH}/fr"
            await browser.post(f"{start}/sign-in", data={"email": "a@example.org", "password": PASSWORD})
            page = (await browser.get(f"{start}/account")).text
            form = {"_csrf": await form_secret_of(browser, start)}
            refused = await browser.post(f"{start}/account/number", data={**form, "number": "12"})
            assert refused.status_code == 422
            assert 'value="12"' in refused.text and 'id="number-problem"' in refused.text
            assert 'name="channel"' not in page
            assert (await browser.post(f"{start}/account/number", data={**form, "number": NUMBER})).status_code == 303
            await deliver_codes(world)
            (code,) = re.findall(r"\b\d{6}\b", provider.sent[-1]["text"])
            wrong = await browser.post(f"{start}/account/number/code", data={**form, "code": "12"})
            assert wrong.status_code == 422
            assert (await browser.post(f"{start}/account/number/code", data={**form, "code": code})).status_code == 303
            page = (await browser.get(f"{start}/account")).text
            assert re.search(r'name="channel" value="text" checked', page)
            kept = {**form, "language": "", "mail": "yes", "pace": "at_once", "channel": "mail"}
            assert (await browser.post(f"{start}/account/preferences", data=kept)).status_code == 303
            assert re.search(r'name="channel" value="mail" checked', (await browser.get(f"{start}/account")).text)

    world.run(story())
