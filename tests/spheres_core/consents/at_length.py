"""The promises of consents at full length, for which the suite has no time. Not collected by itself:

python -m pytest -q -s tests/spheres_core/consents/at_length.py
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import psycopg
import pytest
from msgspec import structs
from sqlalchemy import Integer, bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.reader import read_as_system, read_for
from spheres_core.consents.schemas import ACTS
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.foundation.tenancy.pagination import LATEST
from spheres_core.participants.models import ParticipantRow
from spheres_core.participants.queries.participants import list_participants
from spheres_core.testing import World, database_maker
from tests.spheres_core.consents.acts import LINE, PIVOT, add, assign, do, give, given
from tests.spheres_core.consents.races import race
from tests.spheres_core.consents.worlds import CLASSES_USED, TENANTS
from tests.spheres_core.consents.worlds_database import TEAM_TABLE, Worlds, ask

WORLDS: Final = 100_000
AT_ONCE: Final = 2_000
"""Worlds of each tenant that stand in the database together."""
RACES: Final = 1_000
MOST: Final = 1.5
"""How many times as long a list of 50 may take as the same without the ledger."""


@pytest.fixture(scope="module")
def worlds(cluster: Cluster, migrated: str) -> Iterator[Worlds]:
    with database_maker(cluster) as make_database:
        urls = make_database("worlds", template=migrated)
        made = Worlds(urls, random.Random())
        made.fill(1)
        yield made
        made.close()


def test_the_rule_the_condition_and_the_policies_decide_alike_in_100_000_worlds(worlds: Worlds) -> None:
    seen = 0
    while seen < WORLDS:
        worlds.refill(AT_ONCE)
        for act in ACTS:
            asked, now = ask(worlds, act)
            expected = worlds.decided(asked, now)
            assert worlds.by_condition(asked, now) == expected, (asked, now)
            of_team = worlds.decided(asked, now, team_only=True)
            assert worlds.by_condition(asked, now, team_only=True) == of_team, (asked, now)
            for named in CLASSES_USED:
                for team_only, decided in ((False, expected), (True, of_team)):
                    found = worlds.by_condition(asked, now, team_only=team_only, information=named)
                    assert found == worlds.of_class(decided, named), (asked, now, named, team_only)
            assert worlds.differences_of_one(asked, now, expected, participants=20) == [], (asked, now)
            assert worlds.differences_of_one(asked, now, of_team, participants=20, team_only=True) == [], (asked, now)
            if act == "read":
                assert worlds.by_policy(asked, now) == expected, (asked, now)
                assert worlds.by_policy(asked, now, table=TEAM_TABLE) == of_team, (asked, now)
        seen += AT_ONCE * len(TENANTS)
        print(f"{seen} worlds, no difference", flush=True)


def test_in_1000_races_nothing_is_read_after_a_withdrawal_was_committed(world: World) -> None:
    reads = [race(world) for _ in range(RACES)]
    print(f"{RACES} races: {sum(reads)} readings before a withdrawal, none after it")


def test_what_deciding_costs_a_list_of_50(world: World) -> None:
    for _ in range(60):
        her = do(world, add)
        do(world, lambda ctx, her=her: assign(ctx, her.id))
        give(world, her.id, given(LINE))
    with psycopg.connect(world.urls.needed("owner")) as db:  # as PostgreSQL does by itself within minutes
        db.execute("ANALYZE participants, standings, consent_entries, exclusions")
    participants = table(ParticipantRow)
    plain = prepare(
        select(participants.c.id, participants.c.code)
        .where(scoped(participants))
        .order_by(participants.c.id.desc())
        .limit(bindparam("limit", type_=Integer()))
    )

    async def without(ctx: Context) -> int:
        await read_as_system(ctx)
        rows = await ctx.db.all(plain, limit=50)
        codes = [ctx.keys.open("participants", row[0], "code", row[1]) for row in rows]
        await audit.record(ctx, "participants.listed", shown=[row[0] for row in rows])
        return len(codes)

    async def with_it(ctx: Context) -> int:
        mine = structs.replace(ctx, actor=Actor("staff", PIVOT))
        reader = await read_for(mine, "follow_up")
        return len(await list_participants(mine, reader, before=LATEST, limit=50))

    def measured(act: Callable[[Context], Awaitable[int]]) -> float:
        taken = []
        for _ in range(300):
            start = time.perf_counter()
            assert do(world, act) == 50
            taken.append(time.perf_counter() - start)
        return statistics.median(taken) * 1000

    for _ in range(2):
        base, full = measured(without), measured(with_it)
    print(f"list of 50: {base:.2f} ms without the ledger, {full:.2f} ms with it: {full / base:.2f} times")
    assert full / base <= MOST
