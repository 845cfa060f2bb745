"""Calls of plugins to the outside: where the manifest says, for a short time, after commit, and nowhere else."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from spheres_core.audit.operations import call_outside
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.tenancy import outside_calls
from spheres_core.foundation.tenancy.context import Actor
from spheres_core.foundation.tenancy.outside_calls import OutsideCallFailed
from spheres_core.testing import MakeWorld, World, definition
from tests.documented import documented_code
from tests.plugins.planting import plant


class Registry(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"] or 0))
        self.server.seen.append((self.path, self.headers["host"], body))  # type: ignore[attr-defined]
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("location", "http://example.org/taken")
            self.end_headers()
        elif self.path == "/long":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 1_200_000)
        else:
            self.send_response(500 if self.path == "/broken" else 200)
            self.end_headers()
            self.wfile.write(b"thanks")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def registry() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def origin(registry: ThreadingHTTPServer) -> str:
    return f"http://localhost:{registry.server_port}"


@pytest.fixture
def world(make_world: MakeWorld, tmp_path: Path, registry: ThreadingHTTPServer) -> World:
    data = tomllib.loads(documented_code("extension-points.md", "## Calls to the outside", "toml"))["data"]
    assert data["sent_to"] == ["https://registry.example.org"]
    code = documented_code("extension-points.md", "## Calls to the outside")
    id_ = f"calls_{registry.server_port}"
    plant(
        tmp_path, id_, code.replace("night_bus", id_).replace(data["sent_to"][0], origin(registry)),
        declares=("on_schedule",), manifest={"data": {**data, "sent_to": [origin(registry)]}},
    )  # fmt: skip
    made: World = make_world(definition("north", id_), on=discover([tmp_path]))
    assert made.loaded("north").plugins.left_out == {}
    return made


def call(world: World, url: str) -> Any:
    (id_,) = world.loaded("north").plugins.plugins
    return world.act("north", lambda ctx: call_outside(ctx, id_, "POST", url, json={"free": 3}))


def test_a_declared_address_is_called_and_the_trail_says_where(
    world: World, registry: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPHERES_PRIVATE_NETWORKS", "127.0.0.1/32 ::1/128")

    answer = call(world, f"{origin(registry)}/beds")

    assert (answer.status, answer.body) == (200, b"thanks")
    assert registry.seen == [("/beds", f"localhost:{registry.server_port}", b'{"free":3}')]  # type: ignore[attr-defined]

    async def trail(ctx: Any) -> Any:
        return (await ctx.db.sql("SELECT details FROM trail_entries WHERE verb = 'outside.called'"))[0][0]

    assert world.act("north", trail)["host"] == f"localhost:{registry.server_port}"


def test_redirects_are_given_back_and_long_answers_refused(
    world: World, registry: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPHERES_PRIVATE_NETWORKS", "127.0.0.1/32 ::1/128")

    assert call(world, f"{origin(registry)}/elsewhere").status == 302
    with pytest.raises(OutsideCallFailed, match="too long"):
        call(world, f"{origin(registry)}/long")


def test_what_fails_again_and_again_is_left_alone(
    world: World, registry: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPHERES_PRIVATE_NETWORKS", "127.0.0.1/32 ::1/128")

    tried = 0
    while call(world, f"{origin(registry)}/broken").status == 500 and tried < 4:
        tried += 1

    with pytest.raises(OutsideCallFailed, match="left alone"):
        call(world, f"{origin(registry)}/broken")


def test_private_networks_are_closed_unless_the_operator_opened_them(
    world: World, registry: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SPHERES_PRIVATE_NETWORKS", raising=False)
    with pytest.raises(OutsideCallFailed, match="private address"):
        call(world, f"{origin(registry)}/beds")
    assert registry.seen == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url", ["https://example.org/", "http://user@localhost/", "http://localhost:1/", "file:///etc/passwd", "//x"]
)
def test_an_address_that_is_not_declared_is_never_called(world: World, url: str) -> None:
    with pytest.raises(OutsideCallFailed, match="does not declare"):
        call(world, url)


def test_nobody_waits_for_an_outside_address(world: World, registry: ThreadingHTTPServer) -> None:
    (id_,) = world.loaded("north").plugins.plugins

    async def waiting(ctx: Any) -> Any:
        asked = msgspec.structs.replace(ctx, actor=Actor("staff"))
        return await outside_calls.call(asked, id_, "POST", f"{origin(registry)}/beds")

    with pytest.raises(OutsideCallFailed, match="after commit"):
        world.act("north", waiting)
