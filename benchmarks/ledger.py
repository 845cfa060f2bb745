"""The cost of the ledger of consents: a list of 50 participants among many, against the same that asks no ledger.

Both are the product over one database; one of them is told whom to show (`benchmarks/without_ledger.py`), and both
answer the same. The reader has to do with 60 of them, who lie far apart.
"""

import asyncio
import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.request import Request, urlopen
from uuid import UUID

import asyncpg

from benchmarks.figures import Load, Slice
from benchmarks.ground import KEY, Ground, Place
from benchmarks.sameness import require_same
from benchmarks.serving import Server, serving
from spheres_core.consents.schemas import FIRST_DAY, FOREVER, LAST_DAY, TEAM
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.encryption import Keyring

PARTICIPANTS: Final = "participants"
CASELOAD: Final = 60
"""Participants of each worker: more than one page."""
MOST: Final = 1.5
"""How many times as long the list may take as without the ledger."""
_SINCE: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_ADD: Final = """
INSERT INTO participants (tenant_id, id, code, code_mark, dated_on)
SELECT $1, id, code, uuid_send(id), $2::timestamptz::date FROM unnest($3::uuid[], $4::bytea[]) AS new (id, code)
"""
_AGREE: Final = """
INSERT INTO consents (tenant_id, id, participant_id, kind, given_on, how, giver, authority, recorded_at, to_confirm,
  holder, regime, starts, ends)
SELECT $1, id, id, 'information', dated_on, 'spoken', 'herself', '', $2, false, '', '', $2, $3
FROM participants WHERE tenant_id = $1
"""
_STAND: Final = """
INSERT INTO standings (tenant_id, id, participant_id, kind, staff_id, recipient, classes, acts, purpose, starts, ends,
  opened_by_kind, opened_by_id)
SELECT $1, id, id, 'assignment', CASE WHEN id = ANY($4) THEN $5 ELSE md5((row_number() OVER () / $6)::text)::uuid END,
  $7, '{encounters,participation}', '{read,write}', 'follow_up', $2, $3, 'assignment', id
FROM participants WHERE tenant_id = $1
"""
_LINES: Final = """
INSERT INTO consent_entries (tenant_id, id, consent_id, participant_id, recipient, information, act, purpose, starts,
  ends, first_day, last_day, onward)
SELECT $1, gen_random_uuid(), id, id, $4, information, 'read', 'follow_up', $2, $3, $5, $6, false
FROM participants, unnest('{participation,encounters}'::text[]) AS line (information) WHERE tenant_id = $1
"""


def measure(laid: Ground, path: Path, plugins: Path, load: Load, *, participants: int, rounds: int) -> dict[str, Any]:
    """Requests per second without the ledger over those with it, medians of turns, and what both take."""
    listed = asyncio.run(_lay(laid, participants))
    turns: dict[str, list[Slice]] = {"with": [], "without": []}
    with (
        serving("product", laid.url, plugins, {}) as asking,
        serving("without_ledger", laid.url, plugins, {"BENCH_LISTED": " ".join(map(str, listed))}) as not_asking,
    ):
        require_same("participants", _listed(asking, laid.places[0]), _listed(not_asking, laid.places[0]))
        servers = {"with": asking, "without": not_asking}
        for server in servers.values():
            load(server, path, PARTICIPANTS, 1)
        for turn in range(rounds):
            for side in ("with", "without") if turn % 2 == 0 else ("without", "with"):
                turns[side].append(load(servers[side], path, PARTICIPANTS, 1))
    ratios = [less.rate / more.rate for more, less in zip(turns["with"], turns["without"], strict=True)]
    return {
        "participants": participants,
        "times_as_long": round(median(ratios), 2),
        "least": round(min(ratios), 2),
        "most": round(max(ratios), 2),
        **{f"{side}_p50_ms": round(median(median(each.taken) for each in turns[side]), 2) for side in turns},
        **{f"{side}_cpu_ms": round(median(each.cpu_ms for each in turns[side]), 2) for side in turns},
    }


def _listed(server: Server, place: Place) -> Any:
    """Returns the participants on the first page."""
    request = Request(f"http://127.0.0.1:{server.port}/t/{place.slug}/api/participants")
    request.add_header("authorization", f"Bearer {place.token}")
    with urlopen(request, timeout=60) as answer:
        return json.load(answer)["items"]


async def _lay(laid: Ground, participants: int) -> list[UUID]:
    """Adds participants to the first tenant, each with a worker of her own and a consent; 60 of them have the reader's
    token as theirs. Returns these."""
    connection: Any = await asyncpg.connect(laid.owner)
    tenant, wrapped = await connection.fetchrow(
        "SELECT id, wrapped FROM tenants JOIN tenant_keys ON tenant_id = id WHERE slug = $1", laid.places[0].slug
    )
    reader = await connection.fetchval("SELECT id FROM api_tokens WHERE tenant_id = $1 AND NOT acts_as_maker", tenant)
    ids = [uuid7() for _ in range(participants)]
    mine = ids[:: max(1, participants // CASELOAD)][:CASELOAD]
    keys = Keyring(KEY).unwrap(tenant, wrapped)
    codes = [keys.seal("participants", id, "code", "BENCH") for id in ids]
    await connection.execute(_ADD, tenant, _SINCE, ids, codes)
    await connection.execute(_AGREE, tenant, _SINCE, FOREVER)
    await connection.execute(_STAND, tenant, _SINCE, FOREVER, mine, reader, CASELOAD, TEAM)
    await connection.execute(_LINES, tenant, _SINCE, FOREVER, TEAM, FIRST_DAY, LAST_DAY)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    return mine


def show(found: Mapping[str, Any]) -> str:
    """The figures for a person."""
    return (
        f"\na list of 50 among {found['participants']} participants, against the same without the ledger"
        f" (allowed: {MOST} times):\n"
        f"  {found['times_as_long']:.2f} times as long ({found['least']:.2f}–{found['most']:.2f});"
        f" {found['with_p50_ms']:.2f} ms for {found['without_p50_ms']:.2f},"
        f" processor {found['with_cpu_ms']:.2f} ms for {found['without_cpu_ms']:.2f}"
    )
