"""What was answered with a receipt is there, once, whatever is killed: `kill -9` of everything, over and over."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Callable, Iterator
from typing import Any, Final

import httpx
import psycopg
import pytest

from spheres_core import app
from spheres_core.foundation.database import migrations
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.tenancy.tenants import Definition
from spheres_core.testing import World, apply_definitions, definition
from tests.examples import examples
from tests.homes import lay_home
from tests.journeys.killable import KEY, Installation
from tests.wait import LIMIT, wait_until_async

KILLS: Final = examples(30) // 5
"""Two in the ordinary run: of everything, and of the server alone. Of the database alone: `test_overload.py`."""
MOST_ROUNDS: Final = 20
"""Of a build that loses something: it is over as soon as something is lost."""
POSTS: Final = 100
MOST_BEFORE_A_KILL: Final = 30
AT_ONCE: Final = 12
NORTH: Final[Definition] = definition("north", "quebec", "montreal")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, machine: Machine) -> Iterator[Installation]:
    """A home of its own, with durability as it is for people."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    made = Installation(lay_home(tmp_path_factory.mktemp("durability") / "home"), port)
    made.cluster.start()
    urls = made.cluster.urls()
    migrations.migrate(urls.needed("owner"), app.components(machine))
    apply_definitions(urls, [NORTH], Keyring(KEY))
    yield made
    made.end()
    made.cluster.stop()


@pytest.fixture(scope="module")
def answers(installation: Installation, machine: Machine) -> dict[str, Any]:
    """Answers that are valid today."""
    world = World(installation.cluster.urls(), machine, Keyring(KEY))
    try:
        return world.example_answers("north")
    finally:
        world.close()


class Round:
    """The posts between two kills: what was answered, and what never was."""

    def __init__(self, number: int, answers: dict[str, Any], kill_after: int) -> None:
        self.number = number
        self._answers = answers
        self._kill_after = kill_after
        self.receipts: dict[int, str] = {}
        self.unanswered: list[int] = []

    async def post_until_killed(self, installation: Installation) -> None:
        """Send the posts, and kill everything, or the server alone, when enough have been answered."""
        kill = installation.kill_server if self.number % 2 else installation.kill
        todo = iter(range(POSTS))
        killed = asyncio.Event()
        async with httpx.AsyncClient(base_url=installation.address, timeout=LIMIT) as client:

            async def sender() -> None:
                for index in todo:
                    if killed.is_set():
                        return
                    try:
                        sent = await self.post(client, index)
                    except httpx.HTTPError:
                        self.unanswered.append(index)
                        continue
                    assert sent.status_code == 201, sent.text
                    self.receipts[index] = sent.json()["receipt"]
                    if len(self.receipts) == self._kill_after:
                        kill()
                        killed.set()

            await asyncio.gather(*(sender() for _ in range(AT_ONCE)))
        assert killed.is_set()

    async def post(self, client: httpx.AsyncClient, index: int) -> httpx.Response:
        """One referral, told from all others by its telephone number and its key."""
        number = self.number * POSTS + index
        contact = {**self._answers["contact"], "how": "call", "phone": f"514 55{number // 10000} {number % 10000:04}"}
        body = {"language": "fr", "answers": {**self._answers, "contact": contact}}
        key = {"Idempotency-Key": f"round {self.number} post {index}"}
        return await client.post("/t/north/api/referrals", json=body, headers=key)

    async def lost(self, client: httpx.AsyncClient) -> list[str]:
        """Receipts that were given for something that is not there."""
        gone = []
        for receipt in self.receipts.values():
            asked = await client.post("/t/north/api/receipts", json={"receipt": receipt})
            if asked.status_code != 200:
                assert asked.status_code == 404, asked.text
                gone.append(receipt)
        return gone

    async def send_again(self, client: httpx.AsyncClient) -> None:
        """What a sender does who did not hear: the same again. And one who heard gets the same receipt."""
        for index in [*self.unanswered, *list(self.receipts)[:3]]:
            again = await self.post(client, index)
            assert again.status_code == 201, again.text
            assert self.receipts.setdefault(index, again.json()["receipt"]) == again.json()["receipt"]


async def _ready(installation: Installation, client: httpx.AsyncClient) -> None:
    async def answers() -> bool:
        try:
            return (await client.get("/t/north/api/forms")).status_code == 200
        except httpx.HTTPError:
            return False

    await wait_until_async(answers)


def _run_rounds(
    installation: Installation, answers: dict[str, Any], rounds: int, hasty: bool, enough: Callable[[int], bool]
) -> tuple[int, list[str], list[Round]]:
    """Rounds of posts, each ended by a kill and looked into after the restart: given, lost, and the rounds."""
    chance = random.Random(20)
    past: list[Round] = []
    lost: list[str] = []

    async def one() -> None:
        installation.start(hasty=hasty)
        async with httpx.AsyncClient(base_url=installation.address, timeout=LIMIT) as client:
            await _ready(installation, client)
            if past:
                lost.extend(await past[-1].lost(client))
                if not hasty:
                    await past[-1].send_again(client)
        if len(past) < rounds and not enough(len(lost)):
            past.append(Round(len(past), answers, chance.randint(10, MOST_BEFORE_A_KILL)))
            await past[-1].post_until_killed(installation)

    for _ in range(rounds + 1):
        asyncio.run(one())
        if enough(len(lost)):
            break
    return sum(len(each.receipts) for each in past), lost, past


def test_every_receipt_that_was_given_is_good_after_everything_was_killed(
    installation: Installation, answers: dict[str, Any]
) -> None:
    given, lost, rounds = _run_rounds(installation, answers, KILLS, hasty=False, enough=lambda lost: lost > 0)

    assert lost == []
    assert len(rounds) == KILLS
    assert given >= 10 * KILLS
    with psycopg.connect(installation.cluster.urls().needed("owner")) as db:
        ((stored,),) = db.execute("SELECT count(*) FROM referrals").fetchall()
        ((numbers, marks),) = db.execute(
            "SELECT count(DISTINCT mark), count(*) FROM referral_marks WHERE kind = 'phone'"
        ).fetchall()
        ((entries,),) = db.execute("SELECT count(*) FROM trail_entries WHERE verb = 'referral.received'").fetchall()
    assert stored == numbers == marks == given, "each referral once, also those that were sent again"
    assert entries == given, "none without its entry in the trail, no entry without its referral"


def test_a_build_that_answers_before_it_commits_is_found_out(
    installation: Installation, answers: dict[str, Any]
) -> None:
    """The control: were nothing ever lost here, the test above would prove nothing."""
    installation.end()
    given, lost, _ = _run_rounds(installation, answers, MOST_ROUNDS, hasty=True, enough=lambda lost: lost > 0)

    assert lost, f"of {given} none was lost"
