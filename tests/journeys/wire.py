"""Requests as bytes: to the dispatcher without a client library that would tidy up what is odd about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from spheres_core.testing import World


class Probe(Struct, frozen=True):
    """One request. `target` is what stands in the request line, escapes and all."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Answer(Struct, frozen=True):
    """What came back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header; empty when there is none."""
        return next((value for given, value in self.headers if given == name), "")

    @property
    def text(self) -> str:
        """The body as text, whatever its bytes."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body, decoded."""
        return msgspec.json.decode(self.body)


def send(world: World, probe: Probe, *, client: str = "203.0.113.9") -> Answer:
    """One request to the dispatcher, in the world's event loop."""
    return world.run(ask(world, probe, client=client))


def json_probe(method: str, target: str, body: Any, *headers: tuple[str, str]) -> Probe:
    """A request with a JSON body."""
    return Probe(method, target, (("content-type", "application/json"), *headers), msgspec.json.encode(body))


def scope_of(probe: Probe, *, client: str = "203.0.113.9") -> dict[str, Any]:
    """The ASGI scope of a request."""
    raw, _, query = probe.target.partition("?")
    headers = list(probe.headers)
    if not any(name == "host" for name, _ in headers):
        headers.insert(0, ("host", "localhost"))
    if probe.body and not any(name == "content-length" for name, _ in headers):
        headers.append(("content-length", str(len(probe.body))))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": probe.method,
        "scheme": "http",
        "path": unquote(raw),
        "raw_path": raw.encode("latin-1", "replace"),
        "query_string": query.encode("latin-1", "replace"),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers],
        "client": (client, 50000),
        "server": ("localhost", 80),
        "state": {},
        "extensions": {},
    }


async def ask(world: World, probe: Probe, *, client: str = "203.0.113.9") -> Answer:
    """The same as `send`, for a story that is under way in that loop."""
    sent: list[Mapping[str, Any]] = []
    chunks = [probe.body[start : start + 65536] for start in range(0, len(probe.body), 65536)] or [b""]
    given = iter(range(len(chunks)))

    async def receive() -> dict[str, Any]:
        index = next(given, None)
        if index is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunks[index], "more_body": index + 1 < len(chunks)}

    async def hear(message: Mapping[str, Any]) -> None:
        sent.append(message)

    await world.dispatcher(scope_of(probe, client=client), receive, hear)  # type: ignore[arg-type]
    return _answer(sent)


def _answer(sent: Sequence[Mapping[str, Any]]) -> Answer:
    start = next(message for message in sent if message["type"] == "http.response.start")
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in start["headers"])
    return Answer(
        start["status"], headers, b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
    )
