"""Databases for tests: an embedded PostgreSQL that is kept between runs, and databases on it that come and go."""

import contextlib
import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from spheres_core.foundation.postgres.cluster import SERVERS_OWN, Cluster
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


TEMPLATES: Final = "migrated_"
"""Prefix of the names of databases that are kept to copy from (`migrated_templates`)."""
MOST_TEMPLATES: Final = 24
"""How many are kept between runs, of 12 MB each."""


class SharedCluster(Cluster):
    """A cluster that keeps one connection to make and drop databases over: a run of tests does so hundreds of times."""

    def __init__(self, home: Path, bin_dir: Path | None = None) -> None:
        super().__init__(home, bin_dir, settings=FAST)
        self._one_at_a_time = threading.RLock()
        self._kept = contextlib.ExitStack()
        self._connection: psycopg.Connection | None = None

    @contextlib.contextmanager
    def superuser(self, database: str = SERVERS_OWN) -> Iterator[psycopg.Connection]:
        if database != SERVERS_OWN:
            with super().superuser(database) as connection:
                yield connection
            return
        with self._one_at_a_time:
            if self._connection is None or self._connection.closed:
                self._connection = self._kept.enter_context(super().superuser(database))
            yield self._connection

    def close(self) -> None:
        """Closes that connection; the server goes on."""
        with self._one_at_a_time:
            self._kept.close()


@contextlib.contextmanager
def shared_cluster(home: Path, bin_dir: Path | None = None) -> Iterator[Cluster]:
    """Yields a running cluster for as long as this run needs it; kept between runs, shared by runs at the same time."""
    home.mkdir(parents=True, exist_ok=True)
    (home.parent / ".gitignore").write_text("*\n")
    with open(home / "users.lock", "w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster = SharedCluster(home, bin_dir)
        with contextlib.closing(cluster):
            cluster.start()
            _drop_orphans(cluster)
            yield cluster
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for name in old_templates(cluster):
                    drop_template(cluster, name)
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


def old_templates(cluster: Cluster, most: int = MOST_TEMPLATES) -> list[str]:
    """Returns the templates that are one too many to keep: all but those that were asked for last."""
    with cluster.superuser() as db:
        found = db.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) "
            "ORDER BY shobj_description(oid, 'pg_database') DESC NULLS LAST, oid DESC OFFSET %s",
            [TEMPLATES, most],
        ).fetchall()
    return [name for (name,) in found]


def drop_template(cluster: Cluster, name: str) -> None:
    """Drops a template. Whoever is about to copy from it fails, so that only its last user may do this."""
    with cluster.superuser() as db:
        db.execute(sql.SQL("ALTER DATABASE {} WITH IS_TEMPLATE false").format(sql.Identifier(name)))
    cluster.drop_database(name)
