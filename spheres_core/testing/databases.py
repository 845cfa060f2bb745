"""Databases for tests: an embedded PostgreSQL that is kept between runs, and databases on it that come and go."""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.server_record import Urls

MakeDatabase = Callable[..., Urls]

FAST: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "log_min_error_statement": "error",
}
"""Server settings for tests: nothing in a test database has to survive a power cut."""


@contextlib.contextmanager
def shared_cluster(home: Path, bin_dir: Path | None = None) -> Iterator[Cluster]:
    """Yields a running cluster for as long as this run needs it; kept between runs, shared by runs at the same time."""
    home.mkdir(parents=True, exist_ok=True)
    (home.parent / ".gitignore").write_text("*\n")
    with open(home / "users.lock", "w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster = Cluster(home, bin_dir, settings=FAST)
        cluster.start()
        _drop_orphans(cluster)
        yield cluster
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            cluster.stop()


@contextlib.contextmanager
def database_maker(cluster: Cluster) -> Iterator[MakeDatabase]:
    """Yields a function that makes databases (`name`, `template=` a full name); drops them at the end."""
    made: list[str] = []

    def make(name: str = "test", *, template: str | None = None) -> Urls:
        full = f"t{os.getpid()}_{next(_COUNTER)}_{name}"[:63]
        made.append(full)
        return cluster.create_database(full, template=template)

    try:
        yield make
    finally:
        for full in made:
            cluster.drop_database(full)


def _count() -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1


_COUNTER = _count()


def _drop_orphans(cluster: Cluster) -> None:
    """Drops the databases of test runs that were killed."""
    for name in cluster.databases():
        pid = name.partition("_")[0].removeprefix("t")
        if name.startswith("t") and pid.isdigit() and not Path(f"/proc/{pid}").exists():
            cluster.drop_database(name)
