"""Real PostgreSQL for the tests: one cluster a version, kept between runs, stopped by the last run that leaves.

Several test runs may share the clusters; each database carries the process it belongs to in its name.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from spheres_core.foundation.postgres import Cluster, Urls

ROOT: Final = Path(__file__).parent.parent
CLUSTERS: Final = ROOT / ".spheres-test"
SYSTEM_15: Final = Path("/usr/lib/postgresql/15/bin")
FAST: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "log_min_error_statement": "error",
}

MakeDatabase = Callable[..., Urls]


@contextlib.contextmanager
def shared_cluster(version: str, bin_dir: Path | None) -> Iterator[Cluster]:
    """A running cluster for as long as this run needs it."""
    home = CLUSTERS / version
    home.mkdir(parents=True, exist_ok=True)
    (CLUSTERS / ".gitignore").write_text("*\n")
    with open(home / "users.lock", "w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster = Cluster(home, bin_dir, settings=FAST)
        cluster.start()
        _drop_orphans(cluster)
        yield cluster
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            cluster.stop()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The embedded PostgreSQL 18."""
    with shared_cluster("18", None) as running:
        yield running


@pytest.fixture(scope="session")
def cluster_15() -> Iterator[Cluster]:
    """The system's PostgreSQL 15, the oldest we promise; skipped where it is not installed."""
    if not SYSTEM_15.is_dir():
        pytest.skip("PostgreSQL 15 is not installed here")
    with shared_cluster("15", SYSTEM_15) as running:
        yield running


@pytest.fixture(params=["18", "15"])
def each_cluster(request: pytest.FixtureRequest) -> Cluster:
    """For tests that must hold on both: runs them on the embedded 18 and on the system's 15."""
    name = "cluster" if request.param == "18" else "cluster_15"
    found: Cluster = request.getfixturevalue(name)
    return found


def database_maker(cluster: Cluster) -> Iterator[MakeDatabase]:
    """A function that makes databases (`name`, `template=` a full name) and drops them at the end."""
    made: list[str] = []

    def make(name: str = "test", *, template: str | None = None) -> Urls:
        full = f"t{os.getpid()}_{len(made)}_{name}"[:63]
        made.append(full)
        return cluster.create_database(full, template=template)

    yield make
    for full in made:
        cluster.drop_database(full)


@pytest.fixture
def fresh_database(cluster: Cluster) -> Iterator[MakeDatabase]:
    """`fresh_database("name")`: the addresses of an empty database of this test's own, on the embedded 18."""
    yield from database_maker(cluster)


@pytest.fixture
def fresh_database_each(each_cluster: Cluster) -> Iterator[MakeDatabase]:
    """The same on each PostgreSQL version: the test runs once on 18 and once on 15."""
    yield from database_maker(each_cluster)


def _drop_orphans(cluster: Cluster) -> None:
    """Drop the databases of test runs that were killed."""
    for name in cluster.databases():
        pid = name.partition("_")[0].removeprefix("t")
        if name.startswith("t") and pid.isdigit() and not Path(f"/proc/{pid}").exists():
            cluster.drop_database(name)
