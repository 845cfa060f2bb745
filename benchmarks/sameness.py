"""Before anything is measured: product and floor give the same answers and write the same rows, or it means nothing."""

import asyncio
import http.client
import json
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from benchmarks.client import ENCOUNTER
from benchmarks.ground import KEY, Ground, answers_about
from benchmarks.serving import Server
from spheres_core.foundation.encryption import Keyring, TenantKeys

Answer = tuple[int, dict[str, str], Any]
COUNTED = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
POSTS = "public_post_counts"
"""Whoever comes second counts in the rows of the first: what is compared is how many posts were counted."""
FRESH = {
    "id",
    "at",
    "received_at",
    "receipt_mark",
    "answers",
    "summary",
    "subject_id",
    "scheduled_at",
    "entry",
    "abort_requested",
    "written_at",
    "words",
}
"""Columns that differ between any two requests; what they hold is compared where it can be."""


FRESH_IN_ANSWERS = {"receipt", "id", "written_at", "last_looked_at"}
"""Fields of answers that differ between any two requests; how long they are is compared."""


class NotTheSame(AssertionError):
    """Product and floor do not do the same work."""


def check(ground: Ground, product: Server, floor: Server) -> None:
    """Raise `NotTheSame` unless both do the same."""
    asyncio.run(_check(ground, product, floor))


async def _check(ground: Ground, product: Server, floor: Server) -> None:
    place = ground.places[0]
    one = f"/t/{place.slug}/api/referrals/{place.referrals[7]}"
    token = {"authorization": f"Bearer {place.token}"}
    posted = answers_about(ground.answers, 1234)
    worker = {"authorization": f"Bearer {place.caseload.token}", "accept-language": "fr"}
    files = f"/t/{place.slug}/api/participants"
    opened = f"{files}/{place.caseload.long_file}/timeline"
    asked: list[tuple[str, str, Mapping[str, str], bytes]] = [
        ("GET", f"/t/{place.slug}/api/referrals", token, b""),
        ("GET", one, {**token, "accept-language": "fr-CA,fr;q=0.9"}, b""),
        ("GET", one, {**token, "accept-language": "en"}, b""),
        ("POST", f"/t/{place.slug}/api/referrals", {"content-type": "application/json"}, posted),
        ("GET", f"/t/{place.slug}/api/my-day", worker, b""),
        ("GET", opened, worker, b""),
        ("GET", opened, {**worker, "accept-language": "en"}, b""),
        ("POST", f"{files}/{place.caseload.files[0]}/encounters", {**worker, "content-type": "application/json"},
         ENCOUNTER),
    ]  # fmt: skip
    _ask(product, "GET", opened, worker, b"")  # from now on each reading knows of one before it
    await _require_all_same(ground, product, floor, asked)
    refused: tuple[tuple[str, Mapping[str, str]], ...] = (
        (f"/t/{place.slug}/api/referrals", {}),
        ("/t/nowhere/api/referrals", token),
        (f"{files}/ACDE-FHJK-NPRT/timeline", worker),
        (f"/t/{place.slug}/api/my-day", {}),
    )
    _require_refusals_same(product, floor, refused)


def check_briefs(ground: Ground, product: Server, floor: Server) -> None:
    """Raise `NotTheSame` unless both give the members of a meeting the same briefs and note the same reading."""
    asyncio.run(_check_briefs(ground, product, floor))


async def _check_briefs(ground: Ground, product: Server, floor: Server) -> None:
    place = ground.places[0]
    assert place.agenda is not None
    path = f"/t/{place.slug}/api/meetings/{place.agenda.meeting}/brief"
    members = [
        {"authorization": f"Bearer {token}", "accept-language": language}
        for token, language in zip(place.agenda.tokens, cycle(("fr", "en")), strict=False)
    ]
    for member in members:
        _ask(product, "GET", path, member, b"")  # what a brief first shows an organization has left from then on
    await _require_all_same(ground, product, floor, [("GET", path, member, b"") for member in members])
    elsewhere = f"/t/{place.slug}/api/meetings/{UUID(int=0)}/brief"
    _require_refusals_same(product, floor, ((path, {}), (elsewhere, members[0])))


