"""The demo: up in one go, the same sign-ins the second time, and nothing left when it ends."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from spheres_core.cli.server import demo as demonstration
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.postgres.cluster import Cluster
from tests.spheres_core.cli.conftest import Said, Spheres, forked
from tests.wait import LIMIT, wait_for_answer, wait_until

PARTICIPANTS = 1
ROLES = (
    "coordinator", "pivot_worker", "liaison", "committee_member", "on_call_partner", "privacy_officer",
    "content_editor", "clinical_support", "evaluator", "administrator",
)  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """A demo that runs, with what it printed."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        for name in ("out", "err"):
            (home / name).unlink(missing_ok=True)
        self.process = forked(
            home, "demo", "--json", "--participants", str(PARTICIPANTS), SPHERES_HOME=str(home), PORT=str(self.port)
        )
        wait_until(self._has_begun, why=lambda: self.err)
        self.said: dict[str, Any] = json.loads((home / "out").read_text() or "{}")
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=LIMIT)
        health = wait_for_answer(f"http://127.0.0.1:{self.port}/health")
        assert health.json()["status"] == "ok"

    @property
    def err(self) -> str:
        return (self.home / "err").read_text()

    def _has_begun(self) -> bool:
        assert self.process.is_alive(), self.err
        out = self.home / "out"
        return out.exists() and out.read_text().endswith("}\n")

    def kill(self) -> None:
        self.client.close()
        self.process.kill()
        self.process.join()


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo")
    yield folder
    Cluster(folder).stop()


def test_the_demo_serves_its_regions_and_after_it_was_killed_serves_them_again_until_it_is_stopped(
    demo_home: Path, spheres: Spheres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two starts: from nothing, and over what a killed one left. How Ctrl-C ends it: the test after this."""
    killed = Demo(demo_home)
    before = killed.said["tenants"]
    signs_in(killed, before["montreal"]["sign_ins"][0])
    killed.kill()

    demo = Demo(demo_home)
    monkeypatch.setenv("SPHERES_HOME", str(demo_home))
    taken = spheres("demo", "--port", str(demo.port))
    listed = referrals_of(demo, spheres("token", "create", "--tenant", "outaouais", "--role", "coordinator", "--quiet"))
    said = spheres("stop", "--json")
    demo.process.join(LIMIT)
    demo.client.close()
    err = demo.err

    assert {slug: each["sign_ins"] for slug, each in demo.said["tenants"].items()} == {
        slug: each["sign_ins"] for slug, each in before.items()
    }
    assert spheres("demo", "--sign-ins", "--json", "--port", str(demo.port)).json == demo.said
    assert "Fictional" not in err
    assert (taken.code, "cannot be used" in taken.err) == (1, True)
    assert len(listed) == 12 + PARTICIPANTS
    assert len({each["state"] for each in listed}) >= 9
    for line in err.splitlines()[1:]:
        if line.startswith("{"):
            assert json.loads(line)["level"] != "error", line

    assert said.json["stopped"] == ["demo"]
    assert demo.process.exitcode == 0, err
    assert not Cluster(demo_home).status().running
    assert list((demo_home / "running").iterdir()) == []
    for file in ("demo.json", "key.json", "postgres.json"):
        assert stat.S_IMODE((demo_home / file).stat().st_mode) == 0o600, file
    kept = json.loads((demo_home / "postgres.json").read_text())["passwords"].values()
    passwords = [each["password"] for each in before["montreal"]["sign_ins"]]
    secrets = [*kept, json.loads((demo_home / "key.json").read_text())["key"], *passwords]
    assert not any(secret in err for secret in secrets)


def signs_in(demo: Demo, person: dict[str, str]) -> None:
    """Opens the pages of the regions, and signs in as this person."""
    assert demo.client.get("/t/montreal/").status_code in (302, 303, 307)
    for slug in ("montreal", "outaouais"):
        assert demo.client.get(f"/t/{slug}/fr/refer").status_code == 200
    page = demo.client.get("/t/montreal/fr/sign-in")
    hidden = dict(re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', page.text))
    given = {**hidden, "email": person["email"], "password": person["password"]}
    signed_in = demo.client.post("/t/montreal/fr/sign-in", data=given)
    assert signed_in.status_code == 303
    assert demo.client.get(signed_in.headers["location"]).status_code == 200


def referrals_of(demo: Demo, token: Said) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token.out.strip()}"}
    listed = demo.client.get("/t/outaouais/api/referrals", params={"state": "all"}, headers=headers).json()
    return list(listed["items"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_demo_as_stop_does(number: signal.Signals) -> None:
    async def signalled() -> None:
        stop = demonstration.stop_on_signals()
        os.kill(os.getpid(), number)
        await asyncio.wait_for(stop.wait(), LIMIT)

    before = signal.getsignal(number)
    asyncio.run(signalled())
    signal.signal(number, before)


def test_the_sign_ins_are_printed_by_region_and_role_and_nothing_is_started(
    demo_home: Path, spheres: Spheres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPHERES_HOME", str(demo_home))
    said = spheres("demo", "--sign-ins", "--json").json["tenants"]["outaouais"]["sign_ins"]
    assert not Cluster(demo_home).status().running
    monkeypatch.setenv("SPHERES_HOME", str(tmp_path))
    nowhere = spheres("demo", "--sign-ins")

    roles = [each["role"] for each in said]
    assert sorted(roles) == sorted([*ROLES, "pivot_worker"])
    pivots = {each["organization"] for each in said if each["role"] == "pivot_worker"}
    assert len(pivots) == 2 and "" not in pivots
    assert (nowhere.code, list(tmp_path.iterdir())) == (1, [])
    assert "There is no demo here yet." in nowhere.err


@pytest.mark.parametrize("command", [("serve", "--port"), ("worker", "--once")])
def test_nothing_is_served_with_a_key_that_opens_no_region(
    demo_home: Path, spheres: Spheres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """In this process, where neither could go on for long: the port is taken, and the worker ends by itself."""
    Keyring.load(tmp_path / "key.json", create=True)
    monkeypatch.setenv("SPHERES_HOME", str(demo_home))
    monkeypatch.setenv("SPHERES_KEY_FILE", str(tmp_path / "key.json"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = [str(taken.getsockname()[1])] if command[-1] == "--port" else []
        refused = spheres(*command, *port)

    assert refused.code == 1
    assert "is not the one that the database was sealed with" in refused.err
    assert "Traceback" not in refused.err
    assert list((demo_home / "running").iterdir()) == []


def test_the_demo_keeps_out_of_a_database_where_somebody_works(
    demo_home: Path, spheres: Spheres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPHERES_HOME", str(demo_home))
    aside = demo_home / "demo.aside"
    (demo_home / "demo.json").rename(aside)

    said = spheres("demo", "--port", str(free_port()))
    aside.rename(demo_home / "demo.json")

    assert said.code == 1
    assert "did not make" in said.err
