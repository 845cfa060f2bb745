"""The promises of consents at full length, for which the suite has no time. Not collected by itself:

python -m pytest -q -s tests/spheres_core/consents/at_length.py
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

import pytest

from spheres_core.consents.schemas import ACTS
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.testing import World, database_maker
from tests.spheres_core.consents.races import race
from tests.spheres_core.consents.worlds import CLASSES_USED, TENANTS
from tests.spheres_core.consents.worlds_database import TEAM_TABLE, Worlds, ask

WORLDS: Final = 100_000
AT_ONCE: Final = 2_000
"""Worlds of each tenant that stand in the database together."""
RACES: Final = 1_000


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
