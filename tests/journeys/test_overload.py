"""A server whose callers stall, or whose database freezes or dies: everybody is still answered."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import pytest

from spheres_core import app
from spheres_core.app import background
from spheres_core.foundation.database import migrations, transactions
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.web import request_body
from spheres_core.testing import World, apply_definitions, definition
from tests.homes import lay_home
from tests.journeys.killable import KEY, Installation
from tests.wait import LIMIT, wait_for_answer, wait_until

STALLED: Final = 200
IDLE: Final = 2_000


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, machine: Machine) -> Iterator[Installation]:
    """Two regions behind one server, over a database that nobody else uses."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    made = Installation(lay_home(tmp_path_factory.mktemp("overload") / "home"), port)
    made.cluster.start()
    urls = made.cluster.urls()
    migrations.migrate(urls.needed("owner"), app.components(machine))
    apply_definitions(urls, [definition("north", "quebec"), definition("south", "quebec")], Keyring(KEY))
    made.start()
    wait_for_answer(f"{made.address}/t/north/api/forms")
    wait_for_answer(f"{made.address}/t/south/api/forms")
    yield made
    made.end()
    made.cluster.stop()


@pytest.fixture
def many_files() -> Iterator[None]:
    """This process may open as many sockets as the test needs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(2 * (STALLED + IDLE), hard)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def connect(installation: Installation, said: str = "") -> socket.socket:
    """A connection on which this much is said, and no more."""
    address = urlsplit(installation.address)
    made = socket.create_connection((address.hostname or "", address.port or 0), timeout=LIMIT)
    made.sendall(said.encode())
    made.setblocking(False)
    return made


def is_unanswered(connection: socket.socket) -> bool:
    """Nothing has come on this connection, nor its end."""
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    return False


def get(installation: Installation, path: str) -> httpx.Response:
    """An answer to a caller of its own connection."""
    return httpx.get(f"{installation.address}{path}", timeout=LIMIT, verify=False)


@pytest.mark.usefixtures("many_files")
def test_other_regions_are_answered_while_bodies_stall_and_connections_idle(
    installation: Installation, machine: Machine
) -> None:
    world = World(installation.cluster.urls(), machine, Keyring(KEY))
    token = world.bearer("north", "coordinator")["Authorization"]
    world.close()
    stalls = (
        "POST /t/north/api/referrals/0199a0de-0000-7000-8000-000000000000/transitions HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: {token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"
    )
    with contextlib.ExitStack() as connections:
        stalled = [connections.enter_context(connect(installation, stalls)) for _ in range(STALLED)]
        for _ in range(IDLE):
            connections.enter_context(connect(installation))

        answers = [get(installation, path) for path in ("/t/south/api/forms", "/t/south/fr/", "/health")]

        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert all(map(is_unanswered, stalled)), "the answers came while every body was still awaited"


def test_a_body_has_half_a_minute_and_a_database_four_seconds() -> None:
    assert request_body.READ_WITHIN <= 30
    assert transactions.Deadlines().begin <= 4


async def ask_all(installation: Installation, *asked: tuple[str, str, dict[str, Any]]) -> list[httpx.Response]:
    """The answers to requests that come at the same time."""
    async with httpx.AsyncClient(base_url=installation.address, timeout=LIMIT) as client:
        return await asyncio.gather(*(client.request(method, path, **sent) for method, path, sent in asked))


def test_a_frozen_database_is_said_to_be_away_while_it_is_frozen(installation: Installation) -> None:
    assert installation.signal_database(signal.SIGSTOP)
    try:
        answers = asyncio.run(
            ask_all(
                installation,
                ("GET", "/health", {}),
                ("POST", "/t/north/api/receipts", {"json": {"receipt": "2222"}}),
                ("POST", "/t/south/fr/receipt", {"data": {"receipt": "2222"}}),
            )
        )
    finally:
        installation.signal_database(signal.SIGCONT)
    for answer in answers:
        assert answer.status_code == 503, answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
    wait_until(lambda: get(installation, "/health").status_code == 200)
    assert get(installation, "/t/north/api/forms").status_code == 200


def test_a_database_that_died_is_started_again_by_the_server(installation: Installation) -> None:
    before = installation.cluster.status().pid
    installation.kill_database()

    wait_until(lambda: get(installation, "/health").status_code == 200)

    assert installation.cluster.status().pid != before
    assert get(installation, "/t/north/api/forms").status_code == 200
    assert background.POLL <= 30


def test_no_answer_names_what_runs_here(installation: Installation) -> None:
    for path in ("/health", "/t/north/fr/", "/static/site/app.css", "/nothing"):
        answer = get(installation, path)
        assert answer.headers.get("server", "") == ""
    assert get(installation, "/health").json() == {"status": "ok"}


def test_who_leaves_before_the_end_of_a_body_is_no_incident(
    installation: Installation, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What the server's process logs comes out here, since it was forked from this one."""
    for path in ("/t/north/api/referrals", "/t/north/fr/refer", "/health"):
        connect(installation, f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{{").close()
    assert get(installation, "/health").status_code == 200

    said = "".join(capfd.readouterr())
    assert "incident" not in said
    assert "Traceback" not in said