def _require_refusals_same(product: Server, floor: Server, refused: Sequence[tuple[str, Mapping[str, str]]]) -> None:
    for path, headers in refused:
        statuses = [_ask(server, "GET", path, headers, b"")[0] for server in (product, floor)]
        require_same(f"refusal of {path}", *statuses)


async def _require_all_same(
    ground: Ground, product: Server, floor: Server, asked: Sequence[tuple[str, str, Mapping[str, str], bytes]]
) -> None:
    connection = await asyncpg.connect(ground.owner)
    try:
        for method, path, headers, body in asked:
            answers, written = [], []
            for server in (product, floor):
                before = await _counts(connection)
                answers.append(_ask(server, method, path, headers, body))
                after = await _counts(connection)
                grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
                written.append(await _newest(connection, grown))
            what = f"{method} {path}"
            require_same(f"{what}: answer", *map(_comparable, answers))
            require_same(f"{what}: rows", *written)
    finally:
        await connection.close()


def _ask(server: Server, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(method, path, body or None, dict(headers))
    answer = connection.getresponse()
    read = answer.read()
    connection.close()
    kept = {k.lower(): v for k, v in answer.getheaders() if k.lower() != "date"}
    return answer.status, kept, json.loads(read)


def _comparable(answer: Answer) -> Any:
    status, headers, body = answer
    if isinstance(body, dict):
        body = {key: len(value) if key in FRESH_IN_ANSWERS and value else value for key, value in body.items()}
    return status, headers, json.dumps(body)


async def _counts(connection: asyncpg.Connection) -> dict[str, int]:
    names = [row[0] for row in await connection.fetch(COUNTED)]
    counted = [f'(SELECT count(*) FROM "{name}")' for name in names if name != POSTS]
    (found,) = await connection.fetch(f"SELECT {', '.join(counted)}, (SELECT coalesce(sum(posts), 0) FROM {POSTS})")
    return dict(zip([*(name for name in names if name != POSTS), POSTS], map(int, found.values()), strict=True))


async def _newest(connection: asyncpg.Connection, grown: Mapping[str, int]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name, number in grown.items():
        if name == POSTS:
            found[name] = [number]
            continue
        order = "referral_id" if name == "referral_marks" else "id"
        rows = await connection.fetch(f'SELECT * FROM "{name}" ORDER BY {order} DESC LIMIT {number}')
        found[name] = [await _told(connection, name, dict(row)) for row in rows]
    return found


async def _told(connection: asyncpg.Connection, name: str, row: dict[str, Any]) -> dict[str, Any]:
    if name == "encounter_texts":
        keys = await _keys_of(connection, row["tenant_id"])
        row["opened"] = keys.open("encounter_texts", row["id"], "words", row["words"])
    if name == "trail_entries" and row["details"]:
        row["details"] = {k: "fresh" if k == "encounter" else v for k, v in json.loads(row["details"]).items()}
    if name == "referrals":
        keys = await _keys_of(connection, row["tenant_id"])
        row["opened"] = msgspec.json.decode(keys.open("referrals", row["id"], "answers", row["answers"]))
        row["said"] = msgspec.json.decode(keys.open("referrals", row["id"], "summary", row["summary"]))
        row["mark length"] = len(row["receipt_mark"])
    if name == "procrastinate_jobs":
        row["args"] = sorted(json.loads(row["args"]))
    return {column: "fresh" if _is_fresh(column) else _plain(value) for column, value in row.items()}


async def _keys_of(connection: asyncpg.Connection, tenant: UUID) -> TenantKeys:
    wrapped = await connection.fetchval("SELECT wrapped FROM tenant_keys WHERE tenant_id = $1", tenant)
    return Keyring(KEY).unwrap(tenant, wrapped)


def _is_fresh(column: str) -> bool:
    return column in FRESH or (column.endswith("_id") and column != "tenant_id")


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) and all(isinstance(each, UUID) for each in value) else value


def require_same(what: str, product: Any, floor: Any) -> None:
    """Raise `NotTheSame`, with both sides, unless they are equal."""
    if product != floor:
        raise NotTheSame(f"{what}\nproduct: {product}\nfloor:   {floor}")
