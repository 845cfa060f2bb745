"""Runs random histories at length: `python -m tests.journeys.histories --histories 10000 --seed 1`.

After each history a share of all outputs is read, so that many histories are told apart in the time that there is.
Histories come in blocks with a region of their own. `--first` goes on at a block, so that one that leaked is repeated
alone, and a run that was ended goes on: block number N of a seed and a share is always the same.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from argon2 import PasswordHasher

from spheres_core.foundation import deployment
from spheres_core.foundation.database import transactions
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.staff import password_hashing
from spheres_core.testing import World, migrated_database, shared_cluster, world_maker
from tests.databases_folder import databases_folder
from tests.journeys.histories.reading import BLOCK, Total, run_block

ROOT = Path(__file__).parents[3]


@contextlib.contextmanager
def whole_world() -> Iterator[World]:
    """Yields a world with every plugin, a vault of its own and no hurry."""
    password_hashing._HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    transactions.REQUESTS = transactions.Deadlines(begin=3600.0, statement=3600.0, idle=3600.0)
    with tempfile.TemporaryDirectory() as home, shared_cluster(databases_folder() / "18") as cluster:
        os.environ[deployment.HOME] = home
        os.environ[deployment.VAULT_KEY_FILE] = f"{home}/vault-key.json"
        Keyring.load(Path(home, "vault-key.json"), create=True)
        machine = discover([ROOT / "plugins"])
        with world_maker(cluster, machine, migrated_database(cluster, machine)) as make:
            yield make()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--histories", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--first", type=int, default=0, help="the first block")
    asked.add_argument("--share", type=float, default=0.1, help="of all outputs, drawn anew for each history")
    given = asked.parse_args()
    with whole_world() as world:
        _run(world, given.histories, given.seed, given.first, given.share)


def _run(world: World, histories: int, seed: int, first: int, share: float) -> None:
    total, told = Total(), 0
    for block in range(first, first + -(-histories // BLOCK)):
        run_block(world, seed, block, BLOCK, total, share)
        print(f"block {block}: {total.line()}", flush=True)
        print(*total.leaked[told:], sep="\n", end="", flush=True)
        told = len(total.leaked)
    print("fields shown:", *sorted(map(".".join, total.shown)))
    if share == 1:
        print("may be read, and not found:", dict(total.missing))
    raise SystemExit(bool(total.leaked))


if __name__ == "__main__":
    main()
