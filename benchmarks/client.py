"""The load: one process, a few kept connections, each sends its next request when it has its answer.

Reads one order a line from its standard input and writes the figures of that order as one line.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from benchmarks import ground as grounds
from benchmarks.ground import Ground, Place

BODIES = 997
LISTS: Mapping[str, str] = {"list": "referrals", "participants": "participants"}
"""By the name of a request for a list, its address in a tenant's API."""
ENCOUNTER = json.dumps(
    {"state": "held", "kind": "in_person", "at": "2025-11-03T10:00:00-05:00", "note": "On a parlé de la suite. " * 8}
).encode()


class Connection(asyncio.Protocol):
    """One kept connection, closed-loop."""

    def __init__(self, requests: "cycle[bytes]", until: float, done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._until = until
        self._done = done
        self._buffer = b""
        self._sent = 0.0
        self.taken: list[float] = []
        self.statuses: dict[int, int] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, ended, body = self._buffer.partition(b"\r\n\r\n")
        if not ended or len(body) < _length(head):
            return
        now = time.perf_counter()
        self.taken.append(now - self._sent)
        status = int(head[9:12])
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self._buffer = b""
        if now < self._until:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 : head.find(b"\r\n", at) if head.find(b"\r\n", at) > 0 else len(head)])


def requests(ground: Ground, what: str, places: int) -> list[bytes]:
    """The requests of one kind, over the first so many tenants in turn."""
    asked = ground.places[:places]
    if what == "receive":
        bodies = [grounds.answers_about(ground.answers, number) for number in range(BODIES)]
        pairs = islice(zip(cycle(asked), cycle(bodies), strict=False), max(BODIES, len(asked)))
        return [_http(b"POST", f"/t/{place.slug}/api/referrals", None, body) for place, body in pairs]
    if what == "home":
        return [_http(b"GET", f"/t/{place.slug}/fr/", None) for place in asked]
    if what in OF_WORKER:
        return OF_WORKER[what](asked)
    if what in LISTS:
        return [_http(b"GET", f"/t/{place.slug}/api/{LISTS[what]}", place.token) for place in asked]
    number = max(len(asked[0].referrals), len(asked))
    return [
        _http(b"GET", f"/t/{place.slug}/api/referrals/{place.referrals[turn % len(place.referrals)]}", place.token)
        for turn, place in enumerate(islice(cycle(asked), number))
    ]


def _write_encounters(asked: Sequence[Place]) -> list[bytes]:
    """Returns one for each file in turn, but the long one: it stays as long as it is."""
    return [
        _http(b"POST", f"/t/{place.slug}/api/participants/{code}/encounters", place.caseload.token, ENCOUNTER)
        for turn in range(len(asked[0].caseload.files))
        for place in asked
        for code in [place.caseload.files[turn]]
    ]


def _days(asked: Sequence[Place]) -> list[bytes]:
    return [_http(b"GET", f"/t/{place.slug}/api/my-day", place.caseload.token) for place in asked]


def _open_files(asked: Sequence[Place]) -> list[bytes]:
    return [
        _http(b"GET", f"/t/{place.slug}/api/participants/{place.caseload.long_file}/timeline", place.caseload.token)
        for place in asked
    ]


def _read_briefs(asked: Sequence[Place]) -> list[bytes]:
    """Returns one for each member of the meeting in turn."""
    return [
        _http(b"GET", f"/t/{place.slug}/api/meetings/{place.agenda.meeting}/brief", token)
        for place in asked
        if place.agenda is not None
        for token in place.agenda.tokens
    ]


OF_WORKER: Mapping[str, Callable[[Sequence[Place]], list[bytes]]] = {
    "encounter": _write_encounters,
    "day": _days,
    "open": _open_files,
    "briefs": _read_briefs,
}
"""By name the requests of whoever follows participants, or sits in a committee."""


def _http(method: bytes, path: str, token: str | None, body: bytes = b"") -> bytes:
    lines = [method + b" " + path.encode() + b" HTTP/1.1", b"host: localhost", b"accept-language: fr-CA,fr;q=0.9"]
    if token is not None:
        lines.append(b"authorization: Bearer " + token.encode())
    if body:
        lines += [b"content-type: application/json", b"content-length: " + str(len(body)).encode()]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


async def _load(port: int, sent: list[bytes], connections: int, seconds: float) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    turn = cycle(sent)
    until = started + seconds
    waiting = []
    made = []
    for _ in range(connections):
        done = loop.create_future()
        waiting.append(done)
        _, one = await loop.create_connection(partial(Connection, turn, until, done), "127.0.0.1", port)
        made.append(one)
    await asyncio.gather(*waiting)
    elapsed = time.perf_counter() - started
    statuses: dict[int, int] = {}
    for each in made:
        for status, number in each.statuses.items():
            statuses[status] = statuses.get(status, 0) + number
    taken = [round(t * 1000, 3) for each in made for t in each.taken]
    return {"elapsed": elapsed, "taken": taken, "statuses": statuses}


def main() -> None:
    """Serve orders: `{"ground": …, "port": …, "what": …, "places": …, "connections": …, "seconds": …}`."""
    prepared: dict[tuple[str, str, int], list[bytes]] = {}
    for line in sys.stdin:
        order = json.loads(line)
        key = (order["ground"], order["what"], order["places"])
        if key not in prepared:
            prepared[key] = requests(grounds.read(Path(order["ground"])), order["what"], order["places"])
        sent = prepared[key]
        print(json.dumps(asyncio.run(_load(order["port"], sent, order["connections"], order["seconds"]))), flush=True)


if __name__ == "__main__":
    main()
